import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Asking, reasonToWait, type Use } from './gate.ts';
import {
  advance,
  type DeviceState,
  failuresAllowed,
  type Progress,
  type RolloutPlan,
  type WaveCount,
  waveOf,
} from './plan.ts';

const plan: RolloutPlan = {
  waves: [1, 10, 50, 100],
  mostFailed: 3,
  leastDone: 95,
  soakMinutes: 60,
  atOnce: 50,
  installMinutes: 30,
  silentMinutes: 240,
  kilobytesPerSecond: null,
  window: { fromHour: 22, hours: 6, timeZone: 'UTC' },
};
const MINUTE = 60_000;
const begun: Progress = { state: 'running', wave: 0, settled: null };

interface Device {
  wave: number;
  state: DeviceState;
  use: Use;
}

const hospital = (count: number): Device[] =>
  Array.from({ length: count }, (_, at) => ({
    wave: waveOf(at, count, plan),
    state: 'waiting',
    use: 'idle',
  }));

const countsOf = (devices: readonly Device[]): WaveCount[] =>
  plan.waves.map((_, wave) => {
    const count: WaveCount = { waiting: 0, installing: 0, done: 0, failed: 0 };
    for (const device of devices) if (device.wave === wave) count[device.state]++;
    return count;
  });

/** A small generator of its own, so that a run can be told again. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Minutes of a hospital: devices ask, install and report; some fail. Every device that begins is checked. */
function run(
  devices: Device[],
  failing: number,
  seed = 1,
): { progress: Progress; begunInUse: number; minutes: number } {
  const random = chance(seed);
  let [progress, begunInUse, minutes] = [begun, 0, 0];
  for (; minutes < 20_000 && progress.state === 'running'; minutes++) {
    for (const device of devices)
      if (random() < 0.02) device.use = (['idle', 'in-use', 'unknown'] as const)[Math.floor(random() * 3)]!;
    for (const device of devices)
      if (device.state === 'installing') device.state = random() < failing ? 'failed' : 'done';
    progress = advance(progress, countsOf(devices), plan, minutes * MINUTE);
    const openMinutes = 360 - ((minutes + 120) % 1440);
    let installing = 0;
    for (const device of devices) {
      const use = { said: device.use, seen: device.use };
      if (
        device.state !== 'waiting' ||
        reasonToWait({ progress, plan, device, use, openMinutes, installing }) !== null
      )
        continue;
      if (device.use !== 'idle' || openMinutes < 30) begunInUse++;
      device.state = 'installing';
      installing++;
    }
  }
  return { progress, begunInUse, minutes };
}

describe('a rollout', () => {
  it('over 2,000 devices of which 5 in 100 fail halts in an early wave, and begins on none that is in use', () => {
    const devices = hospital(2000);
    const { progress, begunInUse } = run(devices, 0.05);
    expect([progress.state, begunInUse]).toEqual(['halted', 0]);
    expect(progress.wave).toBeLessThan(3);
    const failed = devices.filter(({ state }) => state === 'failed').length;
    const touched = devices.filter(({ state }) => state !== 'waiting').length;
    expect(failed).toBeGreaterThan(0);
    expect(touched).toBeLessThan(1100);
  });

  it('over devices of which none fails ends with all of them', () => {
    const devices = hospital(300);
    const { progress } = run(devices, 0);
    expect(progress).toMatchObject({ state: 'finished', wave: 3 });
    expect(devices.every(({ state }) => state === 'done')).toBe(true);
  });

  it('has as many failures in a wave as are allowed, and halts at the next', () => {
    const wave = { waiting: 0, installing: 0, done: 97, failed: 3 };
    expect(failuresAllowed(wave, plan)).toBe(3);
    expect(advance(begun, [wave, wave], plan, 0).state).toBe('running');
    expect(advance(begun, [{ ...wave, done: 96, failed: 4 }, wave], plan, 0).state).toBe('halted');
  });

  it('watches a wave before the next begins', () => {
    const counts = [
      { waiting: 0, installing: 0, done: 1, failed: 0 },
      { waiting: 9, installing: 0, done: 0, failed: 0 },
    ];
    const settled = advance(begun, counts, plan, 5 * MINUTE);
    expect(settled).toEqual({ state: 'running', wave: 0, settled: 5 * MINUTE });
    expect(advance(settled, counts, plan, 64 * MINUTE).wave).toBe(0);
    expect(advance(settled, counts, plan, 65 * MINUTE)).toEqual({ state: 'running', wave: 1, settled: null });
  });

  it.each(['paused', 'halted', 'finished', 'stopped'] as const)(
    'does not move by itself when it is %s',
    (state) => {
      const counts = [{ waiting: 0, installing: 0, done: 1, failed: 0 }];
      expect(advance({ ...begun, state }, counts, plan, 0).state).toBe(state);
    },
  );

  it('puts every device into one wave, none of which is empty while there are devices for it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), (count) => {
        const waves = Array.from({ length: count }, (_, at) => waveOf(at, count, plan));
        expect(waves).toEqual([...waves].sort((a, b) => a - b));
        expect(waves[0]).toBe(0);
        expect(waves.at(-1)).toBe(count === 1 ? 0 : waves.at(-1));
      }),
    );
  });
});

describe('the moment before a device begins', () => {
  const asking: Asking = {
    progress: begun,
    plan,
    device: { state: 'waiting', wave: 0 },
    use: { said: 'idle', seen: 'idle' },
    openMinutes: 300,
    installing: 0,
  };
  const because = (change: Partial<Asking>) => reasonToWait({ ...asking, ...change });

  it('lets it begin when nothing stands against it', () => {
    expect(because({})).toBeNull();
    expect(because({ openMinutes: 30 })).toBeNull();
    expect(because({ device: { state: 'installing', wave: 0 }, installing: 50 })).toBeNull();
  });

  it.each<[string, Partial<Asking>]>([
    ['not-running', { progress: { ...begun, state: 'paused' } }],
    ['done-already', { device: { state: 'done', wave: 0 } }],
    ['failed-before', { device: { state: 'failed', wave: 0 } }],
    ['later-wave', { device: { state: 'waiting', wave: 1 } }],
    ['no-window', { openMinutes: null }],
    ['outside-window', { openMinutes: 0 }],
    ['window-too-short', { openMinutes: 29 }],
    ['too-many-at-once', { installing: 50 }],
  ])('says %s', (reason, change) => {
    expect(because(change)).toBe(reason);
  });

  it('lets none begin that is in use, or of which that is not known, whoever says so', () => {
    const uses: Use[] = ['idle', 'in-use', 'unknown'];
    for (const said of uses)
      for (const seen of uses) {
        const expected =
          said === 'in-use' || seen === 'in-use'
            ? 'in-use'
            : said === seen && said === 'idle'
              ? null
              : 'use-unknown';
        expect(because({ use: { said, seen } })).toBe(expected);
      }
  });
});
