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
/** IEEE 1588-2002: header, then what a synchronisation says of the grandmaster. */
const first = (control: number) =>
  bytes(
    bytes(u16(1), u16(1), '_DFLT', new Uint8Array(11), 1, 1, hex('020000000017'), u16(1), u16(7), control),
    bytes(new Uint8Array(7), new Uint8Array(13), 1, hex('020000000099'), u16(1), u16(9)),
    bytes(new Uint8Array(3), 2, 'GPS', 0, new Uint8Array(52)),
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

  it('reads the first version, which says it with each synchronisation', () => {
    const taken = { clockId: '020000000017', domain: '_DFLT' };
    const facts = (payload: Uint8Array) => runDatagram(ptp, [['client', payload]]).sightings[0]?.facts;
    expect(facts(first(0))).toEqual({ role: 'master', ...taken, grandmaster: '020000000099', stratum: 2 });
    expect(facts(first(1))).toEqual({ role: 'slave', ...taken });
    for (const other of [
      first(2),
      bytes(first(0), 0),
      first(0).with(3, 2),
      first(0).with(4, 0),
      first(0).with(20, 2),
    ])
      expect(facts(other)).toBeUndefined();
    for (const damaged of allDamage(first(0))) runDatagram(ptp, [['client', damaged]], { force: true });
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
