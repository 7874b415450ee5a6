import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { overviewResponse } from '@wardline/model';
import { type RunningServer, startServer } from '@wardline/server';
import { serverFolder } from '@wardline/server/testing/given';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askFor, type ServerAccess } from '../../api/client.ts';
import { crowdedCapture } from '../../testing/capture.ts';
import { Gate } from '../../testing/gate.ts';
import { PipedSensor, spooledPackets } from '../../testing/piped-sensor.ts';

/** Handshake and end of a connection without turns, and the bytes of each packet in a capture. */
const [PACKETS, RECORD_BYTES, HEADER_BYTES] = [6, 70, 24];
const CONNECTIONS = 400;

let folder: string;
let server: RunningServer;
let access: ServerAccess;
let gate: Gate;
let gateUrl: string;

beforeAll(async () => {
  folder = serverFolder('cut');
  server = await startServer({ dataDir: join(folder, 'data'), port: 0, log: 'silent' });
  access = {
    base: new URL(`${server.url}/`),
    token: (await readFile(join(folder, 'data/cli-token'), 'utf8')).trim(),
  };
  gate = new Gate(Number(new URL(server.url).port));
  gateUrl = await gate.listen();
}, 180_000);
afterAll(async () => {
  PipedSensor.killAll();
  gate.close();
  await server.close();
  await rm(folder, { recursive: true });
});

const startSensor = () =>
  new PipedSensor(['--server', gateUrl, '--data', join(folder, 'data'), '--sensor', 'cut']);
const spooled = () => spooledPackets(join(folder, 'data'), 'cut');
const takenPackets = async () => (await askFor(access, 'api/v1/overview', overviewResponse)).observed.packets;
const within = { timeout: 90_000, interval: 50 };

it('loses nothing and counts nothing twice: the server goes away and the sensor is killed, again and again', async () => {
  const capture = crowdedCapture(CONNECTIONS);
  const half = HEADER_BYTES + (CONNECTIONS / 2) * PACKETS * RECORD_BYTES;
  const all = CONNECTIONS * PACKETS;

  const first = startSensor();
  first.child.stdin!.write(capture.subarray(0, half));
  await expect.poll(takenPackets, within).toBe(all / 2);
  gate.shut();
  first.child.stdin!.write(capture.subarray(half));
  await expect.poll(spooled, within).toBe(all / 2);
  first.child.kill('SIGKILL');
  await first.ended;

  // Starts while the server is away, with the key that it was told before.
  const second = startSensor();
  second.child.stdin!.write(capture);
  await expect.poll(spooled, within).toBe(all / 2 + all);
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
}, 300_000);
