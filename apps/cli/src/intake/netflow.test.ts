import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createReadStream, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { readFlowDatagrams } from '@wardline/formats';
import type { Conversation } from '@wardline/model';
import { Redactor, sense } from '@wardline/sensor';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { IntakeServer } from '../testing/intake-server.ts';
import { bin } from '../testing/run.ts';
import { FlowListener, flowAddress } from './flow-listener.ts';

// Each test starts programs, and a busy machine takes its time for that.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const fixture = fileURLToPath(
  new URL('../../../../fixtures/sample-hospital/ward-1.pcap.gz', import.meta.url),
);
const hasExporters = spawnSync('which', ['softflowd']).status === 0;
const options = { file: 'x', sensor: 's', stream: 't', redactor: new Redactor(new Uint8Array(32), []) };

let folder = '';
let fromPackets = new Map<string, Totals>();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardline-netflow-'));
  await writeFile(join(folder, 'ward.pcap'), gunzipSync(readFileSync(fixture)));
  fromPackets = totalsOf(
    (await gather(sense(createReadStream(join(folder, 'ward.pcap')), options))).conversations,
  );
});
afterAll(() => rm(folder, { recursive: true }));

interface Totals {
  packets: [fromClient: number, fromServer: number];
  bytes: [fromClient: number, fromServer: number];
  connections: Conversation['connections'];
}

/** By who talked with whom; an exporter's flow is not cut at the sensor's time slices, so all slices are added up. */
function totalsOf(conversations: readonly Conversation[], withCards = false): Map<string, Totals> {
  const totals = new Map<string, Totals>();
  for (const one of conversations) {
    const { client, server, transport, serverPort } = one;
    if (client.ip === null) continue;
    const cards = withCards ? `${client.mac}|${client.vlan}|${server.mac}|` : '';
    const key = `${cards}${client.ip}>${server.ip} ${transport}/${serverPort}`;
    const none = { opened: 0, established: 0, refused: 0, unanswered: 0, closed: 0, reset: 0 };
    const total = totals.get(key) ?? { packets: [0, 0], bytes: [0, 0], connections: none };
    total.packets[0] += one.packetsFromClient;
    total.packets[1] += one.packetsFromServer;
    total.bytes[0] += one.bytesFromClient;
    total.bytes[1] += one.bytesFromServer;
    for (const name of Object.keys(none) as (keyof typeof none)[])
      total.connections[name] += one.connections[name];
    totals.set(key, total);
  }
  return totals;
}

async function gather(run: ReturnType<typeof sense>) {
  const conversations: Conversation[] = [];
  const dropped: Record<string, number> = {};
  let step = await run.next();
  for (; step.done !== true; step = await run.next()) {
    conversations.push(...step.value.conversations);
    for (const [cause, count] of Object.entries(step.value.statistics.dropped))
      dropped[cause] = (dropped[cause] ?? 0) + count;
  }
  return { conversations, dropped, format: step.value.format };
}

/** Runs a program that exports to the port it is given, and reads what comes until it has ended and nothing more comes. */
async function listenTo(exporter: (port: number) => [program: string, ...arguments: string[]]) {
  const ending = new AbortController();
  const listener = new FlowListener({ host: '127.0.0.1', port: 0 }, 100, ending.signal);
  const { port } = await listener.listening;
  const [program, ...more] = exporter(port);
  // Without a control socket: reading a file, softflowd 1.1.0 may wait at it for ever.
  const child = spawn(program, more, { cwd: folder, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let heard = 0;
  const read = gather(
    readFlowDatagrams(listener, {
      ...options,
      isFlushDue: listener.isFlushDue,
      onProgress: (bytes) => {
        // A flush without a new byte after the program's end: the kernel held nothing back.
        if (child.exitCode !== null && bytes === heard) ending.abort();
        heard = bytes;
      },
    }),
  );
  await ended;
  return await read;
}

const softflowd = (port: number, ...more: string[]): [string, ...string[]] => [
  'softflowd',
  '-r',
  'ward.pcap',
  '-n',
  `127.0.0.1:${port}`,
  '-d',
  '-a',
  '-p',
  'pid',
  '-c',
  'none',
  ...more,
];

describe.skipIf(!hasExporters)('what softflowd exports of a capture', () => {
  it.each([
    ['NetFlow v9', '9'],
    ['IPFIX', '10'],
  ])('as %s gives the conversations of its packets', async (format, version) => {
    const read = await listenTo((port) => softflowd(port, '-v', version));
    expect([read.format, read.dropped]).toEqual([format, {}]);
    const flows = totalsOf(read.conversations);
    const differing = [...fromPackets].filter(
      ([key, { packets }]) => flows.get(key)?.packets.join() !== packets.join(),
    );
    // A transfer by TFTP moves to another port, which only its content tells.
    expect(differing.map(([key]) => key)).toEqual(['10.20.40.60>10.20.30.10 udp/39716']);
    expect(fromPackets.size).toBeGreaterThan(100);
  });

  it('with cards and VLANs gives their bytes and outcomes, too', async () => {
    const read = await listenTo((port) => softflowd(port, '-v', '9', '-T', 'ether'));
    const flows = totalsOf(read.conversations, true);
    const packets = (await gather(sense(createReadStream(join(folder, 'ward.pcap')), options))).conversations;
    const all = [...totalsOf(packets, true)].filter(([key]) => !/\b(0\.0\.0\.0|::)>/.test(key));
    const equal = all.filter(([key, total]) => JSON.stringify(flows.get(key)) === JSON.stringify(total));
    expect([equal.length >= all.length - 6, all.length > 150]).toEqual([true, true]);
  });
});

it('knows addresses to listen at', () => {
  expect(flowAddress('udp://127.0.0.1:2055')).toEqual({ host: '127.0.0.1', port: 2055 });
  expect(flowAddress('udp://[::1]:4739')).toEqual({ host: '::1', port: 4739 });
  for (const wrong of ['tcp://127.0.0.1:2055', 'udp://127.0.0.1', 'udp://127.0.0.1:70000', '127.0.0.1:1'])
    expect(flowAddress(wrong), wrong).toBeNull();
});

it('listens, hands over while it runs, and ends in order', async () => {
  const server = new IntakeServer();
  const url = await server.listen();
  await writeFile(join(folder, 'cli-token'), `${server.token}\n`);
  const flags = ['--netflow', 'udp://127.0.0.1:0', '--server', url, '--data', folder, '--flush', '0.1'];
  const child = spawn(process.execPath, [bin, 'sense', ...flags], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const port = await vi.waitFor(
    () => Number(/listening .*:(\d+)\n/.exec(said)?.[1] ?? expect.fail()),
    60_000,
  );
  const socket = createSocket('udp4');
  // A damaged message is counted, which a batch carries although no flow came.
  socket.send(Buffer.from([0, 5, 0, 1]), port, '127.0.0.1');
  await vi.waitFor(() => expect(JSON.stringify(server.batches)).toContain('"not-a-flow-export":1'), 60_000);
  socket.close();
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(server.batches.at(-1)?.last).toBe(true);
  server.close();
});
