import { expect, it } from 'vitest';
import type { Denied, Governing } from '../engine/governing.ts';
import { readWatch } from '../engine/state.ts';
import { Watch } from '../engine/watch.ts';
import { feed, knock, NOON, range, SECOND, talk } from '../testing/scenes.ts';
import { MATTERS_A_DAY } from './policy.ts';

const denied: Denied = { by: [], mustDeny: false, mode: 'enforce', lifeCritical: false };
const governing = (over: Partial<Denied> = {}, since = 0): Governing => ({
  version: 7,
  since,
  against: (_client, _server, _transport, port) => (port === 443 ? null : { ...denied, ...over }),
});
function watching(policy: Governing | null): Watch {
  const watch = new Watch('unlearnt');
  watch.govern(policy);
  return watch;
}
const drift = (watch: Watch, conversations: Parameters<typeof feed>[1]) =>
  feed(watch, conversations, []).filter(({ detection }) => detection === 'policy-drift');
const on = (port: number) => ({ serverPort: port });

it('tells answered traffic that the policy denies, one alert for what one device does with one service', () => {
  const seen = [
    talk(1, 2, 0, on(445)),
    talk(1, 3, 5, on(445)),
    talk(1, 2, 8, on(443)),
    knock(4, 2, 9, on(445)),
  ];
  const [alert, ...more] = drift(watching(governing()), seen);
  expect(more).toEqual([]);
  expect(alert).toMatchObject({
    severity: 'medium',
    basis: 'policy',
    about: 'tcp/445',
    targets: ['10.0.0.2', '10.0.0.3'],
  });
  expect(alert!.summary).toContain('version 7 of the policy denies it: nothing declares it');
});

it('is as grave as what it means for patients', () => {
  const gravity = (over: Partial<Denied>) =>
    drift(watching(governing(over)), [talk(1, 2, 0, on(22))])[0]!.severity;
  expect(gravity({ lifeCritical: true, mustDeny: true })).toBe('critical');
  expect(gravity({ lifeCritical: true })).toBe('high');
  expect(gravity({ mustDeny: true })).toBe('high');
  expect(gravity({ mode: 'alert', by: ['conduit images'] })).toBe('low');
});

it('says nothing without a policy, of what began before it was in force, and of what it declares', () => {
  expect(drift(watching(null), [talk(1, 2, 0, on(22))])).toEqual([]);
  expect(drift(watching(governing({}, NOON + SECOND)), [talk(1, 2, 0, on(22))])).toEqual([]);
  expect(drift(watching(governing()), [talk(1, 2, 0, on(443))])).toEqual([]);
});

it('is quiet by a budget: a gateway that fails is one thing to say, also after a restart', () => {
  const watch = watching(governing());
  const flood = range(100).map((at) => talk(1 + (at % 100), 200, at, on(2000 + at)));
  const told = drift(watch, flood.slice(0, 60));
  expect(told).toHaveLength(MATTERS_A_DAY + 1);
  const again = readWatch(JSON.parse(JSON.stringify(watch.save())));
  if ('fault' in again) throw new Error(again.fault);
  again.watch.govern(governing());
  const later = drift(again.watch, flood.slice(60));
  expect(later).toHaveLength(1);
  expect(later[0]).toMatchObject({ about: 'more', severity: 'high', facts: { beyond: 75 } });
});
