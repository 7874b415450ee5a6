import { expect, it } from 'vitest';
import { placeNames } from './names.ts';

const frame = { left: 0, top: 0, right: 300, bottom: 200 };
const mark = (id: string, x: number, y: number, width = 80) => ({ id, x, y, width, size: 6 });

it('puts a name left of its node where the frame ends on the right', () => {
  const [name] = placeNames([mark('a', 280, 100)], [], frame);
  expect(name?.x).toBeLessThan(200);
});

it('never lets two names cover each other', () => {
  const names = placeNames([mark('a', 100, 100), mark('b', 104, 104)], [], frame);
  expect(names).toHaveLength(2);
  const [a, b] = names;
  const apart = Math.abs(a!.x - b!.x) >= 80 || Math.abs(a!.y - b!.y) >= 14;
  expect(apart).toBe(true);
});

it('leaves a name out that has no room', () => {
  expect(placeNames([mark('a', 100, 100, 400)], [], frame)).toEqual([]);
});
