import type { Remedy } from './landscape.ts';

/** Sets of remedies by number, each kept once; number 0 is the empty set. */
export class RemedySets {
  readonly remedies: readonly Remedy[];
  readonly sets: Int32Array[] = [new Int32Array(0)];
  readonly #numbers = new Map<string, number>();
  readonly #known = new Map<string, number>([['', 0]]);
  #holding: number[][] | null = null;

  constructor(remedies: readonly Remedy[]) {
    this.remedies = remedies;
    for (const [number, { id }] of remedies.entries()) this.#numbers.set(id, number);
  }

  /** @throws RangeError where a remedy is named that is not in the list. */
  numberOf(ids: readonly string[]): number {
    if (ids.length === 0) return 0;
    const key = ids.length === 1 ? ids[0]! : [...new Set(ids)].sort().join('\n');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const members = Int32Array.from(new Set(ids), (id) => this.#remedy(id)).sort();
    this.sets.push(members);
    this.#known.set(key, this.sets.length - 1);
    return this.sets.length - 1;
  }

  #remedy(id: string): number {
    const number = this.#numbers.get(id);
    if (number === undefined) throw new RangeError(`no remedy "${id}" is in the landscape`);
    return number;
  }

  /** Numbers of the sets that a remedy is in; asked once every set is known. */
  setsOf(remedy: number): readonly number[] {
    this.#holding ??= this.#setsByRemedy();
    return this.#holding[remedy]!;
  }

  #setsByRemedy(): number[][] {
    const holding: number[][] = this.remedies.map(() => []);
    for (const [set, members] of this.sets.entries()) for (const one of members) holding[one]!.push(set);
    return holding;
  }

  /** Per set, whether one of its remedies is carried out. */
  blockedBy(done: Uint8Array): Uint8Array {
    return Uint8Array.from(this.sets, (members) => (members.some((one) => done[one] === 1) ? 1 : 0));
  }
}
