import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Overview, SiteList } from '@wardline/model';
import { serverFolder } from '@wardline/server/testing/given';
import { hasNats, NatsAuthority, NatsServer } from '@wardline/server/testing/nats';
import { ServerProcess } from '@wardline/server/testing/server-process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crowdedCapture } from '../../testing/capture.ts';
import { PipedSensor, spooledPackets } from '../../testing/piped-sensor.ts';

/** Handshake and end of a connection without turns, and the bytes of each packet in a capture. */
const [PACKETS, RECORD_BYTES, HEADER_BYTES] = [6, 70, 24];
const CONNECTIONS = 3000;
const within = { timeout: 90_000, interval: 50 };

describe.skipIf(!hasNats)('a sensor behind a broker', () => {
  let folder: string;
  let authority: NatsAuthority;
  let broker: NatsServer;
  let server: ServerProcess;

  beforeAll(async () => {
    folder = serverFolder('broker');
    authority = new NatsAuthority(join(folder, 'tls'), ['broker', 'wardline', 'north']);
    broker = new NatsServer(authority, join(folder, 'broker'));
    await broker.start();
    server = await startServer();
    const expires = new Date(Date.now() + 86_400_000).toISOString();
    const certificate = authority.read('north.pem');
    const body = { name: 'north', sensor: 'north', certificate, expires, reason: 'a new sensor' };
    const headers = { 'content-type': 'application/json' };
    await server.ask('tokens', { method: 'POST', headers, body: JSON.stringify(body) });
  }, 300_000);
  afterAll(async () => {
    PipedSensor.killAll();
    await ServerProcess.endAll();
    await broker.kill();
    await rm(folder, { recursive: true });
  });

  function startServer(): Promise<ServerProcess> {
    const { ca, certificate, key, room } = authority.settings(broker.url);
    return ServerProcess.start(join(folder, 'data'), {
      NATS_URL: broker.url,
      WARDLINE_NATS_CA: ca,
      WARDLINE_NATS_CERT: certificate,
      WARDLINE_NATS_KEY: key,
      WARDLINE_NATS_ROOM: room,
    });
  }

  function startSensor() {
    const own = ['--client-cert', authority.at('north.pem'), '--client-key', authority.at('north.key')];
    const way = ['--nats', broker.url, '--ca', authority.at('ca.pem'), '--site', '1'];
    const sensor = ['--sensor', 'north', '--data', join(folder, 'sensor')];
    // There is no way to the server but the broker.
    return new PipedSensor([...way, ...own, ...sensor, '--server', 'https://127.0.0.1:9']);
  }

  const spooled = () => spooledPackets(join(folder, 'sensor'), 'north');
  const overview = () => server.ask<Overview>('overview');
  const takenPackets = async () => (await overview()).observed.packets;

  it('loses nothing and counts nothing twice: broker, server and sensor are killed in turn', async () => {
    const capture = crowdedCapture(CONNECTIONS);
    const half = HEADER_BYTES + (CONNECTIONS / 2) * PACKETS * RECORD_BYTES;
    const all = CONNECTIONS * PACKETS;

    const first = startSensor();
    first.child.stdin!.write(capture.subarray(0, half));
    await expect.poll(takenPackets, within).toBe(all / 2);

    // The broker dies: what is seen stays in the spool, and outlives the sensor.
    await broker.kill('SIGKILL');
    first.child.stdin!.write(capture.subarray(half));
    await expect.poll(spooled, within).toBe(all / 2);
    first.child.kill('SIGKILL');
    await first.ended;

    // The server dies: the broker takes all of it, and outlives the sensor and itself.
    await server.end('SIGKILL');
    await broker.start();
    const second = startSensor();
    second.child.stdin!.write(capture);
    await expect.poll(spooled, within).toBe(0);
    second.child.kill('SIGKILL');
    await second.ended;
    await broker.kill('SIGKILL');
    await broker.start();

    // The next server dies while it takes it in.
    server = await startServer();
    await expect.poll(takenPackets, { ...within, interval: 5 }).toBeGreaterThan(all / 2);
    await server.end('SIGKILL');
    server = await startServer();

    const third = startSensor();
    third.child.stdin!.end(capture);
    const { code, stderr } = await third.ended;
    expect({ code, stderr }).toMatchObject({ code: 0 });
    await expect.poll(takenPackets, within).toBe(3 * all);
    expect((await overview()).losses).toEqual({ 'sensor-killed': 2 });
    expect((await server.ask<SiteList>('sites')).refused).toEqual([]);
  }, 240_000);
});
