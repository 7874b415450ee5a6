import { describe, expect, test } from 'vitest';
import { Sensor, type SensorDelta } from '../engine.ts';
import { Redactor } from '../redactor.ts';
import { allDamage } from '../testing/damage.ts';
import { bytes, tcpFrame, u16, u32, udpFrame } from '../testing/frames.ts';
import { onlyDelta } from '../testing/only-delta.ts';
import { radiotap, wifiAggregate, wifiData } from '../testing/radio.ts';

const WIFI = 105;
const RADIOTAP = 127;
const redactor = new Redactor(new Uint8Array(16), []);
const there = { source: '10.0.0.1', target: '10.0.0.2', sourcePort: 50_000, targetPort: 104 };
const frame = udpFrame(there, 'hello');

function sense(frames: readonly Uint8Array[], linkType = RADIOTAP): SensorDelta {
  const sensor = new Sensor({ capture: 'x', redactor });
  for (const [i, one] of frames.entries())
    sensor.frame(linkType, one, 0, one.length, one.length, i + 1, i + 1);
  return onlyDelta(sensor);
}

const endsOf = ({ conversations }: SensorDelta) =>
  conversations.map(({ client, server }) => [client, server]);
const wired = endsOf(sense([frame], 1));

describe('a data frame', () => {
  test.each([
    ['between stations', { flags: 0 }],
    ['to the access point', { flags: 1 }],
    ['from the access point', { flags: 2 }],
    ['between access points', { flags: 3 }],
    ['with QoS', { flags: 1, quality: 5 }],
    ['with QoS and HT control', { flags: 2, quality: 5, htc: true }],
    ['with four addresses and QoS', { flags: 3, quality: 0 }],
    ['of a mesh', { flags: 3, quality: 0x100, between: bytes(0, 31, u32(1)) }],
    [
      'of a mesh with more addresses',
      { flags: 3, quality: 0x100, between: bytes(2, 31, u32(1), new Uint8Array(12)) },
    ],
  ])('%s has the ends that it has on the wire', (_what, options) => {
    expect(endsOf(sense([radiotap(wifiData(frame, options))]))).toEqual(wired);
  });

  test.each([
    ['bare', WIFI, (inner: Uint8Array) => inner],
    ['radiotap with a checksum', RADIOTAP, (inner: Uint8Array) => bytes(radiotap(inner, 0x10), u32(7))],
    ['radiotap without flags', RADIOTAP, (inner: Uint8Array) => bytes(0, 0, 8, 0, u32(0), inner)],
    [
      'radiotap with two words of presence',
      RADIOTAP,
      (inner: Uint8Array) => bytes(0, 0, 14, 0, bytes(2, 0, 0, 128), u32(0), 0, 0, inner),
    ],
    ['Prism', 119, (inner: Uint8Array) => bytes(0x44, 0, 0, 0, 144, 0, 0, 0, new Uint8Array(136), inner)],
    ['AVS', 163, (inner: Uint8Array) => bytes(u32(0x80211001), u32(64), new Uint8Array(56), inner)],
    [
      'PPI with a checksum',
      192,
      (inner: Uint8Array) =>
        bytes(
          0,
          0,
          32,
          0,
          105,
          0,
          0,
          0,
          2,
          0,
          20,
          0,
          new Uint8Array(8),
          1,
          0,
          new Uint8Array(10),
          inner,
          u32(7),
        ),
    ],
  ])('is read behind what a card puts in front: %s', (_what, linkType, wrap) => {
    expect(endsOf(sense([wrap(wifiData(frame))], linkType))).toEqual(wired);
  });

  test('with a padded header is read behind the padding', () => {
    const padded = wifiData(frame, { quality: 0, between: bytes(0, 0) });
    expect(endsOf(sense([radiotap(padded, 0x20)]))).toEqual(wired);
  });

  test('of an aggregate counts by itself, with its own bytes', () => {
    const other = tcpFrame({ ...there, source: '10.0.0.9' }, { flags: 2, sequence: 1 });
    const { conversations, statistics } = sense([radiotap(wifiAggregate([frame, other, frame]))]);
    const rows = conversations.map((row) => [row.client.ip, row.packetsFromClient, row.bytesFromClient]);
    expect(rows.sort(([a], [b]) => (a! < b! ? -1 : 1))).toEqual([
      ['10.0.0.1', 2, 2 * (frame.length + 8)],
      ['10.0.0.9', 1, other.length + 8],
    ]);
    expect(statistics).toMatchObject({ packets: 1, dropped: {} });
  });

  test.each([
    ['encrypted', wifiData(frame, { flags: 0x41 }), 'radio-encrypted'],
    ['a control frame', bytes(0xd4, 0, u16(0), new Uint8Array(6)), 'radio-control'],
    ['a later fragment', wifiData(frame, { fragment: 1 }), 'radio-fragment'],
    ['cut off in its header', wifiData(frame).subarray(0, 20), 'truncated-link'],
  ])('that cannot be used is counted as such: %s', (_what, inner, cause) => {
    const { statistics, conversations } = sense([radiotap(inner)]);
    expect(statistics.dropped).toEqual({ [cause]: 1 });
    expect(conversations).toEqual([]);
  });

  test('of which the card says that the checksum is wrong is not believed', () => {
    expect(sense([radiotap(wifiData(frame), 0x40)]).statistics.dropped).toEqual({ 'radio-checksum': 1 });
  });

  test('encrypted or empty shows who is connected to whom, sent by the station alone', () => {
    const empty = wifiData(frame.subarray(0, 12));
    empty[0] = 0x48;
    const { sightings } = sense([
      radiotap(wifiData(frame, { flags: 0x41 })),
      radiotap(wifiData(frame, { flags: 0x42 })),
      radiotap(empty),
    ]);
    expect(sightings.map(({ kind, subject, facts }) => [kind, subject.mac, facts])).toEqual([
      ['wifi.client', '02:00:00:00:00:01', { bssid: '02:00:00:00:00:0a', encrypted: true }],
      ['wifi.client', '02:00:00:00:00:01', { bssid: '02:00:00:00:00:0a' }],
    ]);
  });
});

test.each([
  [
    'a data frame',
    RADIOTAP,
    radiotap(wifiData(frame, { flags: 3, quality: 0x100, between: bytes(0, 31, u32(1)) }), 0x10),
  ],
  ['an aggregate', RADIOTAP, radiotap(wifiAggregate([frame, frame]))],
  ['Prism', 119, bytes(0x44, 0, 0, 0, 144, 0, 0, 0, new Uint8Array(136), wifiData(frame))],
  ['PPI', 192, bytes(0, 0, 32, 0, 105, 0, 0, 0, 2, 0, 20, 0, new Uint8Array(20), wifiData(frame))],
])('%s holds against truncation, flipped bits and absurd lengths', (_what, linkType, whole) => {
  const damaged = allDamage(whole);
  const { statistics } = sense(damaged, linkType);
  expect(statistics.packets).toBe(damaged.length);
  expect(Object.keys(statistics.dropped).filter((cause) => cause.startsWith('fault'))).toEqual([]);
});
