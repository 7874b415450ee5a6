import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Facts } from '@wardline/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hex } from '../testing/damage.ts';
import { expectSameValues, type FieldComparison } from '../testing/field-comparison.ts';
import { bytes, pcap, tcpFrame, u16, udpFrame } from '../testing/frames.ts';
import { hasTshark } from '../testing/tshark.ts';

// Protocols that no shared capture holds: tshark reads the same made frames.

const folder = mkdtempSync(join(tmpdir(), 'wardline-made-'));
const file = join(folder, 'made.pcap');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const group = (ip: string, target: string, port: number) => ({
  source: ip,
  target,
  sourcePort: port,
  targetPort: port,
});

/** RFC 2281's successor: group state with version, operation, state, family, group, identifier, priority, times, address. */
const hello = (state: number, number: number) =>
  bytes(
    1,
    40,
    2,
    0,
    state,
    4,
    u16(number),
    hex('020000000007 00000096 00000bb8 00002710 0a000001'),
    new Uint8Array(12),
  );
/** IEEE 1588-2002 annex D. */
const sync = (stratum: number) =>
  bytes(
    bytes(u16(1), u16(1), '_DFLT', new Uint8Array(11), 1, 1, hex('020000000017'), u16(1), u16(7), 0),
    bytes(new Uint8Array(20), 1, hex('020000000099'), u16(1), u16(9), new Uint8Array(3), stratum),
    bytes('GPS', new Uint8Array(53)),
  );
const talk: [isClient: boolean, text: string][] = [
  [true, 'SETUP rtsp://10.0.0.2/a RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: a\r\n\r\n'],
  [
    false,
    'RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: b\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n',
  ],
  [true, 'PLAY rtsp://10.0.0.2/a RTSP/1.0\r\nCSeq: 2\r\n\r\n'],
  [false, 'RTSP/1.0 200 OK\r\nCSeq: 2\r\n\r\n'],
  [false, '$\0\0\u0005RTSP/'],
  [true, 'TEARDOWN rtsp://10.0.0.2/a RTSP/1.0\r\nCSeq: 3\r\n\r\n'],
];

function rtspFrames(): Uint8Array[] {
  const ends = { source: '10.0.0.1', target: '10.0.0.2', sourcePort: 50_000, targetPort: 554 };
  const back = { source: '10.0.0.2', target: '10.0.0.1', sourcePort: 554, targetPort: 50_000 };
  const next = { client: 1001, server: 5001 };
  const frames = [
    tcpFrame(ends, { flags: 2, sequence: 1000 }),
    tcpFrame(back, { flags: 18, sequence: 5000, acknowledgement: 1001 }),
    tcpFrame(ends, { flags: 16, sequence: 1001, acknowledgement: 5001 }),
  ];
  for (const [isClient, text] of talk) {
    const [sequence, acknowledgement] = isClient ? [next.client, next.server] : [next.server, next.client];
    frames.push(tcpFrame(isClient ? ends : back, { flags: 24, sequence, acknowledgement, payload: text }));
    next[isClient ? 'client' : 'server'] += text.length;
  }
  return frames;
}

const states = ['', 'initial', 'learn', 'listen', 'speak', 'standby', 'active'];
const comparisons: readonly Omit<FieldComparison, 'files'>[] = [
  {
    name: 'HSRP groups, second version',
    filter: 'hsrp2.state',
    fields: ['ip.src', 'hsrp2.group', 'hsrp2.priority', 'hsrp2.virt_ip', 'hsrp2.state'],
    theirs: (fields) => [...fields.slice(0, 4), states[Number(fields[4])]].join(' '),
    ours: ({ kind, subject, facts }) => {
      const { group: number, priority, address, state } = facts as Facts['hsrp.router'];
      return kind === 'hsrp.router' ? `${subject.ip} ${number} ${priority} ${address} ${state}` : undefined;
    },
  },
  {
    name: 'PTP masters, first version',
    filter: 'ptp.versionptp == 1',
    fields: [
      'ptp.sourceuuid',
      'ptp.subdomain',
      'ptp.sdr.grandmasterclockuuid',
      'ptp.sdr.grandmasterclockstratum',
    ],
    theirs: (fields) => fields.join(' ').replaceAll(':', ''),
    ours: ({ kind, facts }) => {
      const { clockId, domain, grandmaster, stratum } = facts as Facts['ptp.clock'];
      return kind === 'ptp.clock' ? `${clockId} ${domain} ${grandmaster} ${stratum}` : undefined;
    },
  },
  {
    name: 'RTSP methods',
    filter: 'rtsp.method',
    fields: ['ip.src', 'rtsp.method'],
    ours: ({ kind, subject, facts }) => {
      const { role, method } = facts as Facts['rtsp.agent'];
      return kind === 'rtsp.agent' && role === 'client' ? `${subject.ip} ${method}` : undefined;
    },
  },
  {
    name: 'RTSP transports that were agreed on',
    filter: 'rtsp.status == 200 && rtsp.transport',
    fields: ['ip.src', 'rtsp.transport'],
    theirs: ([ip, transport = '']) => `${ip} ${transport.split(';', 2).join(' ')}`,
    ours: ({ kind, subject, facts }) => {
      const { profile, lower, delivery } = facts as Facts['rtsp.transport'];
      return kind === 'rtsp.transport' ? `${subject.ip} RTP/${profile}/${lower} ${delivery}` : undefined;
    },
  },
];

describe.skipIf(!hasTshark())('facts of made frames equal those of tshark', () => {
  beforeAll(() => {
    const hellos = states.slice(1).map((_, i) => hello(i + 1, 300 + i));
    const frames = [
      ...hellos.map((payload) => udpFrame(group('10.0.0.3', '224.0.0.102', 1985), payload)),
      ...[1, 2].map((stratum) => udpFrame(group('10.0.0.4', '224.0.1.129', 319), sync(stratum))),
      ...rtspFrames(),
    ];
    writeFileSync(file, pcap(frames));
  });

  it.each(comparisons)('$name', async (comparison) => {
    const count = await expectSameValues({ ...comparison, files: [file] });
    expect(count).toBeGreaterThan(0);
    console.info(`${comparison.name}: ${count} values, all equal`);
  });
});
