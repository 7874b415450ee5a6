import { emptyRoot, type Hash, nodeHash, sameHash } from './hash.ts';
import { MOST_LEAVES, PROOF_HASHES } from './limits.ts';

export interface Inclusion {
  leaf: Hash;
  index: number;
  size: number;
  root: Hash;
  proof: readonly Hash[];
}

const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0 && value <= MOST_LEAVES;
const areHashes = (hashes: readonly Hash[]): boolean =>
  hashes.length <= PROOF_HASHES && hashes.every((hash) => hash.length === 32);

const isOdd = (value: number): boolean => value % 2 === 1;
const half = (value: number): number => Math.floor(value / 2);

/** RFC 9162 §2.1.3.2. False for whatever is not a proof. */
export function verifyInclusion({ leaf, index, size, root, proof }: Inclusion): boolean {
  if (!isSize(index) || !isSize(size) || index >= size || !areHashes([leaf, ...proof])) return false;
  let [fn, sn] = [index, size - 1];
  let hash = leaf;
  for (const next of proof) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      hash = nodeHash(next, hash);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else hash = nodeHash(hash, next);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && sameHash(hash, root);
}

export interface Consistency {
  first: number;
  second: number;
  firstRoot: Hash;
  secondRoot: Hash;
  proof: readonly Hash[];
}

/** RFC 9162 §2.1.4.2. An empty tree begins every tree; its proof is empty. */
export function verifyConsistency({ first, second, firstRoot, secondRoot, proof }: Consistency): boolean {
  if (!isSize(first) || !isSize(second) || first > second || !areHashes(proof)) return false;
  if (first === second) return proof.length === 0 && sameHash(firstRoot, secondRoot);
  if (first === 0) return proof.length === 0 && sameHash(firstRoot, emptyRoot());
  const isPower = 2 ** Math.round(Math.log2(first)) === first;
  const [seed, ...rest] = isPower ? [firstRoot, ...proof] : proof;
  if (seed === undefined) return false;
  let [fn, sn] = [first - 1, second - 1];
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)];
  let [fr, sr] = [seed, seed];
  for (const next of rest) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      [fr, sr] = [nodeHash(next, fr), nodeHash(next, sr)];
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else sr = nodeHash(sr, next);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && sameHash(fr, firstRoot) && sameHash(sr, secondRoot);
}
