import { createHash, type Hash, timingSafeEqual } from 'node:crypto';
import { UpdatesFault } from '../fault.ts';
import { SLOW_GRACE, SLOWEST } from '../limits.ts';
import { DIGESTS, type Hashes, type TargetFile } from '../metadata/file.ts';

const openHashes = (hashes: Hashes): [expected: string, hash: Hash][] =>
  [...hashes].filter(([name]) => DIGESTS.has(name)).map(([name, digest]) => [digest, createHash(name)]);

const isSame = (expected: string, hash: Hash): boolean => {
  const [a, b] = [Buffer.from(expected, 'hex'), hash.digest()];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** Whether bytes have every digest that is known to us. */
export const haveHashes = (bytes: Uint8Array, hashes: Hashes): boolean =>
  openHashes(hashes).every(([expected, hash]) => isSame(expected, hash.update(bytes)));

/**
 * A target's bytes as they come, of which nothing is to be used before the end is reached.
 * @throws UpdatesFault at the first byte too many, and at the end where length or digest are others (TUF 5.7.2)
 */
export async function* verifiedTarget(
  { path, length, hashes }: TargetFile,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const open = openHashes(hashes);
  let taken = 0;
  for await (const chunk of source) {
    taken += chunk.length;
    if (taken > length) throw new UpdatesFault('too-long', `${path}: longer than its ${length} bytes`);
    for (const [, hash] of open) hash.update(chunk);
    yield chunk;
  }
  if (taken !== length) throw new UpdatesFault('mismatch', `${path}: ${taken} of its ${length} bytes`);
  if (!open.every(([expected, hash]) => isSame(expected, hash)))
    throw new UpdatesFault('mismatch', `${path}: another digest than the one that was signed`);
}

/** @throws UpdatesFault where a stream is kept open by a trickle of bytes. `now` in milliseconds, from any begin. */
export async function* paced(
  source: AsyncIterable<Uint8Array>,
  now: () => number,
): AsyncGenerator<Uint8Array> {
  const begun = now();
  let taken = 0;
  for await (const chunk of source) {
    taken += chunk.length;
    const passed = now() - begun;
    if (passed > SLOW_GRACE && (taken * 1000) / passed < SLOWEST)
      throw new UpdatesFault('too-slow', `${taken} bytes in ${Math.round(passed / 1000)} seconds`);
    yield chunk;
  }
}
