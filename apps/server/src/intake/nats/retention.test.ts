import { expect, it } from 'vitest';
import { Retention } from './retention.ts';

const HOUR = 3600e6;
const retention = () => new Retention({ keep: 24 * HOUR, room: 1000 });

it('keeps what was taken for the time that is set, and then forgets just that', () => {
  const one = retention();
  expect(one.forgettable(0, { bytes: 10, answered: 5 })).toBeNull();
  expect(one.forgettable(12 * HOUR, { bytes: 10, answered: 9 })).toBeNull();
  expect(one.forgettable(24 * HOUR, { bytes: 10, answered: 20 })).toBe(5);
  expect(one.forgettable(36 * HOUR, { bytes: 10, answered: 20 })).toBe(9);
});

it('forgets what was taken at once where the store is nearly full, and never what was not', () => {
  const one = retention();
  expect(one.forgettable(0, { bytes: 800, answered: 5 })).toBeNull();
  expect(one.forgettable(1, { bytes: 801, answered: 7 })).toBe(7);
  expect(one.forgettable(2, { bytes: 999, answered: 0 })).toBeNull();
});

it('remembers few moments however often it is asked', () => {
  const one = retention();
  for (let at = 0; at <= 24 * HOUR; at += HOUR / 60) one.forgettable(at, { bytes: 0, answered: at + 1 });
  // The newest that is a day old, at the distance at which moments are taken.
  expect(one.forgettable(25 * HOUR, { bytes: 0, answered: 1e12 })).toBeGreaterThan(HOUR * 0.7);
});
