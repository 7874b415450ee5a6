import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { overviewResponse } from '@wardline/model';
import { type RunningServer, startServer } from '@wardline/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askFor, type ServerAccess } from '../../api/client.ts';
import { crowdedCapture } from '../../testing/capture.ts';
import { Gate } from '../../testing/gate.ts';
import { bin } from '../../testing/run.ts';
import { batchOf, unsealed } from './record.ts';
import { spoolFolder } from './spooled.ts';

/** Handshake and end of a connection without turns, and the bytes of each packet in a capture. */
const [PACKETS, RECORD_BYTES, HEADER_BYTES] = [6, 70, 24];
const CONNECTIONS = 400;

let folder: string;
let server: RunningServer;
let access: ServerAccess;
let gate: Gate;
let gateUrl: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardline-cut-'));
  // As root the database runs as another user, who must get to its folder.
  await chmod(folder, 0o711);
  server = await startServer({ dataDir: join(folder, 'data'), port: 0, log: 'silent' });
  access = {
    base: new URL(`${server.url}/`),
    token: (await readFile(join(folder, 'data/cli-token'), 'utf8')).trim(),
  };
  gate = new Gate(Number(new URL(server.url).port));
  gateUrl = await gate.listen();
}, 60_000);
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  gate.close();
  await server.close();
  await rm(folder, { recursive: true });
});

function startSensor() {
  const args = ['sense', '-', '--server', gateUrl, '--data', join(folder, 'data'), '--sensor', 'cut'];
  const child = spawn(process.execPath, [bin, ...args, '--flush', '0.1'], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, WARDLINE_DATA: '' },
  });
  children.push(child);
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, stderr })),
  );
  return { child, ended };
}

/** Packets in the batches that wait on this machine's disk. */
async function spooledPackets(): Promise<number> {
  const place = spoolFolder(join(folder, 'data/sensor-spool'), 'cut');
  let packets = 0;
  for (const name of await readdir(place).catch(() => [])) {
    if (!/\.(new|sent)$/.test(name)) continue;
    const bytes = await readFile(join(place, name)).catch(() => null);
    const body = bytes && unsealed(bytes);
    packets += (body && (await batchOf(body)))?.statistics.packets ?? 0;
  }
  return packets;
}

const takenPackets = async () => (await askFor(access, 'api/v1/overview', overviewResponse)).observed.packets;
const within = { timeout: 30_000, interval: 50 };

it('loses nothing and counts nothing twice: the server goes away and the sensor is killed, again and again', async () => {
  const capture = crowdedCapture(CONNECTIONS);
  const half = HEADER_BYTES + (CONNECTIONS / 2) * PACKETS * RECORD_BYTES;
  const all = CONNECTIONS * PACKETS;

  const first = startSensor();
  first.child.stdin!.write(capture.subarray(0, half));
  await expect.poll(takenPackets, within).toBe(all / 2);
  gate.shut();
  first.child.stdin!.write(capture.subarray(half));
  await expect.poll(spooledPackets, within).toBe(all / 2);
  first.child.kill('SIGKILL');
  await first.ended;

  // Starts while the server is away, with the key that it was told before.
  const second = startSensor();
  second.child.stdin!.write(capture);
  await expect.poll(spooledPackets, within).toBe(all / 2 + all);
  gate.open();
  await expect.poll(takenPackets, within).toBeGreaterThan(all / 2);
  second.child.kill('SIGKILL');
  await second.ended;

  const third = startSensor();
  third.child.stdin!.end(capture);
  const { code, stderr } = await third.ended;
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(await takenPackets()).toBe(3 * all);
  const { losses } = await askFor(access, 'api/v1/overview', overviewResponse);
  expect(losses).toEqual({ 'sensor-killed': 2 });
}, 120_000);
