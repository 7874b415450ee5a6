import { type Hash, nodeHash } from './hash.ts';
import { foldFrontier, type Place } from './tree.ts';

/** A tree that grows leaf by leaf, in memory of one hash for each of its levels. */
export class Frontier {
  #size = 0;
  /** The complete subtrees so far, the largest first. */
  #subtrees: { level: number; hash: Hash }[] = [];

  get size(): number {
    return this.#size;
  }

  /** Adds a leaf; returns every subtree that it completes, itself first. */
  grow(leaf: Hash): { place: Place; hash: Hash }[] {
    let [level, index, hash] = [0, this.#size, leaf];
    const completed = [{ place: { level, index }, hash }];
    for (let last = this.#subtrees.at(-1); last?.level === level; last = this.#subtrees.at(-1)) {
      hash = nodeHash(last.hash, hash);
      [level, index] = [level + 1, (index - 1) / 2];
      this.#subtrees.pop();
      completed.push({ place: { level, index }, hash });
    }
    this.#subtrees.push({ level, hash });
    this.#size += 1;
    return completed;
  }

  root(): Hash {
    return foldFrontier(this.#subtrees.map(({ hash }) => hash));
  }
}
