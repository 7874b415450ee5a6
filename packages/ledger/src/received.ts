import { parseCheckpoint } from './checkpoint.ts';
import { Frontier } from './frontier.ts';
import { type Hash, sameHash } from './hash.ts';
import { RECEIVED_EARLY, RECEIVED_HEADS } from './limits.ts';
import { checkNote, parseNote, type Verifier } from './note.ts';

/** What somebody who was sent acts can say of them with the ledger's public key alone. */
export interface ReceivedSummary {
  /** The lowest and the highest number that came; null where none did. */
  first: number | null;
  last: number | null;
  /** Acts that came, each counted once, and how many came again. */
  acts: number;
  again: number;
  /** Numbers that did not come, up to the last one that is known of. */
  missing: { from: number; to: number }[];
  /** The first so many acts are those that were signed; null where that cannot be told. */
  proved: number | null;
  /** In words; empty where all is well but for what is missing. */
  faults: string[];
}

interface Head {
  size: number;
  root: Hash;
}

/** Takes numbered acts as they arrive, some of them twice or early, and signed heads between them. */
export class ReceivedReader {
  readonly #log: Verifier;
  readonly #frontier = new Frontier();
  readonly #faults: string[] = [];
  /** Acts that came before one of a lower number. */
  readonly #early = new Map<number, Hash>();
  /** Signed heads of acts that have not come yet. */
  #heads: Head[] = [];
  #first: number | null = null;
  /** The number that comes next. */
  #next = 1;
  #again = 0;
  #announced = 0;
  #proved: number | null = null;

  constructor(log: Verifier) {
    this.#log = log;
  }

  /** False where more is missing than is kept track of. */
  act(sequence: number, leaf: Hash): boolean {
    if (this.#first === null) [this.#first, this.#next] = [sequence, sequence];
    if (sequence < this.#next || this.#early.has(sequence)) this.#again += 1;
    else if (sequence > this.#next && this.#early.size >= RECEIVED_EARLY) return false;
    else this.#early.set(sequence, leaf);
    for (let hash = this.#early.get(this.#next); hash !== undefined; hash = this.#early.get(this.#next)) {
      this.#early.delete(this.#next);
      this.#frontier.grow(hash);
      this.#next += 1;
      this.#compare();
    }
    return true;
  }

  /** A signed head that the ledger sent. */
  head(text: string): void {
    const note = parseNote(text);
    const checkpoint = note === null ? null : parseCheckpoint(note.text);
    const check = note === null ? null : checkNote(note, [this.#log]);
    if (checkpoint === null || check === null || 'forged' in check || check.signedBy.length === 0) {
      this.#fault('a head came that the ledger’s key did not sign');
      return;
    }
    this.#announced = Math.max(this.#announced, checkpoint.size);
    if (this.#heads.length < RECEIVED_HEADS) this.#heads.push(checkpoint);
    this.#compare();
  }

  /** Heads over exactly what has come are held against it; those over less came late and tell nothing. */
  #compare(): void {
    const { size } = this.#frontier;
    if (this.#heads.length === 0) return;
    if (this.#first === 1 || size === 0)
      for (const head of this.#heads)
        if (head.size === size && sameHash(head.root, this.#frontier.root())) this.#proved = size;
        else if (head.size === size) this.#fault(`the first ${size} acts are not those that were signed`);
    this.#heads = this.#heads.filter((head) => head.size > size);
  }

  #fault(message: string): void {
    if (!this.#faults.includes(message) && this.#faults.length < RECEIVED_HEADS) this.#faults.push(message);
  }

  end(): ReceivedSummary {
    const early = [...this.#early.keys()].toSorted((a, b) => a - b);
    const first = this.#first;
    const last = early.at(-1) ?? (first === null ? null : this.#next - 1);
    const missing: { from: number; to: number }[] = [];
    let next = first === null ? 1 : this.#next;
    for (const sequence of [...early, this.#announced + 1]) {
      if (sequence > next) missing.push({ from: next, to: sequence - 1 });
      next = Math.max(next, sequence + 1);
    }
    const acts = this.#frontier.size + early.length;
    return { first, last, acts, again: this.#again, missing, proved: this.#proved, faults: this.#faults };
  }
}
