import { gzipSync } from 'node:zlib';
import { type SensorBatch, sensorBatchSchema } from '@wardline/model';
import { describe, expect, it, test } from 'vitest';
import { LOG_ERRORS_LISTED, LOG_LINE_CHARS } from '../limits.ts';
import { normalIp } from './addresses.ts';
import { openSensorLog } from './open.ts';
import { readSensorLog, type SensorLogFormat, type SensorLogSummary, sniffSensorLog } from './read.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

async function* chunks(text: string, size: number): AsyncGenerator<Uint8Array> {
  const all = bytes(text);
  for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
}

interface Read {
  batches: SensorBatch[];
  summary: SensorLogSummary;
}

async function read(text: string, format: SensorLogFormat, file = 'test.log', size = 65_536): Promise<Read> {
  const redactor = { mark: (value: string) => `h${value.length}`, knownDefault: () => null };
  const run = readSensorLog(chunks(text, size), format, { file, sensor: 's', stream: 't', redactor });
  const batches: SensorBatch[] = [];
  let step = await run.next();
  for (; step.done !== true; step = await run.next()) batches.push(step.value);
  for (const batch of batches) sensorBatchSchema.parse(batch);
  return { batches, summary: step.value };
}

function zeek(path: string, fields: string, types: string, ...rows: string[]): string {
  const tabs = (text: string) => text.replaceAll(' ', '\t');
  const head = `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t${path}\n`;
  return `${head}#fields\t${tabs(fields)}\n#types\t${tabs(types)}\n${rows.map((row) => `${tabs(row)}\n`).join('')}#close\t2026\n`;
}

const CONN =
  'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes orig_l2_addr resp_l2_addr vlan';
const TYPES =
  'time string addr port addr port enum string interval count count string string count count count count string string int';
const conn = (...rows: string[]) => zeek('conn', CONN, TYPES, ...rows);
const MODBUS =
  '1772323200.250000 C1 10.0.0.1 50000 10.0.0.2 502 tcp modbus 1.5 12 11 SF ShADadFf 6 300 5 250 02:00:00:00:00:01 02:00:00:00:00:02 7';

const flow = {
  timestamp: '2026-03-01T00:00:02.000000+0000',
  event_type: 'flow',
  src_ip: '10.0.0.1',
  src_port: 50_000,
  dest_ip: '10.0.0.2',
  dest_port: 502,
  proto: 'TCP',
  vlan: [7],
  app_proto: 'modbus',
  ether: { src_macs: ['02:00:00:00:00:01'], dest_macs: ['02:00:00:00:00:02'] },
  flow: {
    pkts_toserver: 6,
    pkts_toclient: 5,
    bytes_toserver: 408,
    bytes_toclient: 340,
    start: '2026-03-01T00:00:00.250000+0000',
    end: '2026-03-01T00:00:01.750000+0000',
    state: 'closed',
  },
  tcp: { syn: true, fin: true, ack: true, state: 'closed' },
};

const expected = {
  client: { mac: '02:00:00:00:00:01', ip: '10.0.0.1', vlan: 7 },
  server: { mac: '02:00:00:00:00:02', ip: '10.0.0.2', vlan: 7 },
  serverPort: 502,
  transport: 'tcp',
  application: 'modbus',
  protection: 'clear',
  basis: 'syn',
  slice: 1_772_323_200_000_000,
  firstSeen: 1_772_323_200_250_000,
  lastSeen: 1_772_323_201_750_000,
  packetsFromClient: 6,
  packetsFromServer: 5,
  bytesFromClient: 408,
  bytesFromServer: 340,
  connections: { opened: 1, established: 1, refused: 0, unanswered: 0, closed: 1, reset: 0 },
  facts: {},
};

describe('one connection is the same conversation', () => {
  it('from Zeek’s own format', async () => {
    const { batches, summary } = await read(conn(MODBUS), 'zeek');
    expect(batches[0]?.conversations).toEqual([
      { ...expected, evidence: { capture: 'test.log', packet: 8 } },
    ]);
    expect(batches[0]?.sightings.map(({ kind, subject }) => [kind, subject.ip])).toEqual([
      ['address.seen', '10.0.0.1'],
      ['address.seen', '10.0.0.2'],
    ]);
    expect(summary).toMatchObject({ packets: 11, bytes: 748, errors: [], format: 'Zeek conn log' });
  });

  it('from Zeek’s JSON', async () => {
    const names = CONN.split(' ');
    const record = Object.fromEntries(MODBUS.split(' ').map((value, i) => [names[i], value]));
    for (const ts of [1_772_323_200.25, '2026-03-01T00:00:00.250000Z']) {
      const text = `${JSON.stringify({ ...record, ts, 'id.orig_p': 50_000, 'id.resp_p': 502, vlan: 7 })}\n`;
      const { batches } = await read(text, 'zeek-json');
      expect(batches[0]?.conversations).toEqual([
        { ...expected, evidence: { capture: 'test.log', packet: 1 } },
      ]);
    }
  });

  it('from EVE', async () => {
    const { batches } = await read(JSON.stringify(flow), 'eve', 'eve.json');
    expect(batches[0]?.conversations).toEqual([
      { ...expected, evidence: { capture: 'eve.json', packet: 1 } },
    ]);
  });

  it('however the bytes are cut', async () => {
    const whole = await read(conn(MODBUS, MODBUS), 'zeek');
    expect(whole.batches[0]?.conversations).toMatchObject([
      { packetsFromClient: 12, connections: { opened: 2 } },
    ]);
    for (const size of [1, 7, 100])
      expect(await read(conn(MODBUS, MODBUS), 'zeek', 'test.log', size)).toEqual(whole);
  });
});

test.each([
  ['S0', { unanswered: 1, established: 0 }],
  ['REJ', { refused: 1, established: 0 }],
  ['RSTR', { reset: 1, established: 1 }],
])('conn_state %s', async (state, outcome) => {
  const { batches } = await read(conn(MODBUS.replace(' SF ', ` ${state} `)), 'zeek');
  expect(batches[0]?.conversations[0]?.connections).toMatchObject({ opened: 1, closed: 0, ...outcome });
});

const ENDS = 'ts uid id.orig_h id.orig_p id.resp_h id.resp_p';
const ends = (port: number) => `1772323200.0 C1 10.0.0.1 50000 10.0.0.2 ${port}`;
const log = (path: string, fields: string, values: string, port: number) =>
  zeek(
    path,
    `${ENDS} ${fields}`,
    `time string addr port addr port ${fields.replaceAll(/\S+/g, 'string')}`,
    `${ends(port)} ${values}`,
  );

describe('what Zeek’s other logs say', () => {
  test.each([
    [
      'ssh',
      log('ssh', 'version client server', '2 SSH-2.0-A SSH-2.0-B', 22),
      ['ssh.software', 'ssh.software'],
    ],
    [
      'snmp',
      log('snmp', 'version community display_string', '2c ZZMARK Pump', 161),
      ['snmp.system', 'snmp.manager', 'credential.cleartext'],
    ],
    ['ftp', log('ftp', 'user password', 'zzmark zzmark', 21), ['credential.cleartext']],
    [
      'http',
      log('http', 'user_agent host username', 'curl pump-7 zzmark', 80),
      ['http.client', 'http.host', 'credential.cleartext'],
    ],
    ['ntp', log('ntp', 'version mode stratum', '4 4 2', 123), ['ntp.role']],
    [
      'mqtt_connect',
      log('mqtt_connect', 'proto_version client_id', '3.1.1 pump-7', 1883),
      ['mqtt.client', 'mqtt.server'],
    ],
    [
      'modbus',
      log('modbus', 'unit func pdu_type', '1 WRITE_SINGLE_COIL RESP', 502),
      ['modbus.use', 'service.unauthenticated'],
    ],
    ['sip', log('sip', 'method user_agent request_from', 'REGISTER Phone zzmark', 5060), ['sip.agent']],
  ])('%s', async (_, text, kinds) => {
    const { batches, summary } = await read(text, 'zeek');
    expect(summary.errors).toEqual([]);
    expect(batches[0]?.sightings.map(({ kind }) => kind)).toEqual(kinds);
    expect(JSON.stringify({ batches, summary }).toLowerCase()).not.toContain('zzmark');
  });

  it('names of the site’s own addresses', async () => {
    const text = zeek(
      'dns',
      `${ENDS} proto query qtype_name rcode RA answers`,
      'time string addr port addr port enum string string count bool vector[string]',
      `${ends(53)} udp pacs.hospital.example A 0 T 10.0.0.9,192.0.2.1`,
    );
    const { batches } = await read(text, 'zeek');
    expect(batches[0]?.sightings.map(({ kind, subject }) => [kind, subject.ip])).toEqual([
      ['dns.server', '10.0.0.2'],
      ['dns.name', '10.0.0.9'],
    ]);
  });

  it('how well TLS protects, and what was strange', async () => {
    const { batches } = await read(log('ssl', 'version', 'TLSv12', 443), 'zeek');
    expect(batches[0]?.conversations).toMatchObject([
      { application: 'tls', protection: 'tls1.2', packetsFromClient: 0 },
    ]);
    const weird = await read(log('weird', 'name', 'data_before_established', 80), 'zeek');
    expect(weird.batches[0]?.statistics.dropped).toEqual({ 'weird-data_before_established': 1 });
  });
});

describe('what EVE’s other events say', () => {
  const event = (event_type: string, more: object) => JSON.stringify({ ...flow, event_type, ...more });
  test.each([
    [
      'ssh',
      { ssh: { client: { software_version: 'A', proto_version: '2.0' }, server: { software_version: 'B' } } },
      ['ssh.software', 'ssh.software'],
    ],
    [
      'snmp',
      { snmp: { version: 2, community: 'ZZMARK', pdu_type: 'get_request' } },
      ['snmp.manager', 'credential.cleartext'],
    ],
    [
      'mqtt',
      {
        mqtt: { connect: { client_id: 'pump', protocol_version: 5, username: 'zzmark', password: 'zzmark' } },
      },
      ['mqtt.client', 'mqtt.server', 'credential.cleartext'],
    ],
    ['http', { http: { hostname: 'pump-7', http_user_agent: 'curl' } }, ['http.client', 'http.host']],
    ['ftp', { ftp: { command: 'PASS', command_data: 'zzmark' } }, ['credential.cleartext']],
    [
      'dns',
      { dns: { type: 'answer', answers: [{ rrname: 'pacs', rrtype: 'A', rdata: '10.0.0.9' }] } },
      ['dns.server', 'dns.name'],
    ],
    ['sip', { sip: { method: 'REGISTER', user_agent: 'Phone' } }, ['sip.agent']],
  ])('%s', async (type, more, kinds) => {
    const { batches, summary } = await read(event(type, more), 'eve');
    expect(summary.errors).toEqual([]);
    expect(batches[0]?.sightings.map(({ kind }) => kind)).toEqual(kinds);
    expect(JSON.stringify({ batches, summary }).toLowerCase()).not.toContain('zzmark');
  });

  it('leases', async () => {
    const dhcp = {
      type: 'reply',
      dhcp_type: 'ack',
      client_mac: '02:00:00:00:00:09',
      assigned_ip: '10.0.0.9',
      lease_time: 60,
    };
    const { batches } = await read(event('dhcp', { proto: 'UDP', src_port: 67, dest_port: 68, dhcp }), 'eve');
    expect(batches[0]?.sightings).toMatchObject([
      { kind: 'dhcp.lease', subject: { ip: '10.0.0.9' }, facts: { server: '10.0.0.1', leaseSeconds: 60 } },
    ]);
  });
});

describe('damage', () => {
  it('is located by line and field, and takes nothing else away', async () => {
    const bad = [
      MODBUS.replace(' 502 ', ' ZZMARK '),
      'half a line',
      MODBUS.replace('10.0.0.1', '10.0.0.999'),
    ];
    const { batches, summary } = await read(conn(bad[0]!, MODBUS, bad[1]!, bad[2]!), 'zeek');
    expect(batches[0]?.conversations).toHaveLength(1);
    expect(summary.errors.map(({ record, message }) => [record, message])).toEqual([
      [8, 'field id.resp_p: expected a number'],
      [10, 'field id.orig_p: expected 20 columns, found 3'],
      [11, 'field id.orig_h: expected an IP address'],
    ]);
    expect(batches[0]?.statistics.dropped).toEqual({ 'damaged-line': 3 });
  });

  it('is listed up to the bound and counted beyond', async () => {
    const lines = (count: number) => '{"event_type": "flow", \n'.repeat(count);
    expect((await read(lines(LOG_ERRORS_LISTED), 'eve')).summary.errors).toHaveLength(LOG_ERRORS_LISTED);
    const more = await read(lines(LOG_ERRORS_LISTED + 5), 'eve');
    expect(more.summary.errors.at(-1)?.message).toBe('5 more damaged lines are not listed');
  });

  it('of a line without end costs that line', async () => {
    const padded = (length: number) => JSON.stringify({ ...flow, pad: 'x'.repeat(length) });
    const over = padded(0).length;
    expect((await read(padded(LOG_LINE_CHARS - over), 'eve')).summary.errors).toEqual([]);
    const { summary, batches } = await read(`${padded(LOG_LINE_CHARS - over + 1)}\n${padded(0)}`, 'eve');
    expect(summary.errors.map(({ record }) => record)).toEqual([1]);
    expect(batches[0]?.conversations).toHaveLength(1);
  });

  it('anywhere is never thrown', async () => {
    const texts: [string, SensorLogFormat][] = [
      [conn(MODBUS), 'zeek'],
      [JSON.stringify(flow), 'eve'],
      [
        JSON.stringify({ ts: 1, conn_state: 'SF', 'id.orig_h': '::1', 'id.resp_h': '::2', proto: 'udp' }),
        'zeek-json',
      ],
    ];
    for (const [text, format] of texts) {
      for (let at = 0; at < text.length; at++) {
        await read(text.slice(0, at), format);
        await read(`${text.slice(0, at)}\u0001${text.slice(at + 1)}`, format);
      }
    }
  });
});

test.each([
  [conn(MODBUS), 'zeek'],
  [JSON.stringify(flow), 'eve'],
  ['{"ts":1.5,"uid":"C"}\n', 'zeek-json'],
  ['{"resourceType":"Patient"}', null],
  ['\u00d4\u00c3\u00b2\u00a1', null],
  ['', null],
])('what a log is shows by its first bytes, example %#', (text, format) => {
  expect(sniffSensorLog(bytes(text))).toBe(format);
});

test.each([
  ['fe80:0000:0000:0000:0000:0000:0000:0001', 'fe80::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['::ffff:10.0.0.1', '::ffff:a00:1'],
  ['::', '::'],
  ['10.0.0.1', '10.0.0.1'],
  ['10.0.0', null],
  ['1:2', null],
  ['1::2::3', null],
])('%s is written %s', (text, ip) => expect(normalIp(text)).toBe(ip));

async function* parts(...all: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* all;
}

async function everything(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: number[] = [];
  for await (const chunk of source) all.push(...chunk);
  return Uint8Array.from(all);
}

describe('a file is opened', () => {
  it('as a log, plain or compressed', async () => {
    const plain = bytes(conn(MODBUS));
    for (const file of [plain, gzipSync(plain)]) {
      const { format, source } = await openSensorLog(parts(file.subarray(0, 5), file.subarray(5)));
      expect(format).toBe('zeek');
      expect(await everything(source)).toEqual(plain);
    }
  });

  it('untouched where it is something else', async () => {
    const capture = Uint8Array.of(0xd4, 0xc3, 0xb2, 0xa1, 1, 2, 3);
    for (const file of [capture, new Uint8Array(gzipSync(capture)), new Uint8Array(0)]) {
      const { format, source } = await openSensorLog(parts(file));
      expect(format).toBeNull();
      expect(await everything(source)).toEqual(file);
    }
  });

  it('up to where its compression is cut off', async () => {
    const file = gzipSync(bytes(conn(...Array.from({ length: 2000 }, () => MODBUS))));
    const opened = await openSensorLog(parts(file.subarray(0, file.length - 9)));
    const redactor = { mark: () => '', knownDefault: () => null };
    const run = readSensorLog(opened.source, 'zeek', { file: 'x', sensor: 's', stream: 't', redactor });
    let step = await run.next();
    while (step.done !== true) step = await run.next();
    expect(step.value.errors.map(({ message }) => message)).toContain(
      'the compressed data ends early or is damaged',
    );
  });
});

test('a password that the log hides is not taken for an empty default', async () => {
  const redactor = {
    mark: () => 'h',
    knownDefault: (_: string, secret: string) => (secret === '' ? 'empty' : 'known'),
  };
  const labels = [];
  for (const password of ['<hidden>', 'admin']) {
    const options = { file: 'x', sensor: 's', stream: 't', redactor };
    const run = readSensorLog(
      chunks(log('ftp', 'user password', `admin ${password}`, 21), 999),
      'zeek',
      options,
    );
    for (let step = await run.next(); step.done !== true; step = await run.next()) {
      labels.push(
        ...step.value.sightings.map(({ facts }) => ('knownDefault' in facts ? facts.knownDefault : null)),
      );
    }
  }
  expect(labels).toEqual([null, 'known']);
});
