import { describe, expect, it } from 'vitest';
import { allDamage, hex } from '../../testing/damage.ts';
import { bytes, u16 } from '../../testing/frames.ts';
import { runDatagram, runFrame } from '../../testing/harness.ts';
import { ptp, ptpFrame } from './index.ts';

const clock = hex('020000fffe000099');

function message(type: number, body: Uint8Array): Uint8Array {
  const tail = bytes(new Uint8Array(14), clock, u16(1), u16(7), 0, 1, body);
  return bytes(type, 2, u16(6 + tail.length), 5, 0, tail);
}

const announce = message(
  11,
  bytes(new Uint8Array(13), 128, 6, 0x21, u16(0), 128, hex('0200 00ff fe00 0001'), u16(0), 0x20),
);
const request = message(1, new Uint8Array(10));

describe('ptp', () => {
  it('tells who gives the time and who takes it', () => {
    const taken = { clockId: '020000fffe000099', domain: 5 };
    const given = { grandmaster: '020000fffe000001', clockClass: 6, priority: 128 };
    expect(runDatagram(ptp, [['client', announce]]).sightings[0]?.facts).toEqual({
      role: 'master',
      ...taken,
      ...given,
    });
    expect(runDatagram(ptp, [['client', request]]).sightings[0]?.facts).toEqual({ role: 'slave', ...taken });
    expect(runFrame(ptpFrame, [bytes(announce, 0, 0)]).sightings).toHaveLength(1);
  });

  it('does not take other datagrams, and takes any damage', () => {
    for (const other of [bytes(announce, 0), bytes(11, 1, announce.subarray(2)), announce.subarray(0, 60)])
      expect(runDatagram(ptp, [['client', other]]).recognised).toBe('no');
    for (const damaged of allDamage(announce)) {
      runFrame(ptpFrame, [damaged]);
      runDatagram(ptp, [['client', damaged]], { force: true });
    }
  });
});
