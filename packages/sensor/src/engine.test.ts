import type { Conversation, Sighting } from '@wardline/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DatagramDissector, DETACH, type Side, type StreamDissector } from './dissector.ts';
import { type Dissectors, Sensor, type SensorDelta } from './engine.ts';
import type { SensorLimits } from './limits.ts';
import { Redactor } from './redactor.ts';
import {
  bytes,
  type Ends,
  ethernet,
  ipv4,
  mac,
  tcpFrame,
  u16,
  u32,
  udp,
  udpFrame,
} from './testing/frames.ts';
import { onlyDelta } from './testing/only-delta.ts';

const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;

const redactor = new Redactor(new Uint8Array(16), []);
const none: Dissectors = { stream: [], datagram: [], frame: [], packet: [] };

/** A sensor that is fed frames a second apart. */
class Bench {
  readonly sensor: Sensor;
  readonly #memory = new Uint8Array(4096);
  time = 1_000_000_000;
  packet = 0;

  constructor(limits: Partial<SensorLimits> = {}, dissectors: Partial<Dissectors> = {}) {
    this.sensor = new Sensor({ capture: 'x', redactor, limits, dissectors: { ...none, ...dissectors } });
  }

  feed(frame: Uint8Array, linkType = 1, original = frame.length): this {
    this.packet += 1;
    this.time += 1_000_000;
    // All frames in the same memory, as a reader hands them over: nothing may hold on to it.
    this.#memory.fill(0xee);
    this.#memory.set(frame, 3);
    this.sensor.frame(linkType, this.#memory, 3, 3 + frame.length, original, this.time, this.packet);
    return this;
  }

  tcp(
    fromClient: boolean,
    flags: number,
    sequence: number,
    payload: Uint8Array | string = '',
    ends = there,
  ): this {
    return this.feed(tcpFrame(fromClient ? ends : back(ends), { flags, sequence, payload }));
  }

  finish(): SensorDelta {
    return onlyDelta(this.sensor);
  }
}

const there: Ends = { source: '10.0.0.1', target: '10.0.0.2', sourcePort: 50_000, targetPort: 104 };
const back = (ends: Ends): Ends => ({
  source: ends.target,
  target: ends.source,
  sourcePort: ends.targetPort,
  targetPort: ends.sourcePort,
});

function shown({ client, server, serverPort, basis }: Conversation): string {
  return `${client.ip} > ${server.ip}:${serverPort} by ${basis}`;
}

function outcomes({ connections }: Conversation): string {
  return Object.entries(connections)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

describe('link and network', () => {
  const udpPacket = (ends = there) => ipv4(ends, { protocol: 17 }, udp(ends, 'hello'));
  const vlanOf = (frame: Uint8Array) => new Bench().feed(frame).finish().conversations[0]?.client.vlan;

  test('takes the customer VLAN of tagged and doubly tagged frames', () => {
    expect(vlanOf(ethernet(0x0800, udpPacket()))).toBeNull();
    expect(vlanOf(ethernet(0x0800, udpPacket(), [[0x8100, 0x6007]]))).toBe(7);
    expect(vlanOf(ethernet(0x0800, udpPacket(), [[0x8100, 0]]))).toBeNull();
    expect(vlanOf(ethernet(0x0800, udpPacket(), [[0x8100, 4095]]))).toBeNull();
    expect(
      vlanOf(
        ethernet(0x0800, udpPacket(), [
          [0x88a8, 100],
          [0x8100, 7],
        ]),
      ),
    ).toBe(7);
    expect(
      vlanOf(
        ethernet(0x0800, udpPacket(), [
          [0x8100, 100],
          [0x8100, 7],
        ]),
      ),
    ).toBe(100);
    expect(vlanOf(ethernet(0x0800, udpPacket(), [[0x88a8, 100]]))).toBe(100);
  });

  test.each([
    ['Linux cooked', 113, bytes(u16(0), u16(1), u16(6), mac(1), 0, 0, u16(0x0800)), '02:00:00:00:00:01'],
    [
      'Linux cooked 2',
      276,
      bytes(u16(0x0800), 0, 0, u32(3), u16(1), 0, 6, mac(1), 0, 0),
      '02:00:00:00:00:01',
    ],
    ['raw', 101, bytes(), null],
    ['raw IPv4', 228, bytes(), null],
    ['null of a little-endian machine', 0, bytes(2, 0, 0, 0), null],
    ['loop', 108, bytes(0, 0, 0, 2), null],
    ['PPP', 9, bytes(0xff, 3, 0, 0x21), null],
    [
      '802.3 with SNAP',
      1,
      bytes(mac(2), mac(1), u16(60), 0xaa, 0xaa, 3, 0, 0, 0, u16(0x0800)),
      '02:00:00:00:00:01',
    ],
  ])('reads %s', (_name, linkType, head, from) => {
    const { conversations } = new Bench().feed(bytes(head, udpPacket()), linkType).finish();
    expect(conversations).toHaveLength(1);
    expect(conversations[0]?.client).toEqual({ mac: from, ip: '10.0.0.1', vlan: null });
  });

  test('walks IPv6 extension headers to the transport, and skips IPv4 options', () => {
    const address = (last: number) => bytes(0xfe, 0x80, new Uint8Array(13), last);
    const payload = bytes(60, 0, 0, 0, 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, udp(there, 'x'));
    const six = bytes(0x60, 0, 0, 0, u16(payload.length), 0, 9, address(1), address(2), payload);
    const options = ethernet(
      0x0800,
      ipv4(there, { protocol: 17, options: u32(0x01010100) }, udp(there, 'x')),
    );
    const { conversations } = new Bench().feed(ethernet(0x86dd, six)).feed(options).finish();
    expect(conversations.map(shown)).toEqual([
      'fe80::1 > fe80::2:104 by port',
      '10.0.0.1 > 10.0.0.2:104 by port',
    ]);
    expect(conversations.map((row) => row.transport)).toEqual(['udp', 'udp']);
  });

  test('counts later fragments to the conversation of the first, within the bound', () => {
    const whole = udp(there, 'x'.repeat(72));
    const first = (id: number) =>
      ethernet(0x0800, ipv4(there, { protocol: 17, id, moreFragments: true }, whole.subarray(0, 40)));
    const later = (id: number) =>
      ethernet(0x0800, ipv4(there, { protocol: 17, id, fragmentOffset: 40 }, whole.subarray(40)));
    const rows = (bench: Bench) =>
      bench.finish().conversations.map((row) => [row.serverPort, row.packetsFromClient]);
    expect(
      rows(new Bench({ fragments: 2 }).feed(first(1)).feed(first(2)).feed(later(1)).feed(later(2))),
    ).toEqual([[104, 4]]);
    const beyond = new Bench({ fragments: 1 }).feed(first(1)).feed(first(2)).feed(later(1)).feed(later(2));
    // Each fragment of a datagram that is not remembered begins it anew, and pushes out the one before.
    expect(rows(beyond)).toEqual([
      [104, 2],
      [null, 2],
    ]);
  });

  test('counts what it cannot use by cause, and frames by their length on the wire', () => {
    const bench = new Bench()
      .feed(bytes(1, 2, 3))
      .feed(bytes(1), 4711)
      .feed(ethernet(0x0800, bytes(0x45, 0)));
    bench.feed(ethernet(0x0800, bytes(0x99, new Uint8Array(19)))).feed(ethernet(0x1234, bytes(1)));
    // A total length shorter than the header it counts.
    bench.feed(ethernet(0x0800, bytes(0x45, 0, 0, 19, new Uint8Array(20))));
    bench.feed(udpFrame(there, 'abcdef').subarray(0, 44), 1, 1500);
    const { statistics, conversations } = bench.finish();
    expect(statistics.dropped).toEqual({
      'malformed-ip': 2,
      'other-ethertype': 1,
      'truncated-ip': 1,
      'truncated-link': 1,
      'unknown-link': 1,
    });
    expect(conversations[0]?.bytesFromClient).toBe(1500);
    expect(statistics.packets).toBe(7);
  });

  test('never throws on damaged frames', () => {
    const good = [udpFrame(there, 'hello'), tcpFrame(there, { flags: ACK, sequence: 9, payload: 'x' })];
    const chaos = fc.tuple(
      fc.nat(1),
      fc.nat(60),
      fc.nat(255),
      fc.nat(70),
      fc.constantFrom(0, 1, 9, 50, 101, 104, 107, 108, 113, 228, 229, 276),
    );
    fc.assert(
      fc.property(chaos, ([which, at, value, length, linkType]) => {
        const frame = good[which]!.slice();
        frame[at] = value;
        const bench = new Bench().feed(frame.subarray(0, length), linkType, frame.length);
        expect(bench.finish().statistics.packets).toBe(1);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});

describe('client and server', () => {
  const directions = (bench: Bench) => bench.finish().conversations.map(shown);
  const high: Ends = { ...there, sourcePort: 40_000, targetPort: 41_000 };

  test('are told apart by a SYN, even where it is its answer that was seen', () => {
    const odd: Ends = { ...there, sourcePort: 80, targetPort: 41_000 };
    expect(directions(new Bench().tcp(true, SYN, 1, '', odd))).toEqual(['10.0.0.1 > 10.0.0.2:41000 by syn']);
    expect(directions(new Bench().tcp(false, SYN | ACK, 1, '', odd))).toEqual([
      '10.0.0.1 > 10.0.0.2:41000 by syn',
    ]);
  });

  test('are corrected where the beginning comes after data', () => {
    const odd: Ends = { ...there, sourcePort: 80, targetPort: 41_000 };
    const bench = new Bench()
      .tcp(false, ACK, 1, 'x', odd)
      .tcp(false, FIN | ACK, 2, '', odd)
      .tcp(true, FIN | ACK, 9, '', odd);
    expect(directions(bench.tcp(true, SYN, 77, '', odd))).toContain('10.0.0.1 > 10.0.0.2:41000 by syn');
  });

  test('are told apart by a port that many use, also for those seen before', () => {
    const bench = new Bench();
    for (let i = 0; i < 4; i++) {
      bench.feed(
        udpFrame(
          { source: '10.0.0.9', target: `10.0.1.${i + 1}`, sourcePort: 41_000, targetPort: 50_000 + i },
          'x',
        ),
      );
    }
    const expected = [1, 2, 3, 4].map((i) => `10.0.1.${i} > 10.0.0.9:41000 by service`);
    expect(directions(bench)).toEqual(expected);
  });

  test('are told apart by a registered port, and by order where nothing else tells', () => {
    expect(directions(new Bench().tcp(false, ACK, 1, 'x'))).toEqual(['10.0.0.1 > 10.0.0.2:104 by port']);
    expect(directions(new Bench().tcp(true, ACK, 1, 'x', high))).toEqual([
      '10.0.0.1 > 10.0.0.2:41000 by order',
    ]);
  });

  test('are told apart by a datagram that shows it', () => {
    const answers: DatagramDissector = {
      name: 'test',
      cost: 1,
      recognise: () => true,
      onDatagram: (_payload, from, report) => report.sight('dns.server', from, { recursive: false }),
      serverSide: () => 'sender',
    };
    const { conversations, sightings } = new Bench({}, { datagram: [answers] })
      .feed(udpFrame(there, 'x'))
      .finish();
    expect(conversations.map(shown)).toEqual(['10.0.0.2 > 10.0.0.1:50000 by protocol']);
    expect(sightings[0]).toMatchObject({
      subject: { ip: '10.0.0.1' },
      service: { transport: 'udp', port: 50_000 },
    });
  });

  test('are told apart by a stream whose protocol shows it, in the middle of a connection', () => {
    const heard: string[] = [];
    const greeting = listening(heard, 'HELLO');
    const bench = new Bench({}, { stream: [greeting] });
    bench.tcp(true, ACK, 1, 'server says', high).tcp(false, ACK, 5, 'HELLO', high);
    expect(directions(bench)).toEqual(['10.0.0.2 > 10.0.0.1:40000 by protocol']);
    expect(heard).toEqual(['server: server says', 'client: HELLO', 'end']);
  });

  test('of an echo are the asker and the asked', () => {
    const echo = (type: number, ends: Ends) =>
      ethernet(0x0800, ipv4(ends, { protocol: 1 }, bytes(type, 0, 0, 0)));
    expect(directions(new Bench().feed(echo(0, there)))).toEqual(['10.0.0.2 > 10.0.0.1:null by protocol']);
    expect(directions(new Bench().feed(echo(8, there)))).toEqual(['10.0.0.1 > 10.0.0.2:null by protocol']);
  });
});

/** A dissector of streams whose client begins with a word; it notes what it hears. */
function listening(
  heard: string[],
  word: string,
  consume = (data: Uint8Array) => data.length,
): StreamDissector {
  const latin1 = new TextDecoder('latin1');
  return {
    name: 'test',
    cost: 1,
    recognise: (fromClient) => {
      const start = latin1.decode(fromClient.subarray(0, word.length));
      if (start === word) return 'yes';
      return word.startsWith(start) ? 'more' : 'no';
    },
    open: () => ({
      onData: (from: Side, data: Uint8Array) => {
        heard.push(`${from}: ${latin1.decode(data)}`);
        return consume(data);
      },
      onGap: (from: Side, length: number) => heard.push(`${from} lost ${length}`) > 0,
      onEnd: () => heard.push('end'),
    }),
  };
}

describe('what became of connections', () => {
  const became = (bench: Bench) => bench.finish().conversations.map(outcomes);
  const shaken = () =>
    new Bench()
      .tcp(true, SYN, 1)
      .tcp(false, SYN | ACK, 9)
      .tcp(true, ACK, 2);

  test.each([
    [
      'closed',
      shaken()
        .tcp(true, FIN | ACK, 2)
        .tcp(false, FIN | ACK, 10),
      'opened 1, established 1, closed 1',
    ],
    ['reset', shaken().tcp(false, RST, 10), 'opened 1, established 1, reset 1'],
    ['refused', new Bench().tcp(true, SYN, 1).tcp(false, RST | ACK, 0), 'opened 1, refused 1'],
    ['unanswered', new Bench().tcp(true, SYN, 1).tcp(true, SYN, 1), 'opened 1, unanswered 1'],
    [
      'half opened and dropped',
      new Bench()
        .tcp(true, SYN, 1)
        .tcp(false, SYN | ACK, 9)
        .tcp(true, RST, 2),
      'opened 1, reset 1',
    ],
    ['still open', shaken(), 'opened 1, established 1'],
    [
      'met in the middle',
      new Bench().tcp(true, ACK, 1, 'x').tcp(false, ACK, 1, 'y'),
      'opened 1, established 1',
    ],
  ])('%s', (_name, bench, expected) => {
    expect(became(bench)).toEqual([expected]);
  });

  test('counts connections that use the same ports one after another', () => {
    const bench = shaken()
      .tcp(true, FIN | ACK, 2)
      .tcp(false, FIN | ACK, 10);
    bench
      .tcp(true, SYN, 700)
      .tcp(false, SYN | ACK, 800)
      .tcp(true, ACK, 701)
      .tcp(false, RST, 801);
    const [row] = bench.finish().conversations;
    expect(row && outcomes(row)).toBe('opened 2, established 2, closed 1, reset 1');
    expect([row?.packetsFromClient, row?.packetsFromServer]).toEqual([5, 4]);
  });

  test("adds up a client's ports, and parts what falls into another slice", () => {
    const bench = new Bench({ sliceMicros: 10_000_000 });
    for (let i = 0; i < 15; i++) bench.tcp(true, SYN, 1, '', { ...there, sourcePort: 50_000 + (i % 3) });
    const { conversations } = bench.finish();
    expect(conversations.map((row) => [row.slice / 1e6, row.packetsFromClient])).toEqual([
      [1000, 9],
      [1010, 6],
    ]);
    expect(conversations.map(outcomes)).toEqual(['opened 3', 'unanswered 3']);
  });
});

describe('streams', () => {
  const open = (
    heard: string[],
    limits: Partial<SensorLimits> = {},
    consume?: (bytes: Uint8Array) => number,
  ) =>
    new Bench(limits, { stream: [listening(heard, 'GO', consume)] })
      .tcp(true, SYN, 99)
      .tcp(false, SYN | ACK, 199);

  test('come in order, with their gaps, until the connection ends', () => {
    const heard: string[] = [];
    open(heard)
      .tcp(true, ACK, 100, 'G')
      .tcp(true, ACK, 103, 'third')
      .tcp(true, ACK, 101, 'O ')
      .tcp(false, ACK, 200, 'yes')
      .tcp(true, ACK, 120, 'late')
      .tcp(true, RST, 124);
    expect(heard).toEqual([
      'client: G',
      'client: O ',
      'client: third',
      'server: yes',
      'client lost 12',
      'client: late',
      'end',
    ]);
  });

  test('that nobody recognises are left alone', () => {
    const heard: string[] = [];
    const bench = open(heard).tcp(true, ACK, 100, 'NO').tcp(true, ACK, 102, 'GO');
    expect([bench.sensor.streamBytes, heard]).toEqual([0, []]);
  });

  test('lose the dissector that throws, and nothing else', () => {
    const heard: string[] = [];
    const bench = open(heard, {}, () => {
      throw new Error('broken');
    });
    const { statistics, conversations } = bench.tcp(true, ACK, 100, 'GO').tcp(true, ACK, 102, 'on').finish();
    expect(statistics.dropped).toEqual({ 'fault-test': 1 });
    expect(conversations[0]?.packetsFromClient).toBe(3);
  });

  test('hold no more than their share of memory', () => {
    const within: string[] = [];
    const bench = open(within, { streamBytes: 10 }, () => 0).tcp(true, ACK, 100, 'GO12345678');
    expect([bench.sensor.streamBytes, within.at(-1)]).toEqual([10, 'client: GO12345678']);
    const beyond = bench.tcp(true, ACK, 110, '9');
    expect([beyond.sensor.streamBytes, within.at(-1)]).toEqual([0, 'end']);
    expect(beyond.finish().statistics.evicted).toEqual({ 'stream-bytes': 1 });
  });

  test('are bounded in number', () => {
    const heard: string[] = [];
    const bench = new Bench({ streams: 2 }, { stream: [listening(heard, 'GO')] });
    for (let i = 0; i < 3; i++) bench.tcp(true, ACK, 1, 'GO', { ...there, sourcePort: 50_000 + i });
    expect(heard).toEqual(['client: GO', 'client: GO']);
    expect(bench.finish().statistics.evicted).toEqual({ streams: 1 });
  });

  test('skip what a session does not want without showing it', () => {
    const heard: string[] = [];
    const bench = open(heard, {}, (data) => (data.length === 2 ? 1000 : DETACH));
    bench
      .tcp(true, ACK, 100, 'GO')
      .tcp(true, ACK, 102, 'x'.repeat(900))
      .tcp(true, ACK, 1002, `${'y'.repeat(98)}end`);
    expect(heard).toEqual(['client: GO', 'client: end']);
  });
});

describe('bounds', () => {
  const many = (bench: Bench, count: number) => {
    for (let i = 0; i < count; i++)
      bench.feed(udpFrame({ ...there, sourcePort: 1000 + i, targetPort: 9 }, 'x'));
    return bench;
  };

  test('hold just so many connections, and count what is given up without losing its counters', () => {
    const within = many(new Bench({ connections: 50 }), 50);
    expect([within.sensor.connections, within.finish().statistics.evicted]).toEqual([50, {}]);
    const beyond = many(new Bench({ connections: 50 }), 51);
    expect(beyond.sensor.connections).toBe(50);
    const { statistics, conversations } = beyond.finish();
    expect(statistics.evicted).toEqual({ connections: 1 });
    expect(conversations.reduce((sum, row) => sum + row.packetsFromClient, 0)).toBe(51);
  });

  test('forget idle connections without counting them as evicted', () => {
    const bench = many(new Bench({ idleMicros: 100_000_000 }), 10);
    bench.time += 200_000_000;
    for (let i = 0; i < 20; i++) bench.feed(udpFrame({ ...there, sourcePort: 7, targetPort: 9 }, 'x'));
    expect(bench.sensor.connections).toBe(1);
    const { statistics, conversations } = bench.finish();
    expect(statistics.evicted).toEqual({});
    expect(conversations.reduce((sum, row) => sum + row.packetsFromClient, 0)).toBe(30);
  });

  test('hold just so many sightings', () => {
    const hosts = (count: number) => {
      const bench = new Bench({ sightings: 5 });
      for (let i = 1; i <= count; i++) bench.feed(udpFrame({ ...there, source: `10.0.3.${i}` }, 'x'));
      return bench.finish();
    };
    expect(hosts(5).statistics.evicted).toEqual({});
    const beyond = hosts(6);
    expect([beyond.sightings.length, beyond.statistics.evicted]).toEqual([5, { sightings: 1 }]);
  });

  test('say when a drain is due', () => {
    const bench = many(new Bench({ rows: 5 }), 4);
    expect(bench.sensor.full).toBe(false);
    many(bench, 5);
    expect(bench.sensor.full).toBe(true);
    bench.sensor.drain();
    expect(bench.sensor.full).toBe(false);
  });
});

describe('sightings', () => {
  const seen = (sightings: Sighting[]) =>
    sightings.map(({ kind, subject, facts, count }) => ({
      kind,
      at: `${subject.mac} ${subject.ip}`,
      facts,
      count,
    }));

  test('of addresses are one for each host that sent, with the highest TTL', () => {
    const low = udpFrame(there, 'x');
    low[22] = 3;
    const { sightings } = new Bench()
      .feed(low)
      .feed(udpFrame(there, 'x'))
      .feed(udpFrame(back(there), 'x'))
      .finish();
    expect(seen(sightings)).toEqual([
      { kind: 'address.seen', at: '02:00:00:00:00:01 10.0.0.1', facts: { ttl: 64 }, count: 2 },
      { kind: 'address.seen', at: '02:00:00:00:00:01 10.0.0.2', facts: { ttl: 64 }, count: 1 },
    ]);
  });

  test.each([
    ['what is wrong by its own cause', 0, 'odd-length'],
    ['what the snap length cut by that', 20, 'cut-by-snap-length'],
  ])('leave a message that cannot be read: counted is %s', (_, cut, cause) => {
    const broken: DatagramDissector = {
      name: 'broken',
      cost: 1,
      recognise: () => true,
      onDatagram: (_payload, _from, report) => report.malformed('odd-length'),
    };
    const frame = udpFrame(there, 'a message');
    const bench = new Bench({}, { datagram: [broken] }).feed(frame, 1, frame.length + cut);
    expect(bench.finish().statistics.dropped).toEqual({ [cause]: 1 });
  });

  test('are not made of group and empty addresses', () => {
    const bench = new Bench();
    for (const source of ['0.0.0.0', '224.0.0.1', '255.255.255.255'])
      bench.feed(udpFrame({ ...there, source }, 'x'));
    expect(bench.finish().sightings).toEqual([]);
  });

  test.each([
    ['loopback, which sends zeros', [0, 0, 0, 0, 0, 0]],
    ['a sender that claims a group address', [1, 0, 0x5e, 0, 0, 1]],
  ])('are of the IP address alone on %s', (_, source) => {
    const frame = udpFrame(there, 'x');
    frame.set(source, 6);
    const { sightings, conversations } = new Bench().feed(frame).finish();
    expect(sightings.map(({ subject }) => subject)).toEqual([{ mac: null, ip: '10.0.0.1', vlan: null }]);
    expect(conversations[0]?.client.mac).toBeNull();
  });

  test("correct the server's MAC address by its own frames", () => {
    const fromServer = udpFrame(back(there), 'x');
    fromServer.set(mac(77), 6);
    const [row] = new Bench().feed(udpFrame(there, 'x')).feed(fromServer).finish().conversations;
    expect([row?.client.mac, row?.server.mac]).toEqual(['02:00:00:00:00:01', '02:00:00:00:00:4d']);
  });

  test('drains add up to what one drain would have said', () => {
    const frames = Array.from({ length: 40 }, (_, i) =>
      udpFrame({ ...there, sourcePort: 50_000 + (i % 3) }, 'x'),
    );
    const total = (deltas: SensorDelta[]) => {
      const rows = deltas.flatMap((delta) => delta.conversations);
      const addresses = deltas.flatMap((delta) => delta.sightings);
      return [
        rows.reduce((sum, row) => sum + row.packetsFromClient, 0),
        rows.reduce((sum, row) => sum + row.bytesFromClient, 0),
        rows.reduce((sum, row) => sum + row.connections.opened, 0),
        rows.reduce((sum, row) => sum + row.connections.unanswered, 0),
        addresses.reduce((sum, sighting) => sum + sighting.count, 0),
        deltas.reduce((sum, delta) => sum + delta.statistics.packets, 0),
      ];
    };
    const once = new Bench();
    for (const frame of frames) once.feed(frame);
    const often = new Bench();
    const deltas = frames.map((frame) => often.feed(frame).sensor.drain());
    expect(total([...deltas, often.finish()])).toEqual(total([once.finish()]));
    expect(total([...deltas])[0]).toBe(40);
  });
});

test('the end of many connections is handed over in parts, and nothing is counted twice or lost', () => {
  const sensor = new Sensor({ capture: 'c', redactor, dissectors: none, limits: { rows: 20 } });
  for (let port = 1; port <= 100; port++) {
    const frame = tcpFrame(
      { ...there, sourcePort: 1000 + port, targetPort: port },
      { flags: SYN, sequence: 1 },
    );
    sensor.frame(1, frame, 0, frame.length, frame.length, port * 1_000_000, port);
  }
  const deltas = [...sensor.finish()];
  expect(deltas.length).toBeGreaterThan(3);
  const rows = deltas.flatMap(({ conversations }) => conversations);
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((all, row) => all + of(row), 0);
  expect(sum((row) => row.packetsFromClient)).toBe(100);
  expect(sum((row) => row.connections.unanswered)).toBe(100);
  expect(deltas.reduce((all, { statistics }) => all + statistics.packets, 0)).toBe(100);
});
