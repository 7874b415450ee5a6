import type { AssetGroup } from '@wardline/identify';
import { endpointKey } from '@wardline/model';
import { expect, it } from 'vitest';
import { endpoint } from '../testing/synthetic.ts';
import { stickyIds } from './sticky-ids.ts';

const group = (id: string, ...numbers: number[]): AssetGroup => ({
  id,
  endpoints: numbers.map((number) => endpoint(number)),
  joins: [],
  macs: [],
  routes: 0,
});
const key = (number: number) => endpointKey(endpoint(number));
const idsOf = (groups: AssetGroup[], current: [number, string][]) =>
  stickyIds(groups, new Map(current.map(([number, id]) => [key(number), id]))).map(({ id }) => id);

it('keeps the id of an asset whose strongest address changed', () => {
  expect(
    idsOf(
      [group('of-the-new-address', 1, 2, 3)],
      [
        [1, 'old'],
        [2, 'old'],
      ],
    ),
  ).toEqual(['old']);
});

it('leaves the id with the larger part when an asset is split, and names the other anew', () => {
  const current: [number, string][] = [
    [1, 'old'],
    [2, 'old'],
    [3, 'old'],
  ];
  expect(idsOf([group('small', 1), group('large', 2, 3)], current)).toEqual(['small', 'old']);
});

it('gives no two groups the same id, though a fresh one is taken already', () => {
  expect(idsOf([group('same', 1), group('same', 2)], [[1, 'same']])).toEqual(['same', 'same-2']);
});

it('gives a merged asset the id of the part with more addresses', () => {
  expect(
    idsOf(
      [group('any', 1, 2, 3)],
      [
        [1, 'a'],
        [2, 'b'],
        [3, 'b'],
      ],
    ),
  ).toEqual(['b']);
});
