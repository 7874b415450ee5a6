import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Answer } from '../api/client.ts';
import { secrets, wardCapture } from '../testing/capture.ts';
import { IntakeServer } from '../testing/intake-server.ts';
import { bin, wardline } from '../testing/run.ts';
import { Delivery } from './deliver.ts';
import { LiveSource } from './live-source.ts';

// Each test starts programs, and a busy machine takes its time for that.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
let server: IntakeServer;
let url: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardline-sense-'));
  server = new IntakeServer();
  url = await server.listen();
  await writeFile(join(folder, 'cli-token'), `${server.token}\n`);
  await writeFile(join(folder, 'ward.pcap'), wardCapture());
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

function sense(capture: string, ...more: string[]) {
  return wardline(['sense', capture, '--server', url, '--data', folder, '--sensor', 'test', ...more], {
    cwd: folder,
    ...(capture === '-' ? { stdin: wardCapture() } : {}),
  });
}

it('hands over a file once, whatever it is called, with no secret in it', async () => {
  const first = await sense('ward.pcap');
  expect(first).toMatchObject({ code: 0, stdout: '' });
  await writeFile(join(folder, 'copy.pcap'), wardCapture());
  const again = await sense('copy.pcap');
  expect(again.stderr).toContain('0 batches sent, 1 were there already');
  expect(server.batches).toHaveLength(1);
  expect(server.batches[0]).toMatchObject({
    sensor: 'test',
    number: 1,
    last: true,
    statistics: { packets: 16 },
  });
  for (const secret of Object.values(secrets)) expect(JSON.stringify(server.batches)).not.toContain(secret);
});

it('marks equal secrets equally in every run of one site', async () => {
  await sense('ward.pcap');
  await writeFile(join(folder, 'other.pcap'), Buffer.concat([wardCapture(), wardCapture().subarray(24)]));
  await sense('other.pcap');
  const marks = server.batches.map((batch) => batch.sightings.find((s) => s.kind === 'phi.cleartext')?.marks);
  expect(marks[0]).toHaveLength(1);
  expect(marks[1]).toEqual(marks[0]);
});

it('waits out a server that fails and drops connections', async () => {
  server.mishaps.push(503, null, 429, 500);
  expect(await sense('ward.pcap')).toMatchObject({ code: 0 });
  expect(server.batches).toHaveLength(1);
});

it('gives up with a sentence when the server stays away, and refuses a wrong token at once', async () => {
  server.mishaps.push(...Array.from({ length: 50 }, () => 503));
  const away = await sense('ward.pcap', '--patience', '0');
  expect(away.code).toBe(1);
  expect(away.stderr).toContain('it goes on where it stopped');
  server.mishaps.length = 0;
  await writeFile(join(folder, 'cli-token'), 'wrong');
  const refused = await sense('ward.pcap');
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('Sign in first') });
});

it('takes a live stream from standard input, each as a stream of its own', async () => {
  expect(await sense('-')).toMatchObject({ code: 0 });
  expect(await sense('-')).toMatchObject({ code: 0 });
  expect(new Set(server.batches.map((batch) => batch.stream)).size).toBe(2);
});

it('hands over what it saw when a live stream falls silent, before it ends', async () => {
  const args = ['sense', '-', '--server', url, '--data', folder, '--flush', '0.2'];
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.write(wardCapture());
  await expect.poll(() => server.batches.length, { timeout: 90_000 }).toBeGreaterThan(0);
  expect(server.batches.at(-1)).toMatchObject({ last: false });
  child.stdin.end();
  expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(0);
  expect(server.batches.at(-1)).toMatchObject({ last: true });
  expect(server.batches.reduce((sum, { statistics }) => sum + statistics.packets, 0)).toBe(16);
});

it('hands over what was read when it is asked to stop', async () => {
  const args = ['sense', '-', '--server', url, '--data', folder, '--flush', '0.2'];
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.write(wardCapture());
  await expect.poll(() => server.batches.length, { timeout: 90_000 }).toBeGreaterThan(0);
  child.kill('SIGTERM');
  expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(0);
  expect(server.batches.at(-1)).toMatchObject({ last: true });
});

it('ends with 3 where nothing could be read and with 2 for a bad address', async () => {
  expect(await sense('missing.pcap')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('missing.pcap: does not exist'),
  });
  expect(await wardline(['sense', 'ward.pcap', '--server', 'nonsense'], { cwd: folder })).toMatchObject({
    code: 2,
  });
});

const batch = {
  sensor: 's',
  stream: 't',
  number: 1,
  last: true,
  conversations: [],
  sightings: [],
  statistics: {
    packets: 0,
    bytes: 0,
    dropped: {},
    evicted: {},
  },
};

it('sends a batch again with growing pauses until it is acknowledged, and counts it once', async () => {
  const answers: Answer[] = [
    { kind: 'unreachable', message: 'nothing listens there' },
    { kind: 'refused', status: 502, message: 'bad gateway' },
    { kind: 'ok', body: { outcome: 'duplicate', lastNumber: 1 } },
  ];
  const pauses: number[] = [];
  const delivery = new Delivery(
    {
      ask: async () => answers.shift()!,
      hand: async () => answers.shift()!,
      pause: async (milliseconds) => void pauses.push(milliseconds),
      now: () => 0,
      chance: () => 1,
    },
    1000,
  );
  await delivery.send(batch);
  expect(pauses).toEqual([250, 500]);
  expect([delivery.sent, delivery.known]).toEqual([0, 1]);
});

it('does not repeat what would be refused again', async () => {
  let asked = 0;
  const ask = async (): Promise<Answer> => {
    asked++;
    return { kind: 'refused', status: 422, message: 'not a batch' };
  };
  const delivery = new Delivery(
    { ask, hand: ask, pause: async () => {}, now: () => 0, chance: () => 0 },
    1000,
  );
  await expect(delivery.send(batch)).rejects.toThrow('the server refused: not a batch');
  expect(asked).toBe(1);
});

it('asks for a hand-over once when a live stream falls silent', async () => {
  let release = () => {};
  const silence = new Promise<void>((resolve) => {
    release = resolve;
  });
  async function* stream() {
    yield Uint8Array.of(1);
    await silence;
    yield Uint8Array.of(2);
  }
  const live = new LiveSource(stream(), 5);
  const seen: [number, boolean][] = [];
  for await (const chunk of live) {
    seen.push([chunk.length, live.isFlushDue()]);
    if (chunk.length === 0) release();
  }
  expect(seen).toEqual([
    [1, false],
    [0, true],
    [1, false],
  ]);
});
