import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

/** A line is 40 digits, a colon, a count and at most two characters for its end. */
const LINE_BYTES = 64;
const DIGEST = /^[0-9A-F]{40}(?=:|\r?$)/;

/**
 * True where a list of passwords from breaches holds this one: lines of SHA-1 digests in capital hexadecimal, in their order, each with
 * `:` and how often it was seen, as Pwned Passwords are downloaded for use without a network. Nothing of the list stays in memory,
 * and of many gigabytes some forty places are read. @throws where the file cannot be read, or is no such list
 */
export async function isBreached(file: string, password: string): Promise<boolean> {
  const wanted = createHash('sha1').update(password.normalize('NFKC')).digest('hex').toUpperCase();
  const handle = await open(file, 'r');
  try {
    return await holds(handle, file, wanted);
  } finally {
    await handle.close();
  }
}

async function holds(handle: FileHandle, file: string, wanted: string): Promise<boolean> {
  let low = 0;
  let high = (await handle.stat()).size;
  // The first line that begins in [low, high) is looked at; what remains is behind it or before it.
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const line = await lineFrom(handle, middle);
    if (line === null || line.start >= high) {
      high = middle;
      continue;
    }
    const digest = DIGEST.exec(line.text)?.[0];
    if (digest === undefined)
      throw new Error(`${file}: at byte ${line.start} a SHA-1 digest in capital hexadecimal was expected`);
    if (digest === wanted) return true;
    if (digest < wanted) low = line.start + 1;
    else high = middle;
  }
  return false;
}

/** The first line that begins at this place or behind it; null where none does. */
async function lineFrom(handle: FileHandle, place: number): Promise<{ start: number; text: string } | null> {
  const from = Math.max(0, place - 1);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(3 * LINE_BYTES), 0, 3 * LINE_BYTES, from);
  const read = buffer.subarray(0, bytesRead);
  const begin = place === 0 ? 0 : read.indexOf('\n') + 1;
  if ((place > 0 && begin === 0) || begin >= read.length) return null;
  const end = read.indexOf('\n', begin);
  const text = read.subarray(begin, end === -1 ? undefined : end).toString('latin1');
  return { start: from + begin, text };
}

/** Why a password of this list is not taken; null where it is. */
export async function breach(file: string | null, password: string): Promise<string | null> {
  return file !== null && (await isBreached(file, password)) ? 'it was stolen somewhere and published' : null;
}
