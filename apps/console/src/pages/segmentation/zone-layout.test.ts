import type { Examined } from '@wardline/model';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BOX, drawnOf, pictureOf, ZONES_DRAWN } from './zone-layout.ts';

const zone = (name: string, lifeCritical = 0): Examined['zones'][number] => ({
  name,
  title: null,
  assets: 3,
  lifeCritical,
  examples: [],
  addresses: [],
});
const conduit = (from: string[], to: string[]): Examined['conduits'][number] => ({
  name: 'one',
  title: null,
  from,
  to,
  services: ['tcp 104'],
  mode: 'observe',
  because: null,
});

it('puts who asks to the left, and life-critical devices to the top', () => {
  const { zones } = pictureOf({
    zones: [zone('a'), zone('icu', 4), zone('b'), zone('c', 1)],
    conduits: [conduit(['a', 'c'], ['icu', 'b'])],
  });
  const column = (left: boolean) =>
    zones
      .filter(({ x }) => x < 430 === left)
      .toSorted((one, other) => one.y - other.y)
      .map(({ name }) => name);
  expect(column(true)).toEqual(['c', 'a']);
  expect(column(false)).toEqual(['icu', 'b']);
});

it('draws every pair of a conduit, within a zone too, and every address where it is named', () => {
  const conduits = [conduit(['a', 'b'], ['a', 'anywhere'])];
  const { lines, zones } = pictureOf({ zones: [zone('a'), zone('b')], conduits });
  expect(zones.map(({ name }) => name).toSorted()).toEqual(['a', 'anywhere', 'b']);
  expect(lines.map(({ from, to }) => `${from} ${to}`)).toEqual(['a a', 'a anywhere', 'b a', 'b anywhere']);
});

it('keeps boxes in the picture and apart', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), (count) => {
      const all = Array.from({ length: count }, (_, index) => zone(`z${index}`));
      const { zones, width, height } = pictureOf({ zones: all, conduits: [] });
      for (const [index, { x, y }] of zones.entries()) {
        expect(x - BOX.width / 2).toBeGreaterThanOrEqual(0);
        expect(y + BOX.height / 2).toBeLessThanOrEqual(height);
        expect(x + BOX.width / 2).toBeLessThanOrEqual(width);
        for (const other of zones.slice(index + 1))
          expect(Math.abs(x - other.x) >= BOX.width || Math.abs(y - other.y) >= BOX.height).toBe(true);
      }
    }),
  );
});

it('draws of too many zones those of life-critical devices, and whom they speak with', () => {
  const zones = [zone('icu', 2), ...Array.from({ length: ZONES_DRAWN }, (_, index) => zone(`z${index}`))];
  const conduits = [conduit(['icu'], ['z1']), conduit(['z2'], ['z3'])];
  const drawn = drawnOf({ zones, conduits });
  expect(drawn.zones.map(({ name }) => name)).toEqual(['icu', 'z1']);
  expect(drawn.conduits).toHaveLength(1);
  expect(drawnOf({ zones: zones.slice(1), conduits }).zones).toHaveLength(ZONES_DRAWN);
});
