/** Repeatable chance (mulberry32, in the public domain): the same seed gives the same traffic on every machine. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number below `bound`. */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((((t ^ (t >>> 14)) >>> 0) * bound) / 4_294_967_296) >>> 0;
  }

  oneIn(count: number): boolean {
    return this.below(count) === 0;
  }
}
