import { HITTING_SET_STEPS } from './limits.ts';

/** A choice of elements of which each set holds at least one, and what no choice can stay below. */
export interface HittingSet {
  chosen: number[];
  weight: number;
  /** No choice weighs less. Equal to `weight` where the choice is proved to be the least. */
  bound: number;
}

type Sets = readonly (readonly number[])[];

/**
 * The least weighty choice of elements that hits every set. Parts that share no element are solved apart, each by branch
 * and bound; after `steps` branches in one part the best choice so far stands, beside the bound that is proved.
 * An empty set cannot be hit.
 * @throws RangeError where a set is empty.
 */
export function hittingSet(sets: Sets, weightOf: (element: number) => number, steps = HITTING_SET_STEPS) {
  if (sets.some((set) => set.length === 0)) throw new RangeError('an empty set cannot be hit');
  const total: HittingSet = { chosen: [], weight: 0, bound: 0 };
  for (const part of partsOf(minimal(sets))) {
    const solved = new Search(part, weightOf, steps).solve();
    total.chosen.push(...solved.chosen);
    total.weight += solved.weight;
    total.bound += solved.bound;
  }
  total.chosen.sort((a, b) => a - b);
  return total;
}

/** Sets that hold another one are hit with it. */
function minimal(sets: Sets): number[][] {
  const bySize = sets.map((set) => [...new Set(set)]).sort((a, b) => a.length - b.length);
  const holding = new Map<number, number[]>();
  const kept: number[][] = [];
  for (const set of bySize) {
    const members = new Set(set);
    const within = set.some((element) =>
      (holding.get(element) ?? []).some((number) => kept[number]!.every((one) => members.has(one))),
    );
    if (within) continue;
    // A smaller set lies within this one only if its first element does.
    const first = set[0]!;
    listed(holding, first, kept.length);
    kept.push(set);
  }
  return kept;
}

function listed(lists: Map<number, number[]>, key: number, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function partsOf(sets: Sets): number[][][] {
  const leader = new Map<number, number>();
  const find = (element: number): number => {
    let at = element;
    while ((leader.get(at) ?? at) !== at) at = leader.get(at)!;
    leader.set(element, at);
    return at;
  };
  for (const set of sets) for (const element of set) leader.set(find(element), find(set[0]!));
  return [...Map.groupBy(sets, (set) => find(set[0]!)).values()].map((part) => part.map((set) => [...set]));
}

/** Branch and bound over one part. A branch takes an element of the set with the fewest left, or rules it out. */
class Search {
  readonly #sets: Sets;
  readonly #weightOf: (element: number) => number;
  readonly #holding: Map<number, number[]>;
  #stepsLeft: number;
  #best: number[];
  #bestWeight: number;

  constructor(sets: Sets, weightOf: (element: number) => number, steps: number) {
    this.#sets = sets;
    this.#weightOf = weightOf;
    this.#stepsLeft = steps;
    this.#holding = new Map();
    for (const [number, set] of sets.entries())
      for (const element of set) listed(this.#holding, element, number);
    this.#best = this.#greedy();
    this.#bestWeight = this.#sum(this.#best);
  }

  solve(): HittingSet {
    const hits = new Uint16Array(this.#sets.length);
    const bound = this.#packing(hits, new Set());
    if (bound < this.#bestWeight) this.#branch(hits, new Set(), [], 0);
    const proved = this.#stepsLeft > 0 ? this.#bestWeight : Math.min(bound, this.#bestWeight);
    return { chosen: this.#best, weight: this.#bestWeight, bound: proved };
  }

  #sum(elements: readonly number[]): number {
    return elements.reduce((sum, element) => sum + this.#weightOf(element), 0);
  }

  /** The element that hits the most of what is left per weight, again and again; then what is not needed is left out. */
  #greedy(): number[] {
    const open = new Set(this.#sets.keys());
    const chosen: number[] = [];
    while (open.size > 0) {
      const best = this.#mostHitting(open);
      chosen.push(best);
      for (const number of this.#holding.get(best)!) open.delete(number);
    }
    return this.#withoutSpare(chosen);
  }

  #mostHitting(open: ReadonlySet<number>): number {
    let best = -1;
    let bestRate = -1;
    for (const [element, numbers] of this.#holding) {
      const rate = numbers.filter((number) => open.has(number)).length / this.#weightOf(element);
      if (rate > bestRate) {
        best = element;
        bestRate = rate;
      }
    }
    return best;
  }

  #withoutSpare(chosen: readonly number[]): number[] {
    const kept = new Set(chosen);
    for (const element of chosen) {
      kept.delete(element);
      const needed = this.#holding.get(element)!.some((n) => !this.#sets[n]!.some((one) => kept.has(one)));
      if (needed) kept.add(element);
    }
    return [...kept];
  }

  #branch(hits: Uint16Array, barred: Set<number>, taken: number[], weight: number): void {
    if (this.#stepsLeft <= 0) return;
    this.#stepsLeft -= 1;
    const set = this.#narrowest(hits, barred);
    if (set === null) {
      if (weight < this.#bestWeight) {
        this.#best = [...taken];
        this.#bestWeight = weight;
      }
      return;
    }
    if (weight + this.#packing(hits, barred) >= this.#bestWeight) return;
    const ruledOut: number[] = [];
    for (const element of this.#mostUsefulFirst(set, hits, barred)) {
      this.#take(element, hits, 1);
      this.#branch(hits, barred, [...taken, element], weight + this.#weightOf(element));
      this.#take(element, hits, -1);
      barred.add(element);
      ruledOut.push(element);
    }
    for (const element of ruledOut) barred.delete(element);
  }

  #take(element: number, hits: Uint16Array, change: number): void {
    for (const number of this.#holding.get(element)!) hits[number]! += change;
  }

  /** The set not hit yet that has the fewest elements left; null where all are hit. */
  #narrowest(hits: Uint16Array, barred: ReadonlySet<number>): readonly number[] | null {
    let best: readonly number[] | null = null;
    let fewest = Number.POSITIVE_INFINITY;
    for (const [number, set] of this.#sets.entries()) {
      if (hits[number]! > 0) continue;
      const left = barred.size === 0 ? set.length : set.filter((one) => !barred.has(one)).length;
      if (left >= fewest) continue;
      fewest = left;
      best = set;
    }
    return best;
  }

  #mostUsefulFirst(set: readonly number[], hits: Uint16Array, barred: ReadonlySet<number>): number[] {
    const use = (element: number): number =>
      this.#holding.get(element)!.filter((number) => hits[number] === 0).length / this.#weightOf(element);
    return set.filter((one) => !barred.has(one)).sort((a, b) => use(b) - use(a));
  }

  /** What sets that share no element must cost together: a bound from below. Infinite where a set has no element left. */
  #packing(hits: Uint16Array, barred: ReadonlySet<number>): number {
    const used = new Set<number>();
    let sum = 0;
    for (const [number, set] of this.#sets.entries()) {
      if (hits[number]! > 0) continue;
      const left = set.filter((element) => !barred.has(element));
      if (left.length === 0) return Number.POSITIVE_INFINITY;
      if (left.some((element) => used.has(element))) continue;
      sum += Math.min(...left.map((element) => this.#weightOf(element)));
      for (const element of left) used.add(element);
    }
    return sum;
  }
}
