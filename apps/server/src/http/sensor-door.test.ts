import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownCertificate, type ServerCertificate } from '../config/certificate.ts';
import { parseConfig, readEnv } from '../config/config.ts';
import { type RunningServer, startServer } from '../index.ts';
import { batch } from '../testing/synthetic.ts';
import { keyDigest } from './sensor-door.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-door-'));
// The database's own user has to come through it.
chmodSync(folder, 0o711);
const name = 'wardline.hospital.example';
const DAY = 86_400_000;
let server: RunningServer;
let ca: string;
let token: string;
let sensor: ServerCertificate;
let stranger: ServerCertificate;

const made = (who: string, now = Date.now()) => ownCertificate(join(folder, who), [who], now);

beforeAll(async () => {
  const dataDir = join(folder, 'data');
  server = await startServer({
    dataDir,
    host: '127.0.0.2',
    port: 0,
    sensorPort: 0,
    names: [name],
    log: 'silent',
    consoleDir: join(folder, 'none'),
  });
  ca = readFileSync(join(dataDir, 'tls/cert.pem'), 'utf8');
  token = readFileSync(join(dataDir, 'cli-token'), 'utf8');
  [sensor, stranger] = [await made('house-b'), await made('stranger')];
});
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Asked {
  port: number;
  path: string;
  method?: string;
  as?: ServerCertificate;
  body?: unknown;
  bearer?: string;
}

/** The status and the body; rejects where the connection ends. */
function ask({
  port,
  path,
  method = 'GET',
  as,
  body,
  bearer,
}: Asked): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      host: `${name}:${port}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    };
    const own = as === undefined ? {} : { cert: as.cert, key: as.key };
    const asked = request(
      { host: '127.0.0.2', port, servername: name, ca, path, method, headers, agent: false, ...own },
      (answer) => {
        let text = '';
        answer.on('data', (part: Buffer) => (text += part.toString()));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      },
    );
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const atConsole = (path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST') =>
  ask({
    port: Number(new URL(server.url).port),
    path: `/api/v1/${path}`,
    method,
    bearer: token,
    ...(body === undefined ? {} : { body }),
  });
const handOver = (as: ServerCertificate | undefined, of: string, number = 1, bearer?: string) =>
  ask({
    port: server.sensorPort!,
    path: '/api/v1/intake/batches',
    method: 'POST',
    body: { ...batch(number, 1), sensor: of },
    ...(as === undefined ? {} : { as }),
    ...(bearer === undefined ? {} : { bearer }),
  });

async function register(
  who: string,
  certificate: string,
): Promise<{ status: number; id: string; secret: unknown }> {
  const expires = new Date(Date.now() + 30 * DAY).toISOString();
  const answer = await atConsole('tokens', {
    name: who,
    sensor: who,
    certificate,
    expires,
    reason: 'a new sensor',
  });
  const { id, secret } = JSON.parse(answer.text) as { id: string; secret: unknown };
  return { status: answer.status, id, secret };
}

describe('the door of sensors', () => {
  it('takes batches of a sensor whose key was registered, in its own name', async () => {
    expect((await handOver(sensor, 'house-b')).status).toBe(401);
    expect(await register('house-b', sensor.cert)).toMatchObject({ status: 200, secret: null });
    expect((await handOver(sensor, 'house-b')).status).toBe(200);
    expect((await handOver(sensor, 'house-c')).status).toBe(403);
    expect((await register('again', sensor.cert)).status).toBe(409);
  });

  it('lets nobody else in: no certificate, one that is not known, one that has ended, another’s token', async () => {
    await expect(handOver(undefined, 'house-b')).rejects.toThrow();
    await expect(handOver(undefined, 'house-b', 1, token)).rejects.toThrow();
    expect((await handOver(stranger, 'house-b')).status).toBe(401);
    expect((await handOver(stranger, 'house-b', 1, token)).status).toBe(401);
    const old = await made('old', Date.now() - 800 * DAY);
    expect((await register('old', old.cert)).status).toBe(200);
    await expect(handOver(old, 'old')).rejects.toThrow();
  });

  it('leads to intake and nowhere else, and what a sensor may is all that it may', async () => {
    for (const path of ['/', '/api/v1/assets', '/api/v1/session', '/api/v1/intake/../assets'])
      expect((await ask({ port: server.sensorPort!, path, as: sensor, bearer: token })).status, path).toBe(
        404,
      );
    const position = '/api/v1/intake/streams/house-b/made-up';
    expect((await ask({ port: server.sensorPort!, path: position, as: sensor })).status).toBe(200);
  });

  it('knows a renewed certificate by its key, and a revoked one no more', async () => {
    expect(keyDigest(sensor.cert)).toMatch(/^x509:[0-9a-f]{64}$/);
    const { items } = JSON.parse((await atConsole('tokens')).text) as {
      items: { id: string; holder: string }[];
    };
    const { id } = items.find(({ holder }) => holder === 'sensor:house-b')!;
    const why = encodeURIComponent('it was stolen');
    expect((await atConsole(`tokens/${id}?reason=${why}`, undefined, 'DELETE')).status).toBe(200);
    expect((await handOver(sensor, 'house-b', 2)).status).toBe(401);
    expect((await register('house-b', sensor.cert)).status).toBe(409);
  });

  it('is the only place where a certificate counts', async () => {
    const port = Number(new URL(server.url).port);
    const later = await made('later');
    expect((await register('later', later.cert)).status).toBe(200);
    const path = '/api/v1/intake/streams/later/made-up';
    expect((await ask({ port: server.sensorPort!, path, as: later })).status).toBe(200);
    expect((await ask({ port, path, as: later })).status).toBe(401);
  });

  it('refuses what is no certificate, and one of no sensor', async () => {
    const expires = new Date(Date.now() + DAY).toISOString();
    const wrong = { name: 'x', sensor: 'x', certificate: 'none', expires, reason: 'a test' };
    expect((await atConsole('tokens', wrong)).text).toContain('expected one certificate');
    const program = { name: 'x', role: 'governance', certificate: stranger.cert, expires, reason: 'a test' };
    expect((await atConsole('tokens', program)).text).toContain('only a sensor');
  });

  it('is opened with TLS only', () => {
    expect(() => parseConfig(readEnv({}), { sensorPort: 7401 })).toThrow('needs TLS');
    expect(() => parseConfig(readEnv({ WARDLINE_SENSOR_PORT: 'x', WARDLINE_HOST: '127.0.0.2' }), {})).toThrow(
      'WARDLINE_SENSOR_PORT',
    );
    expect(
      parseConfig(readEnv({ WARDLINE_SENSOR_PORT: '7401', WARDLINE_HOST: '127.0.0.2' }), {}).sensorPort,
    ).toBe(7401);
  });
});
