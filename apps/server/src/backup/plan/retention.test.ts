import { expect, it } from 'vitest';
import { needless, outlived } from './retention.ts';

const full = (at: number, line = 'aaaaaaaaaaaa', next = at) => ({ name: `full ${at}`, at, line, next });

it.each([
  [[10, 20, 30], 5, 100, [20, 10]],
  [[10, 20, 30], 75, 100, [10]],
  [[10, 20, 30], 80, 100, [10]],
  [[10, 20, 30], 81, 100, []],
  [[10], 1, 100, []],
  [[], 1, 100, []],
])('of %j with %d kept at %d those go that no moment needs: %j', (times, keep, now, gone) => {
  expect(
    outlived(
      times.map((at) => full(at)),
      now,
      keep,
    ).map(({ at }) => at),
  ).toEqual(gone);
});

it('changes go that follow no full backup, and none of the line that has just begun', () => {
  const changes = (line: string, number: number) =>
    ({ kind: 'changes', name: `${line} ${number}`, line, number }) as const;
  const files = [changes('a', 1), changes('a', 2), changes('b', 1), changes('c', 1)];
  const kept = [full(10, 'a', 2), full(20, 'a', 5)];
  expect(needless(files, kept, 'c')).toEqual(['a 1', 'b 1']);
});
