import { describe, expect, it } from 'vitest';
import { allDamage, hex } from '../../testing/damage.ts';
import { runFrame } from '../../testing/harness.ts';
import { stp } from './index.ts';

const rapid = hex('0000 02 02 3c 8001 020000000001 00000004 8002 020000000002 8003 0100 1400 0200 0f00 00');

describe('stp', () => {
  it('states bridge and root', () => {
    expect(runFrame(stp, [rapid]).sightings[0]?.facts).toEqual({
      protocol: 'rstp',
      bridgeMac: '02:00:00:00:00:02',
      bridgePriority: 0x8002,
      rootMac: '02:00:00:00:00:01',
      rootPriority: 0x8001,
      isRoot: false,
    });
  });

  it('counts what is none or cut off, and takes any damage', () => {
    expect(runFrame(stp, [hex('0001 00 00')]).malformed).toEqual({ 'stp-version': 1 });
    expect(runFrame(stp, [rapid.subarray(0, 30)])).toMatchObject({
      sightings: [],
      malformed: { 'stp-length': 1 },
    });
    for (const damaged of allDamage(rapid)) runFrame(stp, [damaged]);
  });
});
