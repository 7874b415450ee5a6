import type { Conversation } from '@wardline/model';
import { describe, expect, test } from 'vitest';
import { Sensor, type SensorDelta } from '../engine.ts';
import { MAX_GTP_EXTENSIONS, MAX_TUNNELS, MAX_TZSP_TAGS, type SensorLimits } from '../limits.ts';
import { Redactor } from '../redactor.ts';
import { allDamage } from '../testing/damage.ts';
import { bytes, ethernet, ipv4, tcpFrame, u16, u32, udp, udpFrame } from '../testing/frames.ts';
import { onlyDelta } from '../testing/only-delta.ts';
import { frameTunnels, linkTunnels, packetTunnels, radioTunnels, type Wrap } from '../testing/tunnels.ts';

const redactor = new Redactor(new Uint8Array(16), []);
const there = { source: '10.0.0.1', target: '10.0.0.2', sourcePort: 50_000, targetPort: 2575 };
const back = { source: '10.0.0.2', target: '10.0.0.1', sourcePort: 2575, targetPort: 50_000 };
const talk = [
  tcpFrame(there, { flags: 2, sequence: 100 }),
  tcpFrame(back, { flags: 18, sequence: 500, acknowledgement: 101 }),
  tcpFrame(there, {
    flags: 24,
    sequence: 101,
    acknowledgement: 501,
    payload: '\x0bMSH|^~\\&|A|B|C|D\r\x1c\r',
  }),
];

function sense(
  frames: readonly Uint8Array[],
  limits: Partial<SensorLimits> = {},
  original = (frame: Uint8Array) => frame.length,
): SensorDelta {
  const sensor = new Sensor({ capture: 'x', redactor, limits });
  for (const [i, frame] of frames.entries()) {
    sensor.frame(1, frame, 0, frame.length, original(frame), 1_000_000 + i, i + 1);
  }
  return onlyDelta(sensor);
}

/** Conversations with IP addresses alone; bytes without the `header` that stands before IP. */
function withoutLink(conversations: readonly Conversation[], header: number): unknown[] {
  return conversations.map(({ client, server, bytesFromClient, bytesFromServer, ...rest }) => ({
    ...rest,
    ends: [client.ip, server.ip],
    up: bytesFromClient - header * rest.packetsFromClient,
    down: bytesFromServer - header * rest.packetsFromServer,
  }));
}

/** Layers between the tunnel and IP belong to what the tunnel carries. */
const carriedHeader: Record<string, number> = {
  'mpls-in-ip': 4,
  'gre of MPLS': 4,
  pptp: 4,
  'vxlan-gpe of NSH': 8,
};

function tunnelsOf(delta: SensorDelta): unknown[] {
  return delta.sightings
    .filter(({ kind }) => kind === 'network.tunnel')
    .map(({ subject, peer, facts, count }) => [subject.ip, peer?.ip, facts, count]);
}

/** Around a packet once more and once more. */
function nested(wrap: Wrap, times: number): Wrap {
  return (frame) => Array.from({ length: times }).reduce<Uint8Array>((inner) => wrap(inner), frame);
}

describe('a tunnel', () => {
  test.each(Object.entries(frameTunnels))(
    'of %s counts as what it carries, as if captured there',
    (_name, wrap) => {
      const direct = sense(talk);
      const mirrored = sense(talk.map(wrap));
      expect(mirrored.conversations).toEqual(direct.conversations);
      const carried = mirrored.sightings.filter(({ kind }) => kind !== 'network.tunnel');
      expect(carried).toEqual(direct.sightings);
      expect(mirrored.statistics.dropped).toEqual({});
    },
  );

  test.each(Object.entries(packetTunnels))(
    'of %s counts as what it carries, without a card',
    (name, wrap) => {
      const carried = sense(talk.map(wrap));
      const found = withoutLink(carried.conversations, carriedHeader[name] ?? 0);
      expect(found).toEqual(withoutLink(sense(talk).conversations, 14));
      expect(carried.conversations[0]?.client).toEqual({ mac: null, ip: '10.0.0.1', vlan: null });
    },
  );

  test.each(Object.entries({ ...linkTunnels, ...radioTunnels }))(
    'below IP or of the air (%s) counts under the addresses inside',
    (_name, wrap) => {
      const ends = (delta: SensorDelta) => delta.conversations.map(({ client, server }) => [client, server]);
      expect(ends(sense(talk.map(wrap)))).toEqual(ends(sense(talk)));
    },
  );

  test.each([
    ['vxlan', { tunnel: 'vxlan', identifier: 5000 }],
    ['vxlan-gpe', { tunnel: 'vxlan-gpe', identifier: 5000 }],
    ['geneve', { tunnel: 'geneve', identifier: 5000 }],
    ['nvgre', { tunnel: 'nvgre', identifier: 5000 }],
    ['gre', { tunnel: 'gre' }],
    ['gre with checksum, key and sequence', { tunnel: 'gre', identifier: 77 }],
    ['erspan-1', { tunnel: 'erspan-1' }],
    ['erspan-2', { tunnel: 'erspan-2', identifier: 7 }],
    ['erspan-3', { tunnel: 'erspan-3', identifier: 7 }],
  ])('of %s is told of once, with its ends', (name, facts) => {
    const delta = sense(talk.map(frameTunnels[name]!));
    expect(tunnelsOf(delta)).toEqual([['192.0.2.1', '192.0.2.2', facts, 3]]);
    expect(delta.conversations.map(({ client }) => client.ip)).not.toContain('192.0.2.1');
  });

  test('of a mirror says the VLAN where the frame lost its tag', () => {
    const header = bytes(u16(0x1000), u16(0x88be), u32(1), u16(0x1000 | 42), u16(0x0007), u32(0));
    const mirror = (frame: Uint8Array) =>
      ethernet(0x0800, ipv4({ ...there, source: '192.0.2.1' }, { protocol: 47 }, bytes(header, frame)));
    expect(sense([mirror(talk[0]!)]).conversations[0]?.client.vlan).toBe(42);
    const tagged = ethernet(0x0800, talk[0]!.subarray(14), [[0x8100, 7]]);
    expect(sense([mirror(tagged)]).conversations[0]?.client.vlan).toBe(7);
  });

  test('that carries no IP is dropped by that cause, and a bare frame inside is dissected', () => {
    const other = ethernet(0x9999, new Uint8Array(50));
    expect(sense([frameTunnels.vxlan!(other)]).statistics.dropped).toEqual({ 'other-ethertype': 1 });
    const arp = bytes(
      u16(1),
      u16(0x0800),
      6,
      4,
      u16(2),
      2,
      0,
      0,
      0,
      0,
      9,
      10,
      0,
      0,
      9,
      2,
      0,
      0,
      0,
      0,
      1,
      10,
      0,
      0,
      1,
    );
    const kinds = sense([frameTunnels['erspan-2']!(ethernet(0x0806, arp))]).sightings.map(({ kind }) => kind);
    expect(kinds).toContain('arp.binding');
  });

  test(`is opened up to ${MAX_TUNNELS} deep; what is deeper counts as the tunnel it is`, () => {
    const wrap: Wrap = (frame) => ethernet(0x0800, ipv4(there, { protocol: 4 }, frame.subarray(14)));
    const deepest = sense([nested(wrap, MAX_TUNNELS)(talk[0]!)]);
    expect(deepest.conversations.map(({ transport }) => transport)).toEqual(['tcp']);
    const beyond = sense([nested(wrap, MAX_TUNNELS + 1)(talk[0]!)]);
    expect(beyond.conversations.map(({ transport }) => transport)).toEqual(['ip-4']);
  });

  test('beyond the number that is told of is opened all the same, and counted as evicted', () => {
    const from = (i: number) =>
      ethernet(0x0800, ipv4({ ...there, source: `192.0.2.${i}` }, { protocol: 4 }, talk[0]!.subarray(14)));
    expect(sense([from(1), from(2), from(1)], { tunnels: 2 }).statistics.evicted).toEqual({});
    const delta = sense([from(1), from(2), from(3)], { tunnels: 2 });
    expect(delta.statistics.evicted).toEqual({ tunnels: 1 });
    expect(tunnelsOf(delta)).toHaveLength(2);
    expect(delta.conversations.map(({ packetsFromClient }) => packetsFromClient)).toEqual([3]);
  });

  test(`over GTP-U is opened behind ${MAX_GTP_EXTENSIONS} extension headers and no more`, () => {
    const extension = bytes(1, 0, 0, 0xc0);
    const carried = (count: number) => {
      const all = Array.from({ length: count }, () => extension);
      const last = bytes(1, 0, 0, 0);
      const head = bytes(0x34, 255, u16(0), u32(1), u16(0), bytes(0, 0xc0));
      const payload = udp({ ...there, targetPort: 2152 }, bytes(head, ...all, last, talk[0]!.subarray(14)));
      return sense([ethernet(0x0800, ipv4(there, { protocol: 17 }, payload))]).conversations[0]?.transport;
    };
    expect(carried(MAX_GTP_EXTENSIONS - 1)).toBe('tcp');
    expect(carried(MAX_GTP_EXTENSIONS)).toBe('udp');
  });
});

test(`tags of TZSP are walked up to ${MAX_TZSP_TAGS}`, () => {
  const carried = (tags: number) => {
    const payload = bytes(1, 0, 0, 1, new Uint8Array(tags - 1), 1, talk[0]!);
    return sense([udpFrame({ ...there, targetPort: 37_008 }, payload)]).conversations[0]?.transport;
  };
  expect([carried(MAX_TZSP_TAGS), carried(MAX_TZSP_TAGS + 1)]).toEqual(['tcp', 'udp']);
});

describe('what only looks like a tunnel', () => {
  test.each([
    ['VXLAN without its flag', 4789, bytes(0, 0, 0, 0, 0, 0, 1, 0, talk[0]!)],
    ['VXLAN with the reserved byte set', 4789, bytes(8, 0, 0, 0, 0, 0, 1, 1, talk[0]!)],
    ['GENEVE of another version', 6081, bytes(64, 0, u16(0x6558), u32(256), talk[0]!)],
    ['GENEVE with more options than there are bytes', 6081, bytes(63, 0, u16(0x6558), u32(256), 'xx')],
    ['encrypted CAPWAP', 5247, bytes(1, 0, 0, 0, 23, 254, 253, 'xxxxxxxxxxxxxxxxxxxx')],
    ['a CAPWAP keep-alive', 5247, bytes(0, 0x10, 0x02, 0x08, u32(0), 'xxxxxxxxxxxxxxxxxxxxxxx')],
    ['a fragment of CAPWAP', 5247, bytes(0, 0x10, 0x02, 0x80, u32(0), talk[0]!)],
    ['TZSP of another encapsulation', 37_008, bytes(1, 0, 0, 7, 1, talk[0]!)],
    ['TZSP without an end', 37_008, bytes(1, 0, 0, 1, new Uint8Array(40))],
    ['a GTP echo', 2152, bytes(0x32, 1, u16(4), u32(0), u32(0))],
    ['text on a tunnel port', 4789, bytes('good morning to all of you')],
    ['text on the port of Teredo', 3544, bytes('good morning to all of you, and also to everybody else')],
  ])('(%s) stays the conversation it is', (_what, targetPort, payload) => {
    const { conversations, sightings } = sense([udpFrame({ ...there, targetPort }, payload)]);
    expect(conversations.map(({ serverPort }) => serverPort)).toEqual([targetPort]);
    expect(sightings.map(({ kind }) => kind)).not.toContain('network.tunnel');
  });

  test('as GRE with source routes, an unknown payload or a cut header stays GRE', () => {
    const heads = [
      bytes(u16(0x4000), u16(0x0800)),
      bytes(u16(0), u16(0x9999)),
      bytes(u16(0x2000), u16(0x0800), 1),
    ];
    for (const head of heads) {
      const { conversations } = sense([ethernet(0x0800, ipv4(there, { protocol: 47 }, head))]);
      expect(conversations.map(({ transport }) => transport)).toEqual(['ip-47']);
    }
  });
});

const all = Object.entries({ ...frameTunnels, ...packetTunnels, ...linkTunnels, ...radioTunnels });

test.each(all)('%s holds against truncation, flipped bits and absurd lengths', (_name, wrap) => {
  const damaged = allDamage(wrap(talk[2]!));
  const { statistics } = sense(damaged, {}, () => 500);
  expect(statistics.packets).toBe(damaged.length);
  expect(Object.keys(statistics.dropped).filter((cause) => cause.startsWith('fault'))).toEqual([]);
});

test('encrypted MACsec is told apart from what could not be read', () => {
  for (const control of [0x2c, 0x24, 0x28]) {
    const frame = ethernet(0x88e5, bytes(control, 0, new Uint8Array(60)));
    expect(sense([frame]).statistics.dropped).toEqual({ 'encrypted-link': 1 });
  }
});

test('an authentication header hides nothing', () => {
  const segment = talk[0]!.subarray(34);
  const header = bytes(6, 4, u16(0), u32(1), u32(1), new Uint8Array(12));
  const frame = ethernet(0x0800, ipv4(there, { protocol: 51 }, bytes(header, segment)));
  expect(sense([frame]).conversations.map(({ transport, serverPort }) => [transport, serverPort])).toEqual([
    ['tcp', 2575],
  ]);
  for (let length = 0; length < 24; length++) {
    const cut = ethernet(0x0800, ipv4(there, { protocol: 51 }, header.subarray(0, length)));
    expect(sense([cut]).statistics.packets).toBe(1);
  }
});
