import { expect, it } from 'vitest';
import { fact, feed, knock, NOON, namesOf, play, range, SECOND, talk } from '../testing/scenes.ts';
import { isGroup, isOutside } from './address.ts';
import { BoundedMap } from './bounded-map.ts';
import { Watch } from './watch.ts';

const scan = range(40).map((n) => knock(1, 2, n, { serverPort: n + 1 }));

it('goes on where it was stored, and says the same under the same ids', () => {
  const whole = new Watch('unlearnt');
  const halves = new Watch('unlearnt');
  feed(halves, scan.slice(0, 20), []);
  const resumed = new Watch('unlearnt');
  resumed.load(JSON.parse(JSON.stringify(halves.save())));
  const [after] = feed(resumed, scan.slice(20), []);
  const [expected] = feed(whole, scan, []);
  expect(after).toEqual({ ...expected, count: after!.count });
  expect(after!.id).toBe(expected!.id);
});

it('knows what it learnt after it was stored', () => {
  const learning = new Watch('learning');
  feed(
    learning,
    range(30).map((n) => talk(1, 2, n * 10)),
    [],
  );
  learning.endLearning();
  const resumed = new Watch('unlearnt');
  resumed.load(JSON.parse(JSON.stringify(learning.save())));
  expect(resumed.mode).toBe('watching');
  expect(namesOf(feed(resumed, [talk(1, 2, 400), talk(1, 3, 410)], []))).toEqual(['new-device', 'new-peer']);
});

it('tells no more of what a person called normal', () => {
  const watch = new Watch('learning');
  feed(
    watch,
    range(30).map((n) => talk(1, 2, n * 10)),
    [],
  );
  watch.endLearning();
  watch.learnt.allow('10.0.0.1', 'new-peer');
  expect(namesOf(feed(watch, [talk(1, 3, 400)], []))).toEqual(['new-device']);
});

it('holds its bounds whoever knocks', () => {
  const watch = new Watch('learning', { limits: { devices: 10, relations: 5, window: 20, openAlerts: 3 } });
  feed(
    watch,
    range(200).map((n) => talk(n % 50, 100 + (n % 20), n)),
    [],
  );
  expect(watch.learnt.size).toBe(10);
  for (const [, { relations }] of watch.learnt.entries())
    expect(Object.keys(relations).length).toBeLessThanOrEqual(5);
});

it.each([2, 3])('a map of two forgets at the third, not before (%i)', (count) => {
  const map = new BoundedMap<number>(2, 0);
  for (const n of range(count)) map.set(String(n), n);
  expect([map.size, map.forgotten, map.has('0')]).toEqual([2, count - 2, count === 2]);
});

it('grows one alert as long as the same goes on, and opens another after a rest', () => {
  const again = scan.map((row) => ({
    ...row,
    firstSeen: row.firstSeen + 8 * 3600 * SECOND,
    lastSeen: row.lastSeen + 8 * 3600 * SECOND,
  }));
  expect(play({ conversations: scan })).toHaveLength(1);
  expect(play({ conversations: [...scan, ...again] })).toHaveLength(2);
});

it('takes what comes out of order, and times that are no time', () => {
  const watch = new Watch('unlearnt');
  const rows = [...scan].reverse().map((row) => ({ ...row, firstSeen: row.firstSeen - NOON }));
  expect(namesOf(watch.take(rows, [fact('arp.binding', 1, { operation: 'reply' }, -1e9)]))).toEqual([
    'vertical-scan',
  ]);
});

it.each([
  ['10.1.2.3', false],
  ['172.31.0.1', false],
  ['172.32.0.1', true],
  ['203.0.113.9', true],
  ['fe80::1', false],
  ['fd00::1', false],
  ['2001:db8::1', true],
  ['224.0.0.251', false],
])('%s is outside: %s', (ip, outside) => expect(isOutside(ip)).toBe(outside));

it('knows groups', () => {
  expect(
    ['239.1.1.1', '255.255.255.255', 'ff02::1', '10.0.0.1'].map((ip) => isGroup({ ip, mac: null })),
  ).toEqual([true, true, true, false]);
});
