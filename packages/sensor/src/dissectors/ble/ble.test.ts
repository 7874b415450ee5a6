import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Sensor, type SensorDelta } from '../../engine.ts';
import { Redactor } from '../../redactor.ts';
import { allDamage } from '../../testing/damage.ts';
import { bytes, pcap } from '../../testing/frames.ts';
import { runFrame } from '../../testing/harness.ts';
import { onlyDelta } from '../../testing/only-delta.ts';
import { hasTshark } from '../../testing/tshark.ts';
import { ble } from './index.ts';
import { MAX_SERVICES } from './limits.ts';

const redactor = new Redactor(new Uint8Array(16), []);
const structure = (type: number, ...value: (number | string)[]) => {
  const content = bytes(type, ...value);
  return bytes(content.length, content);
};

/** An advertisement with the radio's header in front; the address is given as it is written. */
function advert(type: number, address: number[], data: Uint8Array, flags = 0x0c00): Uint8Array {
  const radio = bytes(37, 200, 0, 0, new Uint8Array(4), flags & 255, flags >> 8);
  return bytes(radio, 0xd6, 0xbe, 0x89, 0x8e, type, 6 + data.length, ...address.toReversed(), data, 1, 2, 3);
}

function sense(frames: Uint8Array[], linkType = 256): SensorDelta {
  const sensor = new Sensor({ capture: 'x', redactor });
  for (const [i, one] of frames.entries())
    sensor.frame(linkType, one, 0, one.length, one.length, i + 1, i + 1);
  return onlyDelta(sensor);
}

const PUBLIC = [0x00, 0x60, 0x19, 1, 2, 3];
const STATIC = [0xc2, 1, 2, 3, 4, 5];
const PRIVATE = [0x42, 1, 2, 3, 4, 5];
const RANDOM = 0x40;
const meter = bytes(
  structure(1, 6),
  structure(3, 0x08, 0x18, 0x0a, 0x18),
  structure(0x19, 0x00, 0x04),
  structure(9, 'meter+05427'),
);

describe('an advertisement', () => {
  test('of a device of care says its services, kind and name', () => {
    const { sightings } = sense([advert(0, PUBLIC, meter)]);
    expect(sightings.map(({ kind, subject, facts }) => [kind, subject.mac, facts])).toEqual([
      [
        'ble.advert',
        '00:60:19:01:02:03',
        { address: 'public', services: ['glucose', '180a'], appearance: 'glucose', name: 'meter+05427' },
      ],
    ]);
  });

  test('of anything else does not say its name', () => {
    const phone = bytes(
      structure(9, "Anna's phone"),
      structure(0xff, 0x4c, 0, 1, 2),
      structure(0x16, 0x6f, 0xfd, 9),
    );
    const delta = sense([advert(4 | RANDOM, STATIC, phone)]);
    expect(delta.sightings.map(({ facts }) => facts)).toEqual([
      { address: 'static', services: ['fd6f'], company: '004c' },
    ]);
    expect(JSON.stringify(delta)).not.toMatch(/anna/i);
  });

  test('under an address that changes is not told of at all', () => {
    expect(sense([advert(0 | RANDOM, PRIVATE, meter)])).toMatchObject({
      sightings: [],
      statistics: { dropped: {} },
    });
  });

  test.each([
    ['the radio found it damaged', advert(0, PUBLIC, meter, 0x0400), 'radio-checksum'],
    ['it is longer than its frame', advert(0, PUBLIC, meter).with(15, 200), 'ble-length'],
    ['a structure is longer than the rest', advert(0, PUBLIC, bytes(30, 9, 'x')), 'ble-length'],
    ['it belongs to a connection', advert(0, PUBLIC, meter).with(10, 1), 'radio-connection'],
  ])('is counted and not believed where %s', (_what, frame, cause) => {
    expect(sense([frame])).toMatchObject({ sightings: [], statistics: { dropped: { [cause]: 1 } } });
  });

  test('is read without the radio in front, and requests say nothing', () => {
    expect(sense([advert(0, PUBLIC, meter).subarray(10)], 251).sightings).toHaveLength(1);
    expect(sense([advert(3, PUBLIC, new Uint8Array(6))]).sightings).toEqual([]);
  });

  test(`tells ${MAX_SERVICES} services and no more`, () => {
    const many = Array.from({ length: MAX_SERVICES + 4 }, (_, i) => [i, 0x20]).flat();
    const [sighting] = sense([advert(0, PUBLIC, structure(3, ...many))]).sightings;
    const { services } = sighting!.facts as { services: string[] };
    expect(services).toHaveLength(MAX_SERVICES);
  });

  test('holds against truncation, flipped bits and absurd lengths', () => {
    const damaged = allDamage(advert(0, PUBLIC, meter));
    const { statistics } = sense(damaged);
    expect(statistics.packets).toBe(damaged.length);
    expect(Object.keys(statistics.dropped).filter((cause) => cause.startsWith('fault'))).toEqual([]);
  });

  test('says nothing of what ends before its length', () => {
    for (const pdu of [bytes(), bytes(0), bytes(0, 40)])
      expect(runFrame(ble, [pdu])).toMatchObject({ sightings: [], malformed: { 'ble-length': 1 } });
  });

  test.skipIf(!hasTshark())('is read as tshark reads it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'wardline-ble-'));
    try {
      writeFileSync(join(folder, 'air.pcap'), pcap([advert(0, PUBLIC, meter)], { linkType: 256 }));
      const entries = ['uuid_16', 'appearance', 'device_name'].map(
        (field) => `btcommon.eir_ad.entry.${field}`,
      );
      const fields = ['btle.advertising_address', ...entries].flatMap((field) => ['-e', field]);
      const args = ['-n', '-r', join(folder, 'air.pcap'), '-T', 'fields', ...fields];
      const { stdout } = spawnSync('tshark', args, { encoding: 'utf8' });
      expect(stdout).toContain('00:60:19:01:02:03');
      expect(stdout).toMatch(/0x1808,0x180a|6152,6154/);
      expect(stdout).toContain('meter+05427');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
