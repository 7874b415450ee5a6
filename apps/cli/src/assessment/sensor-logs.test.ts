import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { loadKnowledge } from '@wardline/knowledge';
import type { Conversation } from '@wardline/model';
import { Redactor } from '@wardline/sensor';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assess } from './assess.ts';
import { findCaptures } from './captures.ts';
import { readEvidence } from './evidence.ts';

const shared = fileURLToPath(new URL('../../../../../shared/data/pcap/', import.meta.url));
const capture = join(shared, 'zeek/modbus/modbusSmall.pcap');
const hasTshark = spawnSync('tshark', ['--version']).status === 0;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardline-logs-'));
});
afterAll(() => rm(folder, { recursive: true }));

function log(path: string, fields: Record<string, string>): string {
  const columns = Object.keys(fields).join('\t');
  const types = Object.keys(fields).fill('string').join('\t');
  const values = Object.values(fields).join('\t');
  const head = `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t${path}`;
  return `${head}\n#fields\t${columns}\n#types\t${types}\n${values}\n`;
}

const conn = {
  ts: '1772323200.25',
  uid: 'C1',
  'id.orig_h': '10.0.0.1',
  'id.orig_p': '50000',
  'id.resp_h': '10.0.0.2',
  'id.resp_p': '22',
  proto: 'tcp',
  service: 'ssh',
  conn_state: 'SF',
  history: 'ShADadFf',
  orig_pkts: '6',
  orig_ip_bytes: '300',
  resp_pkts: '5',
  resp_ip_bytes: '250',
  orig_l2_addr: '02:00:00:00:00:01',
  resp_l2_addr: '02:00:00:00:00:02',
};

it('assesses a folder of logs, and says which line is damaged', async () => {
  await writeFile(join(folder, 'conn.log'), log('conn', conn));
  const ssh = { ...conn, client: 'SSH-2.0-PuTTY', server: 'SSH-2.0-OpenSSH_9.2p1 Debian-2', version: '2' };
  await writeFile(join(folder, 'ssh.log.gz'), gzipSync(log('ssh', ssh)));
  await writeFile(
    join(folder, 'eve.json'),
    '{"timestamp":"2026-03-01T00:00:00.0+0000","event_type":"flow"\n',
  );
  const { captures, errors } = await findCaptures([folder], '/');
  const { assessment, readable } = await assess({
    captures,
    register: null,
    knowledge: loadKnowledge(),
    key: new Uint8Array(32),
    generator: 'test',
    errors,
    now: () => 0,
  });
  expect(readable).toBe(3);
  expect(assessment.captures.map(({ format }) => format)).toEqual([
    'Zeek conn log',
    'Suricata EVE',
    'Zeek ssh log',
  ]);
  // Only conn.log knows the network cards; what the other says of the same asset is beside it.
  expect(assessment.conversations).toHaveLength(2);
  expect(assessment.conversations).toContainEqual(
    expect.objectContaining({
      serverPort: 22,
      application: 'ssh',
      packetsFromClient: 6,
      bytesFromClient: 384,
    }),
  );
  expect(assessment.conversations).toContainEqual(
    expect.objectContaining({ serverPort: 22, protection: 'ssh2', packetsFromClient: 0 }),
  );
  expect(new Set(assessment.conversations.map(({ server }) => server.asset)).size).toBe(1);
  expect(assessment.errors).toMatchObject([{ file: 'eve.json', record: 1 }]);
});

async function conversationsOf(path: string): Promise<Conversation[]> {
  const options = { file: 'x', sensor: 's', stream: 't', redactor: new Redactor(new Uint8Array(32), []) };
  const run = readEvidence(createReadStream(path), options);
  const found: Conversation[] = [];
  for (let step = await run.next(); step.done !== true; step = await run.next()) {
    found.push(...step.value.conversations);
  }
  return found.filter(({ transport }) => transport === 'tcp');
}

function ipBytes(filter: string): { packets: number; bytes: number } {
  const options = ['-r', capture, '-Y', filter, '-T', 'fields', '-e', 'ip.len'];
  const { stdout } = spawnSync('tshark', options, { encoding: 'utf8' });
  const lengths = stdout.split('\n').filter((line) => line !== '');
  return { packets: lengths.length, bytes: lengths.reduce((sum, length) => sum + Number(length), 0) };
}

it.skipIf(!existsSync(capture) || !hasTshark)(
  'makes of a log what the sensor makes of its capture',
  async () => {
    const [theirs] = await conversationsOf(capture);
    if (theirs === undefined) throw new Error('expected a connection');
    const [sent, got] = [ipBytes('tcp.dstport == 502'), ipBytes('tcp.srcport == 502')];
    const row = {
      ...conn,
      ts: String(theirs.firstSeen / 1e6),
      duration: String((theirs.lastSeen - theirs.firstSeen) / 1e6),
      'id.orig_h': theirs.client.ip ?? '',
      'id.resp_h': theirs.server.ip ?? '',
      'id.resp_p': '502',
      service: 'modbus',
      orig_pkts: String(sent.packets),
      orig_ip_bytes: String(sent.bytes),
      resp_pkts: String(got.packets),
      resp_ip_bytes: String(got.bytes),
      orig_l2_addr: theirs.client.mac ?? '',
      resp_l2_addr: theirs.server.mac ?? '',
    };
    const path = join(folder, 'conn.log');
    await writeFile(path, log('conn', row));
    const [ours] = await conversationsOf(path);
    const keys = ['client', 'server', 'serverPort', 'application', 'protection', 'slice'] as const;
    const counts = ['packetsFromClient', 'packetsFromServer', 'bytesFromClient', 'bytesFromServer'] as const;
    for (const key of [...keys, ...counts, 'firstSeen', 'lastSeen'] as const) {
      expect(ours?.[key], key).toEqual(theirs[key]);
    }
  },
);
