import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hittingSet } from './hitting-set.ts';

const ELEMENTS = 9;
const sets = fc.array(fc.uniqueArray(fc.nat(ELEMENTS - 1), { minLength: 1, maxLength: 4 }), {
  maxLength: 12,
});
const weights = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: ELEMENTS, maxLength: ELEMENTS });

/** By trying every choice. */
function leastByTrial(all: readonly number[][], weight: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (let choice = 0; choice < 2 ** ELEMENTS; choice++) {
    if (!all.every((set) => set.some((element) => (choice >> element) & 1))) continue;
    const sum = weight.reduce((total, one, element) => total + ((choice >> element) & 1 ? one : 0), 0);
    least = Math.min(least, sum);
  }
  return least;
}

describe('least choice that hits every set', () => {
  it('is as light as trying every choice finds, and proved to be', () => {
    fc.assert(
      fc.property(sets, weights, (all, weight) => {
        const { chosen, weight: sum, bound } = hittingSet(all, (element) => weight[element]!);
        expect(all.every((set) => set.some((element) => chosen.includes(element)))).toBe(true);
        expect(chosen.reduce((total, element) => total + weight[element]!, 0)).toBe(sum);
        expect(sum).toBe(leastByTrial(all, weight));
        expect(bound).toBe(sum);
      }),
      { numRuns: 400 },
    );
  });

  it('when it may not search on still hits every set, and never claims a bound too high', () => {
    fc.assert(
      fc.property(sets, weights, fc.integer({ min: 0, max: 3 }), (all, weight, steps) => {
        const { chosen, weight: sum, bound } = hittingSet(all, (element) => weight[element]!, steps);
        const least = leastByTrial(all, weight);
        expect(all.every((set) => set.some((element) => chosen.includes(element)))).toBe(true);
        expect(bound).toBeLessThanOrEqual(least);
        expect(sum).toBeGreaterThanOrEqual(least);
      }),
      { numRuns: 400 },
    );
  });

  it('is nothing where there is nothing to hit, and refuses what cannot be hit', () => {
    expect(hittingSet([], () => 1)).toEqual({ chosen: [], weight: 0, bound: 0 });
    expect(() => hittingSet([[1], []], () => 1)).toThrow('an empty set cannot be hit');
  });
});
