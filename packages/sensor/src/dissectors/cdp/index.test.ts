import { describe, expect, it } from 'vitest';
import { allDamage, hex } from '../../testing/damage.ts';
import { bytes, u16, u32 } from '../../testing/frames.ts';
import { runFrame } from '../../testing/harness.ts';
import { checksumHolds } from './checksum.ts';
import { cdp } from './index.ts';

function tlv(type: number, ...value: (number | string | Uint8Array)[]): Uint8Array {
  const content = bytes(...value);
  return bytes(u16(type), u16(content.length + 4), content);
}

/** With the checksum that makes it hold. */
function frame(version: number, ...tlvs: Uint8Array[]): Uint8Array {
  const made = bytes(version, 180, 0, 0, ...tlvs);
  for (let sum = 0; sum <= 0xffff; sum++) {
    made.set(u16(sum), 2);
    if (checksumHolds(made)) return made;
  }
  throw new Error('no checksum holds');
}

const address = (digits: string) => bytes(u32(1), 1, 1, 0xcc, u16(4), hex(digits));
const whole = frame(
  2,
  tlv(1, 'switch-3.ward.example'),
  tlv(2, address('0a000003')),
  tlv(3, 'GigabitEthernet0/13'),
  tlv(4, u32(0x29)),
  tlv(5, 'Cisco IOS Software, C3560 Software (X-M), Version 12.2(44)SE\nCopyright'),
  tlv(6, 'cisco WS-C3560-24TS'),
  tlv(9, 'ward'),
  tlv(0x0a, u16(100)),
  tlv(0x0e, 1, u16(200)),
  tlv(0x10, u16(6300)),
  tlv(0x14, 'switch-3'),
  tlv(0x16, bytes(u32(2), address('00000000').subarray(4), address('0a000004').subarray(4))),
);

describe('cdp', () => {
  it('states what the neighbour says of itself', () => {
    const { sightings, malformed } = runFrame(cdp, [whole]);
    expect(malformed).toEqual({});
    expect(sightings[0]?.facts).toEqual({
      deviceId: 'switch-3.ward.example',
      systemName: 'switch-3',
      platform: 'cisco WS-C3560-24TS',
      softwareVersion: 'Cisco IOS Software, C3560 Software (X-M), Version 12.2(44)SE Copyright',
      portId: 'GigabitEthernet0/13',
      capabilities: ['router', 'switch', 'igmp'],
      address: '10.0.0.3',
      managementAddress: '10.0.0.4',
      nativeVlan: 100,
      voiceVlan: 200,
      vtpDomain: 'ward',
      powerMilliwatts: 6300,
    });
  });

  it('counts a checksum that does not hold', () => {
    const wrong = whole.slice();
    wrong[2]! ^= 1;
    const run = runFrame(cdp, [wrong]);
    expect(run.malformed).toEqual({ 'cdp-checksum': 1 });
    expect(run.sightings).toHaveLength(1);
  });

  it('adds the last byte of an odd length as a signed number', () => {
    const low = frame(1, tlv(1, 'a\x7f\x01'));
    const high = frame(1, tlv(1, 'a\x7f\xfe'));
    expect([low.length % 2, high.length % 2]).toEqual([1, 1]);
    expect(high.subarray(2, 4)).not.toEqual(low.subarray(2, 4));
  });

  it('keeps what stands before a length that runs over the end, and says nothing without a name', () => {
    const run = runFrame(cdp, [bytes(whole, u16(3), u16(99), 'x')]);
    expect(run.malformed).toMatchObject({ 'cdp-length': 1 });
    expect(run.sightings).toHaveLength(1);
    expect(runFrame(cdp, [frame(2, tlv(6, 'x'))]).sightings).toEqual([]);
  });

  it('refuses other versions', () => {
    expect(runFrame(cdp, [bytes(3, whole.subarray(1))])).toMatchObject({
      sightings: [],
      malformed: { 'cdp-version': 1 },
    });
  });

  it('takes any damage', () => {
    for (const damaged of allDamage(whole)) runFrame(cdp, [damaged]);
  });
});
