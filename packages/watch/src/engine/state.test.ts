import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KEPT_MEMBERS, KEPT_TEXT } from '../limits.ts';
import { fact, feed, knock, namesOf, range, talk } from '../testing/scenes.ts';
import { isLike } from './likeness.ts';
import { readWatch } from './state.ts';
import { Watch, type WatchState } from './watch.ts';

/** A watch in whose every kind of state something stands. */
function full(): Watch {
  const watch = new Watch('learning');
  const talks = range(30).map((n) => talk(1, 2, n * 10, { application: 'modbus', serverPort: 502 }));
  feed(watch, talks, [fact('http.client', 1, { userAgent: 'pump/1' })]);
  watch.endLearning();
  const scan = range(40).map((n) => knock(3, 2, 400 + n, { serverPort: n + 1 }));
  const calls = range(12).map((n) => talk(1, '203.0.113.9', 500 + n * 60));
  feed(
    watch,
    [...scan, ...calls],
    [
      fact('arp.binding', 1, { operation: 'reply' }, 410),
      fact('dhcp.server', 2, { routers: ['10.0.0.1'], dnsServers: ['10.0.0.2'] } as never, 420),
      fact(
        'wifi.network',
        { mac: '00:11:22:33:44:01', ip: null, vlan: null },
        {
          ssid: 'ward',
          channel: 6,
          security: 'wpa2',
          authentication: ['802.1x'],
          ciphers: ['ccmp'],
          managementFrames: 'optional',
        },
        425,
      ),
      fact(
        'wifi.client',
        { mac: '00:aa:bb:cc:dd:01', ip: null, vlan: null },
        { bssid: '00:11:22:33:44:01' },
        426,
      ),
      fact('clock.offset', 1, { source: 'ntp', seconds: 4000 }, 430),
    ],
  );
  return watch;
}

const stored = JSON.parse(JSON.stringify(full().save())) as WatchState;
const copy = () => structuredClone(stored);

it('goes on from what it wrote', () => {
  const read = readWatch(copy());
  expect(read).not.toHaveProperty('fault');
  const { watch } = read as { watch: Watch };
  expect(JSON.parse(JSON.stringify(watch.save()))).toEqual(stored);
  expect(namesOf(feed(watch, [talk(1, 7, 5000)], []))).toContain('new-device');
});

it.each([
  ['nothing', null, 'no state'],
  ['another version', { ...stored, version: 2 }, 'version'],
  ['a mode that is none', { ...stored, mode: 'asleep' }, 'mode'],
  [
    'baselines of another form',
    { ...stored, baselines: { devices: {}, users: [], allowed: [] } },
    'baselines',
  ],
  ['alerts that nobody can tell', { ...stored, alerts: [['k', { id: 'x' }]] }, 'alerts'],
  ['windows of another form', { ...stored, detectors: { ...stored.detectors, beacon: 7 } }, 'beacon'],
])('does not go on from %s', (_, state, words) => {
  expect((readWatch(state) as { fault: string }).fault).toContain(words);
});

it('holds its bounds when it reads', () => {
  const list = (length: number) => Array.from({ length }, () => 'a');
  expect([isLike(list(KEPT_MEMBERS), []), isLike(list(KEPT_MEMBERS + 1), [])]).toEqual([true, false]);
  expect([isLike('a'.repeat(KEPT_TEXT), ''), isLike('a'.repeat(KEPT_TEXT + 1), '')]).toEqual([true, false]);
  const many = Object.fromEntries(list(KEPT_MEMBERS + 1).map((_, n) => [n, 0]));
  expect(isLike(many, {})).toBe(false);
});

/** All places of a value, as paths. */
function places(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, item]) => places(item, [...path, name]))];
}

it('takes no damaged state that would make it fail later', () => {
  const all = places(stored).filter((path) => path.length > 0);
  const damage = fc.constantFrom<unknown>(null, undefined, -1, 'x', [], {}, [[]], [['a']], true, Number.NaN);
  fc.assert(
    fc.property(fc.constantFrom(...all), damage, (path, value) => {
      const state = copy();
      let parent = state as unknown as Record<string, unknown>;
      for (const name of path.slice(0, -1)) parent = parent[name] as Record<string, unknown>;
      parent[path.at(-1)!] = value;
      const read = readWatch(state);
      if ('fault' in read) return;
      const { watch } = read;
      feed(
        watch,
        [talk(1, 2, 6000), knock(3, 2, 6001), talk(1, '203.0.113.9', 6002)],
        [fact('arp.binding', 1, { operation: 'reply' }, 6003)],
      );
      watch.save();
    }),
    { numRuns: 400 },
  );
});
