import { createHash, createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Authority,
  type Certificate,
  fingerprintOf,
  firstOf,
  fromPem,
  issueRoot,
  issueZone,
  keyDigestOf,
  keySigner,
  type Moment,
  parseCertificate,
  parseRequest,
  type Signer,
  signerOf,
  toPem,
  type ZoneScope,
} from '@wardline/pki';
import { Decrypter, Encrypter } from 'age-encryption';
import { CommandError, exitCodes } from '../exit-codes.ts';

/** Where the root's key lies: encrypted in a file beside the certificate, or in a security module that it never leaves. */
export type RootKey = { passphrase: string; workFactor?: number } | { module: string };

const CERTIFICATE = 'root.pem';
const KEY = 'root.key.age';
const MODULE = 'root.key.pkcs11';
export const RECORD = 'record.jsonl';
/** scrypt (RFC 7914) with 2^18: a second for whoever knows the passphrase, and as much for each guess. */
const WORK_FACTOR = 18;
const PASSPHRASE_CHARACTERS = 16;
const ORGANIZATION = '2.5.4.10';

/** Makes a root in a folder that is not there yet. @returns its certificate */
export async function makeRoot(
  folder: string,
  { organization, years, key }: { organization: string; years: number; key: RootKey },
  moment: Moment,
): Promise<Certificate> {
  if (existsSync(join(folder, CERTIFICATE)))
    throw new CommandError(`${folder} holds a root already; one is never overwritten`, exitCodes.failed);
  const { signer, kept } = await newKey(key);
  const certificate = parsed(await issueRoot(signer, organization, years, moment));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, kept.name), kept.content, { mode: 0o600, flag: 'wx' });
  writeFileSync(join(folder, CERTIFICATE), toPem('CERTIFICATE', certificate.der), {
    mode: 0o644,
    flag: 'wx',
  });
  record(folder, {
    at: moment.at,
    what: 'root',
    organization,
    fingerprint: fingerprintOf(certificate),
    key: kept.name,
  });
  return certificate;
}

async function newKey(
  key: RootKey,
): Promise<{ signer: Signer; kept: { name: string; content: string | Uint8Array } }> {
  if ('module' in key)
    return { signer: await moduleSigner(key.module), kept: { name: MODULE, content: `${key.module}\n` } };
  if (key.passphrase.length < PASSPHRASE_CHARACTERS)
    throw new CommandError(
      `a passphrase of at least ${PASSPHRASE_CHARACTERS} characters is needed`,
      exitCodes.failed,
    );
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
  const encrypter = new Encrypter();
  encrypter.setPassphrase(key.passphrase);
  encrypter.setScryptWorkFactor(key.workFactor ?? WORK_FACTOR);
  const content = await encrypter.encrypt(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
  return { signer: keySigner(privateKey), kept: { name: KEY, content } };
}

/** The root of a folder, ready to sign. `passphrase` is not asked of a key in a module. */
export async function openRoot(folder: string, passphrase: string | null): Promise<Authority> {
  const certificate = parsed(onePem(read(join(folder, CERTIFICATE)), 'CERTIFICATE', CERTIFICATE));
  const signer = existsSync(join(folder, MODULE))
    ? await moduleSigner(read(join(folder, MODULE)).trim())
    : await fileSigner(join(folder, KEY), passphrase);
  if (keyDigestOf(signer.publicKey.spki) !== keyDigestOf(certificate.publicKey.spki))
    throw new CommandError('the key is not the one of the root’s certificate', exitCodes.failed);
  return { certificate, signer };
}

async function fileSigner(path: string, passphrase: string | null): Promise<Signer> {
  if (passphrase === null) throw new CommandError('name --passphrase-file: the root’s key is encrypted');
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    return keySigner(createPrivateKey(await decrypter.decrypt(readFileSync(path), 'text')));
  } catch {
    throw new CommandError(`${path} cannot be opened with this passphrase`, exitCodes.failed);
  }
}

/** A key in a security module (RFC 7512): digests are made here, signatures there. */
async function moduleSigner(uri: string): Promise<Signer> {
  const { modulePublicKey, moduleSignature, parsePkcs11Uri } = await import('@wardline/server');
  try {
    const key = parsePkcs11Uri(uri);
    const spki = await modulePublicKey(key);
    return signerOf(spki, (bytes, hash) => moduleSignature(key, createHash(hash!).update(bytes).digest()));
  } catch (error) {
    throw new CommandError((error as Error).message, exitCodes.failed);
  }
}

/** Signs a zone's authority, bound to what the zone may speak for, and writes it into the record of the folder. */
export async function signZone(
  folder: string,
  root: Authority,
  request: string,
  { days, lists, ...of }: Omit<ZoneScope, 'organization'> & { days: number; lists: string | null },
  moment: Moment,
): Promise<Certificate> {
  const organization = firstOf(root.certificate.subject, ORGANIZATION) ?? '';
  const asked = parseRequest(onePem(request, 'CERTIFICATE REQUEST', 'the request'));
  if (!asked.ok) throw new CommandError(`the request: ${asked.refused.message}`, exitCodes.failed);
  const scope = { organization, ...of };
  const list = lists === null ? null : `${lists}/pki/roots/${fingerprintOf(root.certificate)}.crl`;
  const order = { key: asked.value.publicKey, scope, days, list };
  const certificate = parsed(await issueZone(root, order, moment));
  const { serial, publicKey } = certificate;
  record(folder, {
    at: moment.at,
    what: 'zone',
    ...scope,
    serial,
    key: keyDigestOf(publicKey.spki),
    until: certificate.notAfter,
  });
  return certificate;
}

/** What was signed, one line each, for the minutes of the ceremony. */
export function record(folder: string, { at, ...line }: { at: number } & Record<string, unknown>): void {
  const text = JSON.stringify({ at: new Date(at / 1000).toISOString(), ...line });
  appendFileSync(join(folder, RECORD), `${text}\n`, { mode: 0o600 });
}

export const nowMoment = (): Moment => ({ at: Date.now() * 1000, random: randomBytes(16) });

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new CommandError(`${path} cannot be read`, exitCodes.failed);
  }
}

function onePem(text: string, label: string, what: string): Uint8Array {
  const blocks = fromPem(text, label);
  if (blocks.length !== 1)
    throw new CommandError(`${what} has to hold one ${label.toLowerCase()} (PEM)`, exitCodes.failed);
  return blocks[0]!;
}

function parsed(der: Uint8Array): Certificate {
  const outcome = parseCertificate(der);
  if (!outcome.ok) throw new CommandError(outcome.refused.message, exitCodes.failed);
  return outcome.value;
}
