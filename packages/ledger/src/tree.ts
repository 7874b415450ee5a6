import { emptyRoot, type Hash, nodeHash } from './hash.ts';

/** Where a complete subtree stands: 2^level leaves, the `index`-th such from the left. */
export interface Place {
  level: number;
  index: number;
}

/** Hands out the hashes of complete subtrees, in the order asked for. */
export type ReadHashes = (places: readonly Place[]) => Promise<readonly Hash[]>;

/** The complete subtrees that a tree of so many leaves is made of, left to right. */
export function frontierOf(size: number): Place[] {
  const places: Place[] = [];
  let start = 0;
  for (let level = 52; level >= 0; level -= 1) {
    const leaves = 2 ** level;
    if (size - start < leaves) continue;
    places.push({ level, index: start / leaves });
    start += leaves;
  }
  return places;
}

/** RFC 6962 §2.1: what the complete subtrees come to, from the right. */
export function foldFrontier(hashes: readonly Hash[]): Hash {
  if (hashes.length === 0) return emptyRoot();
  return hashes.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), hashes.at(-1)!);
}

export async function rootOf(size: number, read: ReadHashes): Promise<Hash> {
  return foldFrontier(await read(frontierOf(size)));
}

/** A subtree over leaves from `start` up to `end`, which need not be complete. */
interface Span {
  start: number;
  end: number;
}

const largestPowerBelow = (count: number): number => 2 ** Math.floor(Math.log2(count - 1));

/** The complete subtrees that a span is made of. Its start is a multiple of the power of two that holds it. */
const placesOf = ({ start, end }: Span): Place[] =>
  frontierOf(end - start).map(({ level, index }) => ({ level, index: index + start / 2 ** level }));

async function hashesOf(spans: readonly Span[], read: ReadHashes): Promise<Hash[]> {
  const places = spans.map(placesOf);
  const hashes = [...(await read(places.flat()))];
  return places.map((own) => foldFrontier(hashes.splice(0, own.length)));
}

/** RFC 9162 §2.1.3.1: the hashes that lead from one leaf to the root of a tree of `size` leaves. */
export function inclusionProof(index: number, size: number, read: ReadHashes): Promise<Hash[]> {
  const spans: Span[] = [];
  for (let start = 0, end = size; end - start > 1; ) {
    const middle = start + largestPowerBelow(end - start);
    if (index < middle) {
      spans.unshift({ start: middle, end });
      end = middle;
    } else {
      spans.unshift({ start, end: middle });
      start = middle;
    }
  }
  return hashesOf(spans, read);
}

/** RFC 9162 §2.1.4.1: the hashes that show that the tree of `size` leaves begins with that of `earlier` leaves. */
export function consistencyProof(earlier: number, size: number, read: ReadHashes): Promise<Hash[]> {
  if (earlier === 0 || earlier === size) return Promise.resolve([]);
  const spans: Span[] = [];
  let isWhole = true;
  let [start, end] = [0, size];
  for (let count = earlier; count !== end - start; ) {
    const middle = largestPowerBelow(end - start);
    if (count <= middle) {
      spans.unshift({ start: start + middle, end });
      end = start + middle;
    } else {
      spans.unshift({ start, end: start + middle });
      start += middle;
      count -= middle;
      isWhole = false;
    }
  }
  return hashesOf(isWhole ? spans : [{ start, end }, ...spans], read);
}

/** The subtrees that one more leaf completes, the leaf first; `left` hands out the hash to the left of each. */
export async function completedBy(
  leaf: Hash,
  size: number,
  left: ReadHashes,
): Promise<{ place: Place; hash: Hash }[]> {
  const completed = [{ place: { level: 0, index: size }, hash: leaf }];
  const needed: Place[] = [];
  for (let level = 0, index = size; index % 2 === 1; level += 1, index = (index - 1) / 2)
    needed.push({ level, index: index - 1 });
  const hashes = await left(needed);
  for (const [at, { level, index }] of needed.entries()) {
    const hash = nodeHash(hashes[at]!, completed.at(-1)!.hash);
    completed.push({ place: { level: level + 1, index: index / 2 }, hash });
  }
  return completed;
}
