import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { KeysError } from '../keys-error.ts';
import { MODULE_MILLISECONDS } from '../limits.ts';

/** A secret key in a security module (RFC 7512): it never leaves the module. */
export interface ModuleKey {
  token: string;
  /** CKA_ID in hexadecimal. */
  id: string;
  modulePath: string;
  pinFile: string;
}

const form = 'pkcs11:token=NAME;id=%01?module-path=/usr/lib/…/module.so&pin-source=file:/etc/…/pin';

/** @throws KeysError that says what is missing */
export function parsePkcs11Uri(text: string): ModuleKey {
  const [path = '', query = ''] = text.trim().slice('pkcs11:'.length).split('?');
  const about = new Map([...pairsOf(path, ';'), ...pairsOf(query, '&')]);
  const need = (name: string, shape = /./s): string => {
    const value = about.get(name)?.toString('utf8') ?? '';
    if (!shape.test(value))
      throw new KeysError('module', `The address of the module's key lacks ${name}; expected ${form}`);
    return value;
  };
  const pin = need('pin-source', /^file:(\/\/)?\//).replace(/^file:(\/\/(?=\/))?/, '');
  need('id');
  const id = about.get('id')!.toString('hex');
  return { token: need('token'), id, modulePath: need('module-path', /^\//), pinFile: pin };
}

function pairsOf(text: string, between: string): [string, Buffer][] {
  return text
    .split(between)
    .filter((pair) => pair.includes('='))
    .map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), percentDecoded(pair.slice(at + 1))];
    });
}

/** RFC 7512 §2.3: an id is bytes, not text. */
function percentDecoded(text: string): Buffer {
  return Buffer.concat(
    text
      .split(/(%[0-9a-f]{2})/i)
      .map((part) =>
        /^%[0-9a-f]{2}$/i.test(part) ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part, 'utf8'),
      ),
  );
}

/**
 * HMAC-SHA-256 of `message` by the module's key (CKM_SHA256_HMAC, PKCS #11 v2.40 §2.21). The module is loaded by OpenSC's pkcs11-tool,
 * a process of its own, so that a fault in a vendor's library ends that process and not the server.
 * @throws KeysError with the module's own words
 */
export async function moduleHmac(key: ModuleKey, message: Uint8Array): Promise<Buffer> {
  const pin = pinFrom(key.pinFile);
  const where = ['--module', key.modulePath, '--token-label', key.token, '--id', key.id];
  const how = ['--login', '--pin', 'env:WARDLINE_PIN', '--sign', '--mechanism', 'SHA256-HMAC'];
  const mac = await signed([...where, ...how], pin, message);
  if (mac.length !== 32)
    throw new KeysError('module', `The module's key made ${mac.length} bytes instead of 32`);
  return mac;
}

function pinFrom(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new KeysError('module', `The module's PIN cannot be read from ${file}`, { cause });
  }
}

function signed(args: string[], pin: string, message: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const env = { ...vendorsEnvironment(), WARDLINE_PIN: pin };
    const child = spawn('pkcs11-tool', args, { env, timeout: MODULE_MILLISECONDS, stdio: 'pipe' });
    const out: Buffer[] = [];
    let said = '';
    child.stdout.on('data', (piece: Buffer) => out.push(piece));
    child.stderr.on('data', (piece: Buffer) => {
      said = (said + piece.toString()).slice(-2000);
    });
    const fail = (why: string, cause?: unknown) => reject(new KeysError('module', why, { cause }));
    child.on('error', (error) => fail('pkcs11-tool cannot be run; install OpenSC (package opensc)', error));
    child.on('close', (code) => (code === 0 ? resolve(Buffer.concat(out)) : fail(refusal(said))));
    child.stdin.on('error', () => {});
    child.stdin.end(message);
  });
}

/** Vendors' libraries are configured by variables of their own; none of the server's is theirs to see. */
function vendorsEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env);
  return Object.fromEntries(entries.filter(([name]) => !/^(WARDLINE_|DATABASE_URL$|PG)/.test(name)));
}

/** The line of the tool that says why, without its warnings. */
function refusal(said: string): string {
  const line = said.split('\n').find((text) => /^error:|No slot|failed to load/i.test(text.trim()));
  return `The security module does not give its key: ${line?.trim() ?? 'it did not say why'}`;
}
