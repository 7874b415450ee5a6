import type { Permit } from '../permits.ts';
import { type Family, mergeRanges, type Range, widthOf } from '../space/addresses.ts';

/** Addresses that no permit tells apart: each is a source of the same permits and a destination of the same. */
export interface AddressClass {
  ranges: readonly Range[];
  /** Indices of the permits. */
  sourceOf: readonly number[];
  destinationOf: readonly number[];
}

type Ends = Pick<Permit, 'family' | 'sources' | 'destinations'>;

/** Every address of a family, in the fewest classes; that of addresses of no permit is among them. */
export function addressClasses(permits: readonly Ends[], family: Family): AddressClass[] {
  const sets = new RangeSets();
  const used = permits.map((permit) =>
    permit.family === family ? [sets.numberOf(permit.sources), sets.numberOf(permit.destinations)] : [-1, -1],
  );
  const groups = new Map<string, { ranges: Range[]; members: ReadonlySet<number> }>();
  for (const { range, members } of sets.atoms(family)) {
    const key = members.join(' ');
    const group = groups.get(key) ?? { ranges: [], members: new Set(members) };
    group.ranges.push(range);
    groups.set(key, group);
  }
  const permitsWith = (members: ReadonlySet<number>, side: 0 | 1) =>
    used.flatMap((pair, index) => (members.has(pair[side]!) ? [index] : []));
  return [...groups.values()].map(({ ranges, members }) => ({
    ranges: mergeRanges(ranges),
    sourceOf: permitsWith(members, 0),
    destinationOf: permitsWith(members, 1),
  }));
}

/** Rows of ranges, each once. */
class RangeSets {
  readonly #numbers = new Map<string, number>();
  readonly #sets: (readonly Range[])[] = [];

  numberOf(ranges: readonly Range[]): number {
    const key = ranges.map(({ first, last }) => `${first}-${last}`).join(' ');
    const before = this.#numbers.get(key);
    if (before !== undefined) return before;
    this.#numbers.set(key, this.#sets.length);
    return this.#sets.push(ranges) - 1;
  }

  /** The pieces between all ends, in order, each with the numbers of the sets that hold it. */
  *atoms(family: Family): Generator<{ range: Range; members: readonly number[] }> {
    const end = 1n << BigInt(widthOf(family));
    const starts = new Set<bigint>([0n, end]);
    for (const { first, last } of this.#sets.flat()) starts.add(first).add(last + 1n);
    const cuts = [...starts].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const at = this.#sets.map(() => 0);
    for (const [index, first] of cuts.slice(0, -1).entries()) {
      const members = this.#sets.flatMap((ranges, set) => {
        while (ranges[at[set]!] !== undefined && ranges[at[set]!]!.last < first) at[set]! += 1;
        const range = ranges[at[set]!];
        return range !== undefined && range.first <= first ? [set] : [];
      });
      yield { range: { first, last: cuts[index + 1]! - 1n }, members };
    }
  }
}
