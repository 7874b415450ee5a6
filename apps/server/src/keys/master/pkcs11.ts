import { spawn } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
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
  const mac = await signed(key, ['--sign', '--mechanism', 'SHA256-HMAC'], message);
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

/**
 * A signature by the module's private key on a curve over a digest that was made here (CKM_ECDSA, PKCS #11 v2.40 §2.3.6), as
 * certificates hold it. @throws KeysError with the module's own words
 */
export const moduleSignature = (key: ModuleKey, digest: Uint8Array): Promise<Buffer> =>
  signed(key, ['--sign', '--mechanism', 'ECDSA', '--signature-format', 'openssl'], digest);

const curves: Readonly<Record<string, { crv: string; bytes: number }>> = {
  '06082a8648ce3d030107': { crv: 'P-256', bytes: 32 },
  '06052b81040022': { crv: 'P-384', bytes: 48 },
};

/** SubjectPublicKeyInfo of the module's key on P-256 or P-384. @throws KeysError */
export async function modulePublicKey(key: ModuleKey): Promise<Buffer> {
  // Reading it as an object fails in OpenSC 0.23 for keys on curves; its listing tells the point.
  const listed = (await signed(key, ['--list-objects', '--type', 'pubkey'], new Uint8Array())).toString(
    'utf8',
  );
  const [, point = ''] = /EC_POINT:\s+([0-9a-f]+)/.exec(listed) ?? [];
  const [, parameters = ''] = /EC_PARAMS:\s+([0-9a-f]+)/.exec(listed) ?? [];
  const curve = curves[parameters];
  const at = curve === undefined ? -1 : point.length - 4 * curve.bytes;
  if (curve === undefined || point.slice(at - 2, at) !== '04')
    throw new KeysError('module', `The module shows no public key ${key.id} on P-256 or P-384`);
  const [x, y] = [point.slice(at, at + 2 * curve.bytes), point.slice(at + 2 * curve.bytes)].map((part) =>
    Buffer.from(part, 'hex').toString('base64url'),
  ) as [string, string];
  const jwk = { kty: 'EC', crv: curve.crv, x, y };
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'der' });
}

function signed(key: ModuleKey, how: string[], message: Uint8Array): Promise<Buffer> {
  const pin = pinFrom(key.pinFile);
  const where = ['--module', key.modulePath, '--token-label', key.token, '--id', key.id];
  const args = [...where, '--login', '--pin', 'env:WARDLINE_PIN', ...how];
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
