import { describe, expect, it } from 'vitest';
import { allDamage, hex } from '../../testing/damage.ts';
import { bytes } from '../../testing/frames.ts';
import { runFrame } from '../../testing/harness.ts';
import { lldp } from './index.ts';

function tlv(type: number, ...value: (number | string | Uint8Array)[]): Uint8Array {
  const content = bytes(...value);
  return bytes((type << 1) | (content.length >>> 8), content.length & 255, content);
}

const chassis = tlv(1, 4, hex('020000000001'));
const port = tlv(2, 3, hex('020000000002'));
const whole = bytes(
  chassis,
  port,
  tlv(3, 0, 120),
  tlv(4, 'GigabitEthernet0/13'),
  tlv(5, 'switch-3'),
  tlv(6, 'Switch OS 1.2'),
  tlv(7, 0, 0x14, 0, 0x04),
  tlv(8, 5, 1, hex('0a000003'), 2, 0, 0, 0, 1, 0),
  tlv(127, hex('0080c2 01 0064')),
  tlv(127, hex('0012bb 09'), 'Acme'),
  tlv(127, hex('0012bb 0a'), 'Pump 3000'),
  tlv(127, hex('0012bb 08'), 'SN-17'),
  tlv(0),
);

describe('lldp', () => {
  it('states what the neighbour says of itself', () => {
    const { sightings, malformed } = runFrame(lldp, [whole]);
    expect(malformed).toEqual({});
    expect(sightings[0]?.facts).toEqual({
      chassisId: '02:00:00:00:00:01',
      portId: '02:00:00:00:00:02',
      portDescription: 'GigabitEthernet0/13',
      systemName: 'switch-3',
      systemDescription: 'Switch OS 1.2',
      capabilities: ['bridge'],
      managementAddress: '10.0.0.3',
      portVlan: 100,
      medManufacturer: 'Acme',
      medModel: 'Pump 3000',
      medSerial: 'SN-17',
    });
  });

  it('formats identifiers by their subtype', () => {
    const network = bytes(tlv(1, 5, 1, hex('0a000003')), tlv(2, 7, 'port 7'), tlv(0));
    expect(runFrame(lldp, [network]).sightings[0]?.facts).toEqual({
      chassisId: '10.0.0.3',
      portId: 'port 7',
    });
  });

  it('keeps what stands before a length that runs over the end', () => {
    const run = runFrame(lldp, [bytes(chassis, port, 0x0b, 0xff, 'short')]);
    expect(run.malformed).toEqual({ 'lldp-length': 1 });
    expect(run.sightings).toHaveLength(1);
  });

  it('refuses a frame that does not begin with the chassis', () => {
    expect(runFrame(lldp, [bytes(port, chassis)]).malformed).toEqual({ 'lldp-order': 1 });
  });

  it('takes any damage', () => {
    for (const damaged of allDamage(whole)) runFrame(lldp, [damaged]);
  });
});
