import { createHash } from 'node:crypto';
import { appendFile, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PartStore } from '@wardline/updates';
import { PIECE_BYTES } from '../limits.ts';

/** Writes an image over what a slot held; it is on the medium when this ends. */
export async function writeSlot(file: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    for await (const piece of bytes)
      for (let at = 0; at < piece.length; ) at += (await handle.write(piece, at)).bytesWritten;
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** SHA-256 of a file, in hexadecimal; null where there is none. */
export async function digestOf(file: string): Promise<string | null> {
  const digest = createHash('sha256');
  try {
    for await (const piece of pieces(file)) digest.update(piece);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return digest.digest('hex');
}

async function* pieces(file: string): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    yield* handle.createReadStream({ autoClose: false, highWaterMark: PIECE_BYTES });
  } finally {
    await handle.close();
  }
}

/** Begins of downloads in a folder: one file for each address, by its digest. They need not outlast a power cut; they are verified. */
export function partFiles(folder: string): PartStore {
  const fileOf = (address: string) =>
    join(folder, `part-${createHash('sha256').update(address).digest('hex').slice(0, 32)}`);
  return {
    async *read(address) {
      try {
        yield* pieces(fileOf(address));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    },
    append: (address, bytes) => appendFile(fileOf(address), bytes, { mode: 0o600 }),
    drop: (address) => rm(fileOf(address), { force: true }),
  };
}
