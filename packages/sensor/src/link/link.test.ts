import { describe, expect, test } from 'vitest';
import { Sensor, type SensorDelta } from '../engine.ts';
import { MAX_NESTED_LINKS } from '../limits.ts';
import { Redactor } from '../redactor.ts';
import { allDamage } from '../testing/damage.ts';
import { bytes, ethernet, u16, u32, udpFrame } from '../testing/frames.ts';
import { onlyDelta } from '../testing/only-delta.ts';

const NFLOG = 239;
const PKTAP = 258;
const redactor = new Redactor(new Uint8Array(16), []);
const there = { source: '10.0.0.1', target: '10.0.0.2', sourcePort: 50_000, targetPort: 104 };
const frame = udpFrame(there, 'hello');
const packet = frame.subarray(14);
const little16 = (value: number) => u16(value).reverse();
const little32 = (value: number) => u32(value).reverse();

function sense(frames: readonly Uint8Array[], linkType: number): SensorDelta {
  const sensor = new Sensor({ capture: 'x', redactor });
  for (const [i, one] of frames.entries())
    sensor.frame(linkType, one, 0, one.length, one.length, i + 1, i + 1);
  return onlyDelta(sensor);
}

/** Attributes padded to four bytes, the packet last. */
const nflog = bytes(
  2,
  0,
  u16(0),
  little16(7),
  little16(10),
  'abc',
  0,
  little16(4 + packet.length),
  little16(9),
  packet,
);
const pktap = (linkType: number, content: Uint8Array, record = 1) =>
  bytes(little32(20), little32(record), little32(linkType), new Uint8Array(8), content);

const cases: [string, number, Uint8Array][] = [
  ['netfilter log', NFLOG, nflog],
  ['PKTAP of Ethernet', PKTAP, pktap(1, frame)],
  ['PKTAP of raw IP', PKTAP, pktap(12, packet)],
  ['PKTAP of loopback', 149, pktap(0, bytes(little32(2), packet))],
];

describe.each(cases)('%s', (_name, linkType, whole) => {
  test('is read', () => {
    const { conversations, statistics } = sense([whole], linkType);
    expect(conversations.map(({ client, serverPort }) => [client.ip, serverPort])).toEqual([
      ['10.0.0.1', 104],
    ]);
    expect(statistics.dropped).toEqual({});
  });

  test('holds against truncation, flipped bits and absurd lengths', () => {
    const damaged = allDamage(whole);
    const { statistics } = sense(damaged, linkType);
    expect(statistics.packets).toBe(damaged.length);
    expect(Object.keys(statistics.dropped).filter((cause) => cause.startsWith('fault'))).toEqual([]);
  });
});

test('a record that is no packet, and one inside another, are not read', () => {
  const cut = { 'truncated-link': 1 };
  expect(sense([pktap(1, frame, 2)], PKTAP).statistics.dropped).toEqual(cut);
  expect(sense([pktap(PKTAP, pktap(1, frame))], PKTAP).statistics.dropped).toEqual(cut);
});

test(`link layers inside one another are read ${MAX_NESTED_LINKS} deep and no deeper`, () => {
  const nested = (times: number) =>
    Array.from({ length: times }).reduce<Uint8Array>(
      (inner) => ethernet(0x88e7, bytes(u32(1), inner)),
      frame,
    );
  expect(sense([nested(MAX_NESTED_LINKS)], 1).conversations).toHaveLength(1);
  expect(sense([nested(MAX_NESTED_LINKS + 1)], 1).statistics.dropped).toEqual({ 'nested-link': 1 });
});
