/** What an execution went through, and what of it is new. */

/** A string or number that stands in the sources: what a protocol's parser compares with. */
export type Token = string | number;

/** More branches than the sensor has; the last one collects what is beyond. */
const ROOM = 65_536;
const COMPARISONS = 256;

export interface Comparison {
  seen: Token;
  wanted: Token;
}

class Register {
  readonly counters = new Uint32Array(ROOM);
  readonly tokens = new Map<string, Set<Token>>();
  /** Comparisons that failed in the execution; the oldest are overwritten. */
  readonly comparisons: Comparison[] = [];
  isTracing = false;
  #branches = 0;
  #compared = 0;

  get branches(): number {
    return this.#branches;
  }

  branch(): number {
    this.#branches = Math.min(this.#branches + 1, ROOM);
    return this.#branches - 1;
  }

  token(folder: string, token: Token): void {
    const known = this.tokens.get(folder) ?? new Set();
    this.tokens.set(folder, known.add(token));
  }

  readonly same = (a: unknown, b: unknown): boolean => {
    if (a === b) return true;
    if (this.isTracing) this.#remember(a, b);
    return false;
  };

  reset(): void {
    this.counters.fill(0, 0, this.#branches);
    this.comparisons.length = 0;
    this.#compared = 0;
  }

  /** Branches taken since the reset, with repetition: how much work there was, whatever the machine's speed. */
  work(): number {
    let sum = 0;
    for (let i = 0; i < this.#branches; i++) sum += this.counters[i]!;
    return sum;
  }

  #remember(seen: unknown, wanted: unknown): void {
    const isToken = (value: unknown): value is Token =>
      typeof value === 'string' || typeof value === 'number';
    if (!isToken(seen) || !isToken(wanted) || typeof seen !== typeof wanted) return;
    this.comparisons[this.#compared++ % COMPARISONS] = { seen, wanted };
  }
}

export const register = new Register();
Object.assign(globalThis, { wardlineCoverage: register });

/** The branches one target has taken so far, each with the orders of magnitude of how often in one execution. */
export class Seen {
  readonly #buckets = new Uint8Array(ROOM);
  #branches = 0;

  /** Distinct branches taken so far. */
  get branches(): number {
    return this.#branches;
  }

  /** Takes in the last execution; returns true where it did something new. */
  learn(): boolean {
    const { counters, branches } = register;
    let isNew = false;
    for (let i = 0; i < branches; i++) {
      const count = counters[i]!;
      if (count === 0) continue;
      const bit = 1 << bucketOf(count);
      const before = this.#buckets[i]!;
      if ((before & bit) !== 0) continue;
      if (before === 0) this.#branches += 1;
      this.#buckets[i] = before | bit;
      isNew = true;
    }
    return isNew;
  }
}

/** 1, 2, 3, 4–7, 8–15, 16–31, 32–127, more: as AFL tells them apart. */
function bucketOf(count: number): number {
  if (count <= 3) return count - 1;
  if (count < 8) return 3;
  if (count < 16) return 4;
  if (count < 32) return 5;
  return count < 128 ? 6 : 7;
}
