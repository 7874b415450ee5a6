import { createHash } from 'node:crypto';
import { type FileHandle, glob, open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { READ_BYTES } from '../assessment/limits.ts';

/** A file is told from others by this many first bytes: headers and the first packets with their times. */
const HEAD_BYTES = 1024;
/** How often a folder and the newest file are looked at. */
const POLL_MS = 500;

const captureName = /\.(pcap|pcapng|cap)\d*$/i;
/** `tcpdump -W` counts behind the name, with any extension before. */
const counted = /\.(pcap|pcapng|cap)/i;

/** One file of a rotation, in the order in which they were written. */
export interface RotatedFile {
  name: string;
  /** The same bytes have the same identity, also in another run. */
  identity: string;
  chunks: AsyncIterable<Uint8Array>;
}

interface Candidate {
  path: string;
  modified: number;
  size: number;
  place: string;
}

/**
 * Follows the files that `dumpcap -b` or `tcpdump -W` write in turn, oldest first, each once. The newest is read as it
 * grows; it is over when a newer one is there and it grows no more, or when it was cut and begun again. Ends when the
 * signal says so.
 */
export async function* followRotation(pattern: string, signal: AbortSignal): AsyncGenerator<RotatedFile> {
  const done = new Set<string>();
  while (!signal.aborted) {
    const file = await nextFile(pattern, done);
    if (file === null) {
      await wait(signal);
      continue;
    }
    done.add(file.identity);
    const chunks = growing(pattern, file.candidate, done, signal);
    yield { name: basename(file.candidate.path), identity: file.identity, chunks };
  }
}

async function nextFile(
  pattern: string,
  done: ReadonlySet<string>,
): Promise<{ candidate: Candidate; identity: string } | null> {
  const candidates = await candidatesOf(pattern);
  for (const [i, candidate] of candidates.entries()) {
    const isNewest = i === candidates.length - 1;
    const identity = await identityOf(candidate, isNewest);
    if (identity !== null && !done.has(identity)) return { candidate, identity };
  }
  return null;
}

/** Oldest first; what is written later was modified later, whatever it is called. */
async function candidatesOf(pattern: string): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const path of await pathsOf(pattern)) {
    const info = await stat(path).catch(() => null);
    if (!info?.isFile()) continue;
    const place = `${info.dev}:${info.ino}`;
    candidates.push({ path, modified: info.mtimeMs, size: info.size, place });
  }
  return candidates.sort((a, b) => a.modified - b.modified || (a.path < b.path ? -1 : 1));
}

async function pathsOf(pattern: string): Promise<string[]> {
  const info = await stat(pattern).catch(() => null);
  if (info?.isDirectory()) {
    const names = await readdir(pattern).catch(() => []);
    return names
      .filter((name) => captureName.test(name) || counted.test(name))
      .map((name) => join(pattern, name));
  }
  const paths: string[] = [];
  for await (const path of glob(pattern)) paths.push(path);
  return paths;
}

/** Null where the newest file has not enough in it yet to tell it from others. */
async function identityOf({ path, size }: Candidate, isNewest: boolean): Promise<string | null> {
  if (size === 0 || (isNewest && size < HEAD_BYTES)) return null;
  const file = await open(path).catch(() => null);
  if (file === null) return null;
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex');
  } finally {
    await file.close();
  }
}

async function* growing(
  pattern: string,
  { path, place }: Candidate,
  done: ReadonlySet<string>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const file = await open(path).catch(() => null);
  if (file === null) return;
  try {
    let at = 0;
    for (let isLastLook = false; !signal.aborted; ) {
      const chunk = await readAt(file, at);
      if (chunk === 'cut') return;
      if (chunk.length > 0) {
        at += chunk.length;
        yield chunk;
      } else if (isLastLook) return;
      // What was written between the last read and the first of the next file must not be missed.
      else if (await hasNewer(pattern, place, done)) isLastLook = true;
      else await wait(signal);
    }
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, at: number): Promise<Uint8Array | 'cut'> {
  const { size } = await file.stat();
  if (size < at) return 'cut';
  if (size === at) return new Uint8Array(0);
  const room = Buffer.allocUnsafe(Math.min(READ_BYTES, size - at));
  const { bytesRead } = await file.read(room, 0, room.length, at);
  return room.subarray(0, bytesRead);
}

async function hasNewer(pattern: string, place: string, done: ReadonlySet<string>): Promise<boolean> {
  const candidates = await candidatesOf(pattern);
  const own = candidates.findIndex((candidate) => candidate.place === place);
  // Deleted by the rotation: it grows no more.
  if (own < 0) return true;
  for (const candidate of candidates.slice(own + 1)) {
    if (candidate.size === 0) return true;
    const identity = await identityOf(candidate, false);
    if (identity !== null && !done.has(identity)) return true;
  }
  return false;
}

async function wait(signal: AbortSignal): Promise<void> {
  await pause(POLL_MS, undefined, { signal }).catch(() => {});
}
