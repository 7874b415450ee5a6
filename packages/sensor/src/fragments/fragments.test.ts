import { describe, expect, test } from 'vitest';
import type { DatagramDissector, StreamDissector } from '../dissector.ts';
import { Sensor, type SensorDelta } from '../engine.ts';
import { FRAGMENT_COST, FRAGMENT_MICROS, MAX_DATAGRAM_FRAGMENTS, type SensorLimits } from '../limits.ts';
import { Redactor } from '../redactor.ts';
import { allDamage } from '../testing/damage.ts';
import { bytes, ethernet, ipv4, tcp, u16, u32, udp } from '../testing/frames.ts';
import { onlyDelta } from '../testing/only-delta.ts';
import { frameTunnels } from '../testing/tunnels.ts';

const redactor = new Redactor(new Uint8Array(16), []);
const there = { source: '10.0.0.1', target: '10.0.0.2', sourcePort: 50_000, targetPort: 104 };
const text = Array.from({ length: 300 }, (_, i) => String.fromCharCode(97 + (i % 26))).join('');

interface Piece {
  offset: number;
  data: Uint8Array;
  more: boolean;
}

type Make = (id: number, piece: Piece, protocol?: number) => Uint8Array;

const v4: Make = (id, { offset, data, more }, protocol = 17) =>
  ethernet(0x0800, ipv4(there, { protocol, id, fragmentOffset: offset, moreFragments: more }, data));

const address = (last: number) => bytes(0x20, 1, 0x0d, 0xb8, new Uint8Array(11), last);
const v6: Make = (id, { offset, data, more }, protocol = 17) => {
  const header = bytes(protocol, 0, u16(offset | (more ? 1 : 0)), u32(id));
  const head = bytes(0x60, 0, 0, 0, u16(8 + data.length), 44, 64, address(1), address(2));
  return ethernet(0x86dd, bytes(head, header, data));
};

function cut(data: Uint8Array, size: number): Piece[] {
  const pieces: Piece[] = [];
  for (let offset = 0; offset < data.length; offset += size) {
    pieces.push({ offset, data: data.subarray(offset, offset + size), more: offset + size < data.length });
  }
  return pieces;
}

class Bench {
  readonly datagrams: string[] = [];
  readonly streams: string[] = [];
  readonly sensor: Sensor;
  time = 1_000_000_000;
  #packet = 0;

  constructor(limits: Partial<SensorLimits> = {}) {
    const datagram: DatagramDissector = {
      name: 'text',
      cost: 1,
      recognise: () => true,
      onDatagram: (payload) => void this.datagrams.push(String.fromCharCode(...payload)),
    };
    const stream: StreamDissector = {
      name: 'text',
      cost: 1,
      recognise: (client) => (client.length > 0 ? 'yes' : 'more'),
      open: () => ({
        onData: (_from, data) => {
          this.streams.push(String.fromCharCode(...data));
          return data.length;
        },
      }),
    };
    const dissectors = { stream: [stream], datagram: [datagram], frame: [], packet: [] };
    this.sensor = new Sensor({ capture: 'x', redactor, limits, dissectors });
  }

  feed(...frames: Uint8Array[]): this {
    for (const frame of frames) {
      this.#packet += 1;
      this.time += 1000;
      this.sensor.frame(1, frame, 0, frame.length, frame.length, this.time, this.#packet);
    }
    return this;
  }

  finish(): SensorDelta {
    return onlyDelta(this.sensor);
  }
}

describe.each([
  ['IPv4', v4],
  ['IPv6', v6],
])('fragments of %s', (version, make) => {
  const whole = udp(there, text);

  test.each([
    ['in order', (pieces: Piece[]) => pieces],
    ['the last first', (pieces: Piece[]) => pieces.toReversed()],
    ['each twice', (pieces: Piece[]) => pieces.flatMap((piece) => [piece, piece])],
    ['shuffled', (pieces: Piece[]) => pieces.toSorted((a, b) => (a.offset % 7) - (b.offset % 7))],
  ])('make one datagram: %s', (_order, arrange) => {
    const bench = new Bench().feed(...arrange(cut(whole, 48)).map((piece) => make(1, piece)));
    expect(bench.datagrams).toEqual([text]);
    expect(bench.sensor.fragmentBytes).toBeLessThanOrEqual(2 * FRAGMENT_COST);
    const { conversations, statistics } = bench.finish();
    const packets = conversations.reduce(
      (sum, row) => sum + row.packetsFromClient + row.packetsFromServer,
      0,
    );
    expect(packets).toBe(statistics.packets);
    expect(statistics.dropped).toEqual({});
  });

  test('are counted one by one, with their own bytes, to the conversation of the first', () => {
    const frames = cut(whole, 48).map((piece) => make(1, piece));
    const [row, ...others] = new Bench().feed(...frames).finish().conversations;
    expect(others).toEqual([]);
    expect(row).toMatchObject({ serverPort: 104, packetsFromClient: 7, application: 'text' });
    expect(row?.bytesFromClient).toBe(frames.reduce((sum, frame) => sum + frame.length, 0));
  });

  test('of a TCP segment reach the stream as one segment', () => {
    const segment = tcp(there, { flags: 24, sequence: 7, payload: text });
    expect(new Bench().feed(...cut(segment, 16).map((piece) => make(1, piece, 6))).streams).toEqual([text]);
  });

  test('of several datagrams do not mix', () => {
    const other = udp(there, text.toUpperCase());
    const [one, two] = [cut(whole, 80), cut(other, 80)];
    const frames = one.flatMap((piece, i) => [make(1, piece), make(2, two[i]!)]);
    expect(new Bench().feed(...frames).datagrams).toEqual([text, text.toUpperCase()]);
  });

  test('of the next datagram with the same identification make the next', () => {
    const frames = [text, text.toUpperCase()].flatMap((part) =>
      cut(udp(there, part), 80).map((piece) => make(1, piece)),
    );
    expect(new Bench().feed(...frames).datagrams).toEqual([text, text.toUpperCase()]);
  });

  test('that overlap: the first wins in IPv4, none in IPv6 (RFC 5722)', () => {
    const evil = new Uint8Array(whole.length - 80).fill(0x21);
    const frames = [
      make(1, { offset: 0, data: whole.subarray(0, 96), more: true }),
      make(1, { offset: 80, data: bytes(evil.subarray(0, 16), whole.subarray(96)), more: false }),
    ];
    const bench = new Bench().feed(...frames);
    expect(bench.datagrams).toEqual(version === 'IPv4' ? [text] : []);
    expect(bench.finish().statistics.dropped).toEqual(version === 'IPv4' ? {} : { 'fragment-overlap': 1 });
  });

  test('that lie over several others fill the holes alone', () => {
    const evil = new Uint8Array(288).fill(0x21);
    const holes = [32, 96, 160].map((offset) =>
      make(1, { offset, data: whole.subarray(offset, offset + 32), more: true }),
    );
    const over = make(1, { offset: 0, data: bytes(whole.subarray(0, 8), evil.subarray(8)), more: true });
    const last = make(1, { offset: 288, data: whole.subarray(288), more: false });
    const found = new Bench().feed(...holes, last, over).datagrams;
    if (version === 'IPv6') expect(found).toEqual([]);
    else {
      const kept = (at: number) =>
        at < 8 || at >= 288 || (at >= 32 && at < 192 && Math.floor(at / 32) % 2 === 1);
      const expected = Array.from(whole, (byte, at) => (kept(at) ? String.fromCharCode(byte) : '!'));
      expect(found).toEqual([expected.slice(8).join('')]);
    }
  });

  test('that are damaged end their datagram: odd lengths, beyond the end, two ends, beyond 64 KiB', () => {
    const first = make(1, { offset: 0, data: whole.subarray(0, 80), more: true });
    const end = make(1, { offset: 240, data: whole.subarray(240), more: false });
    const cases: Piece[] = [
      { offset: 80, data: whole.subarray(80, 93), more: true },
      { offset: 400, data: new Uint8Array(8), more: true },
      { offset: 248, data: new Uint8Array(8), more: false },
      { offset: 65_528, data: new Uint8Array(16), more: false },
    ];
    for (const piece of cases) {
      const bench = new Bench().feed(first, end, make(1, piece));
      bench.feed(make(1, { offset: 80, data: whole.subarray(80, 240), more: true }));
      expect(bench.datagrams).toEqual([]);
      expect(bench.finish().statistics.dropped).toEqual({ 'fragment-damaged': 1 });
    }
  });

  test(`of one datagram may be ${MAX_DATAGRAM_FRAGMENTS} and no more`, () => {
    const of = (count: number) => udp(there, 'x'.repeat(count * 8 - 8));
    const found = (count: number) => new Bench().feed(...cut(of(count), 8).map((piece) => make(1, piece)));
    expect(found(MAX_DATAGRAM_FRAGMENTS).datagrams).toHaveLength(1);
    const beyond = found(MAX_DATAGRAM_FRAGMENTS + 1);
    expect(beyond.datagrams).toEqual([]);
    expect(beyond.finish().statistics.dropped).toEqual({ 'fragment-damaged': 1 });
  });

  test('are waited for just as long as the bound says', () => {
    const [first, last] = cut(whole, 160).map((piece) => make(1, piece));
    const after = (micros: number) => {
      const bench = new Bench().feed(first!);
      bench.time += micros - 1000;
      return bench.feed(last!);
    };
    expect(after(FRAGMENT_MICROS - 1).datagrams).toHaveLength(1);
    const late = after(FRAGMENT_MICROS);
    expect(late.datagrams).toEqual([]);
    expect(late.finish().statistics.evicted).toEqual({ fragments: 1 });
  });

  test('that never end stay within the bounds in datagrams and bytes, and are counted', () => {
    const bench = new Bench({ fragments: 50, fragmentBytes: 20_000 });
    for (let id = 1; id <= 2000; id++) {
      const data = new Uint8Array(id % 2 === 0 ? 1000 : 8);
      bench.feed(make(id, { offset: 8, data, more: true }));
      expect(bench.sensor.fragmentBytes).toBeLessThanOrEqual(20_000);
    }
    const { statistics } = bench.finish();
    const { fragments = 0, 'fragment-bytes': byBytes = 0 } = statistics.evicted;
    expect(fragments + byBytes).toBeGreaterThan(1900);
    expect(statistics.packets).toBe(2000);
  });

  test('hold against truncation, flipped bits and absurd lengths', () => {
    const frames = cut(whole, 160).map((piece) => make(1, piece));
    for (const [i, frame] of frames.entries()) {
      const bench = new Bench({ fragments: 8 });
      for (const damaged of allDamage(frame)) bench.feed(...frames.with(i, damaged));
      const faults = Object.keys(bench.finish().statistics.dropped).filter((cause) =>
        cause.startsWith('fault'),
      );
      expect(faults).toEqual([]);
    }
  });
});

test('a tunnel in fragments counts as what it carries, once', () => {
  const inner = ethernet(0x0800, ipv4({ ...there, source: '10.9.9.9' }, { protocol: 17 }, udp(there, text)));
  for (const name of ['vxlan', 'erspan-2', 'gre']) {
    const packet = frameTunnels[name]!(inner).subarray(18);
    const protocol = packet[9]!;
    const frames = cut(packet.subarray(20), 160).map((piece) => v4(3, piece, protocol));
    const bench = new Bench().feed(...frames);
    const { conversations, sightings } = bench.finish();
    expect(conversations.map((row) => [row.client.ip, row.packetsFromClient, row.bytesFromClient])).toEqual([
      ['10.9.9.9', 1, inner.length],
    ]);
    expect(sightings.filter(({ kind }) => kind === 'network.tunnel')).toMatchObject([{ count: 1 }]);
    expect(bench.datagrams).toEqual([text]);
  }
});

test('fragments that the snap length cut are not put together', () => {
  const frames = cut(udp(there, text), 160).map((piece) => v4(1, piece));
  const bench = new Bench();
  const first = frames[0]!.subarray(0, 60);
  bench.sensor.frame(1, first, 0, first.length, frames[0]!.length, 1, 1);
  bench.feed(...frames.slice(1));
  expect(bench.datagrams).toEqual([]);
  expect(bench.finish().statistics.dropped).toEqual({ 'cut-by-snap-length': 1 });
});
