const EMPTY = -1;
const FIRST_SLOTS = 2048;

/**
 * Open addressing with linear probing from 32-bit hashes to entry numbers. Which entries are equal only its owner knows:
 * it walks the candidates itself with {@link first} and {@link next}, so that no function is called per comparison.
 */
export class SlotIndex {
  slots = new Int32Array(FIRST_SLOTS).fill(EMPTY);
  mask = FIRST_SLOTS - 1;
  #used = 0;

  /** Adds an entry that is not in yet. `hashes` holds the hash of every entry. */
  add(entry: number, hashes: Int32Array): void {
    if (this.#used * 2 >= this.slots.length) this.#grow(hashes);
    this.#place(entry, hashes[entry]!);
    this.#used += 1;
  }

  /** Takes an entry out and closes the hole, so that no tombstone slows later searches. */
  remove(entry: number, hashes: Int32Array): void {
    const { slots, mask } = this;
    let hole = hashes[entry]! & mask;
    while (slots[hole] !== entry) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; slots[at] !== EMPTY; at = (at + 1) & mask) {
      const home = hashes[slots[at]!]! & mask;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      slots[hole] = slots[at]!;
      hole = at;
    }
    slots[hole] = EMPTY;
    this.#used -= 1;
  }

  #place(entry: number, hash: number): void {
    const { slots, mask } = this;
    let at = hash & mask;
    while (slots[at] !== EMPTY) at = (at + 1) & mask;
    slots[at] = entry;
  }

  #grow(hashes: Int32Array): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2).fill(EMPTY);
    this.mask = this.slots.length - 1;
    for (const entry of old) if (entry !== EMPTY) this.#place(entry, hashes[entry]!);
  }
}

/** Mixes one word into a hash (the finaliser of MurmurHash3, in the public domain, spread over the words). */
export function mix(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51 | 0);
  k = (k << 15) | (k >>> 17);
  let h = hash ^ Math.imul(k, 0x1b873593);
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) | 0;
}

export function finish(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b | 0);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35 | 0);
  return h ^ (h >>> 16);
}
