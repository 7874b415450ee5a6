import { describePacket } from '@wardline/policy';
import { expect, it } from 'vitest';
import { RECORD_OCTETS } from '../limits.ts';
import { packetOf } from './headers.ts';
import { LogError, type Told, ToldPackets } from './told-packets.ts';

const number = (value: number, size: 2 | 4, order: 'LE' | 'BE' = 'LE') => {
  const octets = Buffer.alloc(size);
  if (size === 2) octets[`writeUInt16${order}`](value);
  else octets[`writeUInt32${order}`](value);
  return octets;
};
const header = (linkType = 239) =>
  Buffer.concat([number(0xa1b2c3d4, 4), Buffer.alloc(16), number(linkType, 4)]);

function attribute(type: number, value: Buffer): Buffer {
  const filling = Buffer.alloc((4 - (value.length % 4)) % 4);
  return Buffer.concat([number(value.length + 4, 2), number(type, 2), value, filling]);
}

function record(prefix: string, packet: Buffer): Buffer {
  const octets = Buffer.concat([
    Buffer.from([2, 0, 0, 77]),
    attribute(4, number(3, 4, 'BE')),
    attribute(10, Buffer.from(`${prefix}\0`)),
    attribute(9, packet),
  ]);
  return Buffer.concat([
    number(1_764_000_000, 4),
    number(5, 4),
    number(octets.length, 4),
    number(octets.length, 4),
    octets,
  ]);
}

/** A TCP segment with SYN from 10.91.1.2:40000 to 10.91.2.2:23. */
const syn = Buffer.from(
  `4500002800004000400600000a5b01020a5b02029c400017${'00'.repeat(8)}5002${'0000'.repeat(3)}`,
  'hex',
);
/** An echo request behind a hop-by-hop header (RFC 8200 §4.3). */
const echo = Buffer.from(
  `6000000000100040fd00${'00'.repeat(13)}01fd00${'00'.repeat(13)}023a00${'01'.repeat(6)}8000${'00'.repeat(6)}`,
  'hex',
);
const words = ({ verdict, declaration, packet, interfaces }: Told) =>
  `${verdict} ${declaration}: ${describePacket(packet)} in ${interfaces.in}`;

it('reads each packet with what decided on it, in whatever pieces the stream comes', () => {
  const stream = Buffer.concat([
    header(),
    record('wardline drop must-deny no remote login', syn),
    record('another program', syn),
    record('wardline alert conduit images', echo),
  ]);
  const expected = [
    'drop must-deny no remote login: tcp 10.91.1.2:40000 → 10.91.2.2:23 in 3',
    'alert conduit images: icmpv6 type 128 code 0 fd00::1 → fd00::2 in 3',
  ];
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const reader = new ToldPackets();
    const told = [...reader.push(stream.subarray(0, cut)), ...reader.push(stream.subarray(cut))];
    expect(told.map(words)).toEqual(expected);
  }
});

it('of a packet cut at any place tells what is there and invents nothing', () => {
  for (const whole of [syn, echo])
    for (let length = 0; length < whole.length; length += 1) {
      const packet = packetOf(whole.subarray(0, length));
      if (packet !== null) expect(packet.source).toBe(packetOf(whole)!.source);
    }
});

it('refuses what is no such stream, and a record longer than there can be', () => {
  expect(() => new ToldPackets().push(header(1))).toThrow(LogError);
  const sized = (length: number) =>
    Buffer.concat([header(), Buffer.alloc(8), number(length, 4), number(length, 4)]);
  expect(new ToldPackets().push(sized(RECORD_OCTETS))).toEqual([]);
  expect(() => new ToldPackets().push(sized(RECORD_OCTETS + 1))).toThrow(LogError);
});
