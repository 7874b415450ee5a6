import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CommandError } from '../exit-codes.ts';

const KEY_BYTES = 32;

/**
 * The key of the hashes that stand for secrets and patient data: one per site, so that an interrupted run goes on with
 * the same. It is made when it is first needed, readable by its owner alone.
 */
export async function siteKey(path: string): Promise<Uint8Array> {
  const known = await readFile(path).catch(() => null);
  if (known && known.length >= KEY_BYTES) return known;
  if (known)
    throw new CommandError(`the key ${path} has ${known.length} bytes; expected at least ${KEY_BYTES}`);
  await mkdir(dirname(path), { recursive: true });
  // Written aside and linked: of two sensors that start at once, both get the key of the first.
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, randomBytes(KEY_BYTES), { mode: 0o600, flush: true });
  await link(draft, path).catch(() => {});
  await unlink(draft);
  return await readFile(path);
}
