import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { missingPrograms } from '../lab/preflight.ts';
import { commissionAll, Hospital, type RolloutSeen } from './hospital.ts';
import { cutPower, pumps, wireWard } from './ward.ts';

// Three pumps that boot, run, update, fail and recover, beside a real server and a sensor that hears their ward. Each image is a
// program that runs; what is seen of it comes over the wire.

const possible = process.platform === 'linux' && process.getuid?.() === 0 && missingPrograms().length === 0;
const [first, second, third] = pumps as [(typeof pumps)[0], (typeof pumps)[0], (typeof pumps)[0]];

describe.skipIf(!possible)('a ward of infusion pumps', () => {
  let lab: Lab;
  let hospital: Hospital;
  let assets: string[];
  const stateOf = ({ devices }: RolloutSeen, asset: string | undefined) =>
    devices.find((device) => device.asset === asset)?.state;
  const states = async (rollout: string) => {
    const seen = await hospital.rollout(rollout);
    return assets.map((asset) => stateOf(seen, asset));
  };
  const starts = (pump: (typeof pumps)[0]) =>
    hospital
      .said(pump)
      .match(/^start .*\/[ab]$/gm)
      ?.map((line) => line.at(-1));

  beforeAll(async () => {
    lab = new Lab(`wlu${process.pid % 10_000}-`);
    hospital = new Hospital(lab);
    await wireWard(lab);
    await hospital.open();
    await Promise.all([hospital.foundAuthority(), hospital.publish()]);
    assets = await commissionAll(lab, hospital);
  }, 240_000);
  afterAll(() => lab?.close());

  it('updates those that are idle, one through power cuts; and not the one with a patient, which says that it is idle', async () => {
    for (const pump of pumps)
      await expect.poll(() => hospital.said(pump)).toContain('2.0: {"state":"nothing"}');
    const rollout = await hospital.rollOut('2.1', '100', '--rate', '8');
    for (let cut = 0, held = 0; cut < 2; cut++) {
      await expect.poll(() => hospital.fetched(second) ?? 0, { interval: 20 }).toBeGreaterThan(held);
      await cutPower(lab, second);
      held = hospital.fetched(second)!;
      hospital.switchOn(second);
    }
    await expect.poll(() => states(rollout), { timeout: 90_000 }).toEqual(['done', 'done', 'waiting']);
    expect(hospital.said(third)).toContain('{"state":"waits","because":"in-use"}');
    expect(hospital.said(third)).not.toContain('installed');
    expect(starts(first)).toEqual(['a', 'b']);
    expect(starts(second)).toEqual(['a', 'a', 'a', 'b']);
    expect(starts(third)).toEqual(['a']);
    await hospital.asked('firmware', 'rollout', 'stop', rollout, '--reason', 'the third has a patient');
  });

  it('halts where the canary hangs, which goes back by itself to what it ran', async () => {
    const rollout = await hospital.rollOut('2.2', '40,100');
    await expect
      .poll(async () => (await hospital.rollout(rollout)).state, { timeout: 90_000 })
      .toBe('halted');
    const seen = await hospital.rollout(rollout);
    const canary = pumps[assets.findIndex((asset) => stateOf(seen, asset) === 'failed')]!;
    expect(seen.devices.map(({ state }) => state).sort()).toEqual(['failed', 'waiting', 'waiting']);
    expect(seen.devices.find(({ state }) => state === 'failed')!.because).toBe(
      'it did not show that it works',
    );
    // Three starts of the image on trial, each ended by the watchdog, and then the slot before.
    expect(starts(canary)?.slice(-5)).toEqual(['b', 'a', 'a', 'a', 'b']);
    await hospital.asked('firmware', 'rollout', 'stop', rollout, '--reason', '2.2 hangs');
  });

  it('rolls forward to the release after', async () => {
    const rollout = await hospital.rollOut('2.3', '100');
    await expect.poll(() => states(rollout), { timeout: 90_000 }).toEqual(['done', 'done', 'waiting']);
    await expect.poll(() => hospital.said(first)).toContain('2.3: {"state":"nothing"}');
  });
});
