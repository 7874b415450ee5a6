import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BackupFault } from './frames.ts';
import { type Sealing, sealStream } from './seal.ts';

/** `full-TIME-LINE.age` and `changes-LINE-NUMBER.age`: what a folder of backups holds can be told without opening it. */
export type BackupName =
  | { kind: 'full'; name: string; at: number; line: string }
  | { kind: 'changes'; name: string; line: string; number: number };

/** `at` in microseconds since the epoch. */
export const fullName = (at: number, line: string): string =>
  `full-${new Date(at / 1000).toISOString().replace(/[-:]|\.\d+/g, '')}-${line}.age`;

export const changesName = (line: string, number: number): string =>
  `changes-${line}-${String(number).padStart(8, '0')}.age`;

/** Null for other files. */
export function parseBackupName(name: string): BackupName | null {
  const full = /^full-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-([0-9a-f]{12})\.age$/.exec(name);
  if (full !== null) {
    const [year, month, day, hour, minute, second] = full.slice(1, 7).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const at = Date.UTC(year, month - 1, day, hour, minute, second) * 1000;
    return { kind: 'full', name, at, line: full[7]! };
  }
  const changes = /^changes-([0-9a-f]{12})-(\d{8})\.age$/.exec(name);
  return changes && { kind: 'changes', name, line: changes[1]!, number: Number(changes[2]) };
}

/** @throws BackupFault where there is no such folder */
export function backupsIn(folder: string): BackupName[] {
  try {
    return readdirSync(folder).flatMap((name) => parseBackupName(name) ?? []);
  } catch (error) {
    throw new BackupFault(`${folder} cannot be read: ${(error as Error).message}`);
  }
}

/** Seals into a file that is there whole, on the disk, or not at all. */
export async function writeSealed(
  folder: string,
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  to: Sealing,
): Promise<{ bytes: number; digest: string }> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const half = join(folder, `${name}.part`);
  const hash = createHash('sha256');
  let size = 0;
  async function* counted(sealed: AsyncIterable<Buffer>) {
    for await (const piece of sealed) {
      hash.update(piece);
      size += piece.length;
      yield piece;
    }
  }
  try {
    const sealed = await sealStream(bytes, to);
    await pipeline(sealed, counted, createWriteStream(half, { mode: 0o600, flush: true }));
    renameSync(half, join(folder, name));
    await syncFolder(folder);
  } catch (error) {
    rmSync(half, { force: true });
    throw error;
  }
  return { bytes: size, digest: hash.digest('hex') };
}

/** The new name of a file is on the disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A file's bytes, while its digest is worked out. */
export async function* hashed(file: string, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const piece of createReadStream(file)) {
    hash.update(piece as Buffer);
    yield piece as Buffer;
  }
}
