import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { conversationListResponse, overviewResponse } from '@wardline/model';
import { type RunningServer, startServer } from '@wardline/server';
import { serverFolder } from '@wardline/server/testing/given';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { askFor, type ServerAccess } from '../api/client.ts';
import { crowdedCapture } from '../testing/capture.ts';
import { bin, wardline } from '../testing/run.ts';

const CONNECTIONS = 22_000;
/** Handshake and end of a connection without turns. */
const PACKETS = CONNECTIONS * 6;

const crowd = crowdedCapture(CONNECTIONS);

let folder: string;
let server: RunningServer;
let access: ServerAccess;

beforeAll(async () => {
  folder = serverFolder('real');
  server = await startServer({ dataDir: join(folder, 'data'), port: 0, log: 'silent' });
  access = {
    base: new URL(`${server.url}/`),
    token: (await readFile(join(folder, 'data/cli-token'), 'utf8')).trim(),
  };
  await writeFile(join(folder, 'crowd.pcap'), crowd);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const flags = () => ['--server', server.url, '--data', join(folder, 'data'), '--sensor', 'real'];

/** Starts sensing and kills it without warning as soon as the server has so many batches. */
async function senseUntilKilled(batches: number): Promise<number> {
  const child = spawn(process.execPath, [bin, 'sense', join(folder, 'crowd.pcap'), ...flags()], {
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  while (child.exitCode === null && (await lastNumber()) < batches) await pause(5);
  child.kill('SIGKILL');
  await ended;
  return await lastNumber();
}

async function lastNumber(): Promise<number> {
  const stream = createHash('sha256').update(crowd).digest('hex');
  const schema = z.object({ lastNumber: z.int() });
  return (await askFor(access, `api/v1/intake/streams/real/${stream}`, schema)).lastNumber;
}

async function totals(): Promise<{ conversations: number; packets: number }> {
  const list = await askFor(access, 'api/v1/conversations?limit=1', conversationListResponse);
  const overview = await askFor(access, 'api/v1/overview', overviewResponse);
  return { conversations: list.total, packets: overview.observed.packets };
}

it('loses nothing and counts nothing twice when the sensor is killed again and again', async () => {
  for (const batches of [1, 3]) expect(await senseUntilKilled(batches)).toBeGreaterThanOrEqual(batches);
  const last = await wardline(['sense', join(folder, 'crowd.pcap'), ...flags()]);
  expect(last).toMatchObject({ code: 0, stdout: '' });
  expect(await totals()).toEqual({ conversations: CONNECTIONS, packets: PACKETS });
  const again = await wardline(['sense', join(folder, 'crowd.pcap'), ...flags()]);
  expect(again.stderr).toContain('0 batches sent');
  expect(await totals()).toEqual({ conversations: CONNECTIONS, packets: PACKETS });
}, 300_000);

it('lists what was seen, and shows one of it', async () => {
  await expect
    .poll(async () => (await wardline(['asset', 'list', ...flags().slice(0, 4), '--json'])).stdout, {
      timeout: 90_000,
      interval: 500,
    })
    .toContain('10.20.1.12');
  const shown = await wardline(['asset', 'show', '10.20.1.12', ...flags().slice(0, 4)]);
  expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('00:50:56:00:00:12') });
  const none = await wardline(['asset', 'show', 'nothing-of-the-kind', ...flags().slice(0, 4)]);
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('no asset is') });
}, 180_000);

it('hands over by certificate, without a token', async () => {
  const certified = join(folder, 'certified');
  const guarded = await startServer({
    dataDir: certified,
    host: '127.0.0.2',
    port: 0,
    sensorPort: 0,
    names: ['127.0.0.2'],
    log: 'silent',
  });
  const [cert, key, ca] = ['sensor.pem', 'sensor.key']
    .map((file) => join(folder, file))
    .concat(join(certified, 'tls/cert.pem'));
  try {
    const subject = ['-subj', '/CN=door', '-keyout', key!, '-out', cert!];
    await promisify(execFile)('openssl', [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      ...subject,
    ]);
    await writeFile(join(folder, 'few.pcap'), crowdedCapture(20));
    const sensing = () =>
      wardline([
        'sense',
        join(folder, 'few.pcap'),
        '--server',
        `https://127.0.0.2:${guarded.sensorPort}`,
        '--sensor',
        'door',
        '--client-cert',
        cert!,
        '--client-key',
        key!,
        '--ca',
        ca!,
        '--data',
        certified,
      ]);
    expect((await sensing()).stderr).toContain('Sign in first');
    const token = (await readFile(join(certified, 'cli-token'), 'utf8')).trim();
    await register(guarded.url, ca!, token, await readFile(cert!, 'utf8'));
    expect((await sensing()).code).toBe(0);
  } finally {
    await guarded.close();
  }
}, 180_000);

/** As an administrator does, by the console's own port. */
async function register(url: string, ca: string, token: string, certificate: string): Promise<void> {
  const expires = new Date(Date.now() + 86_400_000).toISOString();
  const body = JSON.stringify({ name: 'door', sensor: 'door', certificate, expires, reason: 'a test' });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const asked = request(
      new URL('/api/v1/tokens', url),
      { method: 'POST', headers, ca: readFileSync(ca) },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
  expect(status).toBe(200);
}
