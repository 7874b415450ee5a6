import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { redactionKeyResponse } from '@wardline/model';
import { RefusedError, type ServerAccess, sendJson } from '../api/client.ts';
import { explainSystemError } from '../assessment/captures.ts';
import { CommandError } from '../exit-codes.ts';

const KEY_BYTES = 32;
const LEAST_BYTES = 16;

/**
 * The key of the hashes that stand for secrets and patient data: one per site, so that an interrupted run goes on with
 * the same and equal values stay equal. It is made when it is first needed, readable by its owner alone, in the form of
 * the server's own (base64url), so that sensors on its machine share it.
 */
export async function siteKey(path: string): Promise<Uint8Array> {
  const known = await readFile(path).catch(() => null);
  if (known) return decodeKey(known, path);
  await mkdir(dirname(path), { recursive: true });
  // Written aside and linked: of two sensors that start at once, both get the key of the first.
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, randomBytes(KEY_BYTES).toString('base64url'), { mode: 0o600, flush: true });
  await link(draft, path).catch(() => {});
  await unlink(draft);
  return decodeKey(await readFile(path), path);
}

/**
 * The key of a server's data folder on this machine: its file, where one lies there, else what the server tells, which keeps it sealed.
 * A folder without a server gets a key of its own.
 */
export async function folderKey(folder: string, access: ServerAccess): Promise<Uint8Array> {
  const file = join(folder, 'redaction-key');
  if (existsSync(file) || !existsSync(join(folder, 'server.json'))) return siteKey(file);
  return Buffer.from((await serverKey(access)).key, 'base64url');
}

/**
 * The same for a sensor that must start while its server is away: what the server tells is kept in the spool's folder, for its
 * owner alone, and taken from there until the server answers.
 */
export async function folderKeyKept(
  folder: string,
  access: ServerAccess,
  spool: string,
): Promise<Uint8Array> {
  const kept = join(spool, 'redaction-key');
  try {
    const key = await folderKey(folder, access);
    if (existsSync(join(folder, 'redaction-key'))) return key;
    await mkdir(spool, { recursive: true, mode: 0o700 });
    const draft = `${kept}.${process.pid}`;
    await writeFile(draft, Buffer.from(key).toString('base64url'), { mode: 0o600, flush: true });
    await rename(draft, kept);
    return key;
  } catch (error) {
    const isAway = !(error instanceof RefusedError) || error.status >= 500;
    if (isAway && existsSync(kept)) return givenKey(kept);
    throw error;
  }
}

export const serverKey = (access: ServerAccess) =>
  sendJson(access, 'api/v1/intake/key', {}, redactionKeyResponse);

/** Reads a key that must be there. */
export async function givenKey(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new CommandError(`the key ${path} ${explainSystemError(error)}`);
  });
  return decodeKey(bytes, path);
}

/** Base64url of 32 bytes as the server writes it, else the bytes as they are. */
function decodeKey(bytes: Buffer, path: string): Uint8Array {
  const text = bytes.toString('latin1').trim();
  if (/^[\w-]{43}$/.test(text)) return Buffer.from(text, 'base64url');
  if (bytes.length >= LEAST_BYTES) return bytes;
  throw new CommandError(`the key ${path} has ${bytes.length} bytes; expected at least ${LEAST_BYTES}`);
}
