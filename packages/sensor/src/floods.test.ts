import { describe, expect, test } from 'vitest';
import { Sensor, type SensorDelta } from './engine.ts';
import { SESSION_BUFFER, type SensorLimits } from './limits.ts';
import { Redactor } from './redactor.ts';
import { bytes, type Ends, ethernet, ipv4, tcp, tcpFrame, udpFrame } from './testing/frames.ts';
import { handshake, record } from './testing/tls-hello.ts';

const redactor = new Redactor(new Uint8Array(32), []);

interface Flooded {
  packets: number;
  evicted: Record<string, number>;
  mostConnections: number;
  mostBytes: number;
  sightings: number;
}

function flood(limits: Partial<SensorLimits>, frames: Iterable<Uint8Array>): Flooded {
  const sensor = new Sensor({ capture: 'flood', redactor, limits });
  const seen: Flooded = { packets: 0, evicted: {}, mostConnections: 0, mostBytes: 0, sightings: 0 };
  let number = 0;
  for (const frame of frames) {
    number += 1;
    sensor.frame(1, frame, 0, frame.length, frame.length, 1_000_000 + number * 10, number);
    seen.mostConnections = Math.max(seen.mostConnections, sensor.connections);
    seen.mostBytes = Math.max(seen.mostBytes, sensor.streamBytes + sensor.fragmentBytes);
    if (sensor.full) add(seen, sensor.drain());
  }
  for (const delta of sensor.finish()) add(seen, delta);
  expect(seen.packets).toBe(number);
  return seen;
}

/** Packets are counted by the conversations: those whose state was given up keep theirs. */
function add(seen: Flooded, { conversations, sightings, statistics }: SensorDelta): void {
  for (const { packetsFromClient, packetsFromServer } of conversations)
    seen.packets += packetsFromClient + packetsFromServer;
  seen.sightings += sightings.length;
  for (const [table, count] of Object.entries(statistics.evicted))
    seen.evicted[table] = (seen.evicted[table] ?? 0) + count;
}

function ends(i: number, targetPort: number): Ends {
  return {
    source: `11.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`,
    target: '10.0.0.1',
    sourcePort: 5000,
    targetPort,
  };
}

function* times(count: number, frame: (i: number) => Uint8Array): Generator<Uint8Array> {
  for (let i = 0; i < count; i++) yield frame(i);
}

describe('floods stay within the bounds, and what was given up is counted', () => {
  test('half-open connections', () => {
    const seen = flood(
      { connections: 500 },
      times(5000, (i) => tcpFrame(ends(i, 104), { flags: 2, sequence: i })),
    );
    expect(seen.mostConnections).toBe(500);
    expect(seen.evicted).toEqual({ connections: 4500 });
  });

  test('sources of one packet', () => {
    const seen = flood(
      { connections: 500, sightings: 300, rows: 200 },
      times(5000, (i) => udpFrame(ends(i, 9), 'x')),
    );
    expect(seen.mostConnections).toBe(500);
    expect(seen.evicted.connections).toBe(4500);
  });

  test('fragments without an end', () => {
    const piece = (i: number) =>
      ethernet(
        0x0800,
        ipv4(
          ends(i >> 5, 0),
          { protocol: 17, id: i >> 5, fragmentOffset: 8 * (i & 31), moreFragments: true },
          new Uint8Array(8),
        ),
      );
    const seen = flood({ fragments: 20, fragmentBytes: 20_000 }, times(6400, piece));
    expect(seen.mostBytes).toBeLessThanOrEqual(20_000);
    expect(Object.values(seen.evicted).reduce((a, b) => a + b)).toBeGreaterThan(100);
  });

  test('streams that each wait for the rest of a message', () => {
    const opening = bytes('\x0bMSH|^~\\&|', new Uint8Array(1000).fill(65));
    const seen = flood(
      { streamBytes: 100_000 },
      times(2000, (i) =>
        tcpFrame(ends(i % 200, 2575), {
          flags: 16,
          sequence: Math.floor(i / 200) * opening.length,
          payload: opening,
        }),
      ),
    );
    expect(seen.mostBytes).toBeLessThanOrEqual(100_000);
    expect(seen.evicted['stream-bytes']).toBeGreaterThan(100);
  });

  test('sessions that each keep what they took', () => {
    const begun = handshake(1, new Uint8Array(60_000)).subarray(0, 9000);
    begun.set([3, 3], 4);
    const payload = record(22, begun);
    const seen = flood(
      { streamBytes: 100_000 },
      times(200, (i) => tcpFrame(ends(i, 443), { flags: 16, sequence: 1, payload })),
    );
    expect(seen.mostBytes).toBeLessThanOrEqual(100_000);
    expect(seen.evicted['stream-bytes']).toBeGreaterThan(150);
  });

  test('a stream with holes', () => {
    const payload = new Uint8Array(1000);
    const seen = flood(
      { reorderBytes: 20_000 },
      times(3000, (i) =>
        tcpFrame(ends(0, 2575), {
          flags: 16,
          sequence: i === 0 ? 0 : i * 2000,
          payload: i === 0 ? '\x0bMSH|^~\\&|' : payload,
        }),
      ),
    );
    expect(seen.mostBytes).toBeLessThanOrEqual(20_000 + SESSION_BUFFER);
  });

  test('names without end', () => {
    const answer = (i: number) =>
      bytes(
        0,
        7,
        0x81,
        0x80,
        0,
        1,
        0,
        1,
        0,
        0,
        0,
        0,
        5,
        String(10_000 + i),
        0,
        0,
        1,
        0,
        1,
        0xc0,
        12,
        0,
        1,
        0,
        1,
        0,
        0,
        0,
        9,
        0,
        4,
        10,
        9,
        i >> 8,
        i & 255,
      );
    const from = { source: '10.0.0.1', target: '11.0.0.1', sourcePort: 53, targetPort: 5000 };
    const seen = flood(
      { sightings: 100, rows: 1_000_000 },
      times(2000, (i) => udpFrame(from, answer(i))),
    );
    expect(seen.sightings).toBe(100);
    expect(seen.evicted.sightings).toBeGreaterThan(1000);
  });

  test('a tag of every network, and tunnels in tunnels', () => {
    const ports = { source: '11.0.0.1', target: '10.0.0.1', sourcePort: 5000, targetPort: 9 };
    const packet = ipv4(ports, { protocol: 6 }, tcp(ports, { flags: 2, sequence: 1 }));
    const nested = (depth: number): Uint8Array =>
      depth === 0 ? packet : ipv4(ports, { protocol: 4 }, nested(depth - 1));
    const seen = flood({ connections: 100 }, [
      ...times(4094, (i) => ethernet(0x0800, packet, [[0x8100, i + 1]])),
      ...times(60, (i) => ethernet(0x0800, nested(i))),
    ]);
    expect(seen.mostConnections).toBe(100);
    expect(seen.evicted.connections).toBeGreaterThan(3900);
  });
});
