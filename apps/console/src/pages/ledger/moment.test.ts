import { expect, it } from 'vitest';
import { instantOf, localOf } from './moment.ts';

it('takes a field’s local time to an instant and back', () => {
  const instant = instantOf('2026-11-25T07:05');
  expect(instant).toMatch(/^2026-11-2[456]T\d\d:\d\d:00\.000Z$/);
  expect(localOf(instant)).toBe('2026-11-25T07:05');
});

it('is nothing where there is no time', () => {
  for (const text of [undefined, '', 'yesterday'])
    expect([instantOf(text), localOf(text)]).toEqual([undefined, '']);
});
