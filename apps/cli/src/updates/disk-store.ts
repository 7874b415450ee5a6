import { createWriteStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { asSegment, type TrustedStore } from '@wardline/updates';
import { writeDurably } from '../enforcement/durable-file.ts';

/** What a client trusts, as files of a folder: `root.json`, and so on. */
export class DiskStore implements TrustedStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(role: string): Promise<Uint8Array | null> {
    try {
      return await readFile(this.#path(role));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  async write(role: string, bytes: Uint8Array): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    writeDurably(this.#path(role), bytes);
  }

  async remove(role: string): Promise<void> {
    await rm(this.#path(role), { force: true });
  }

  #path(role: string): string {
    return join(this.#folder, `${asFileName(role)}.json`);
  }
}

/** A name that stays in its folder and is seen, whatever somebody signed. */
export const asFileName = (name: string): string => asSegment(name).replace(/^\./, '%2E');

/** Keeps a stream under a name only when all of it came without a fault; what was there before stays until then. */
export async function keepWhole(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.part`;
  try {
    await pipeline(bytes, createWriteStream(part, { mode: 0o600, flush: true }));
    await rename(part, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
