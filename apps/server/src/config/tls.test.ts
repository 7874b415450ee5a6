import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../index.ts';
import { ownCertificate } from './certificate.ts';
import { parseConfig, readEnv } from './config.ts';

let dataDir: string;
let server: RunningServer;
let ca: string;
const name = 'wardline.hospital.example';

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'wardline-tls-'));
  // 127.0.0.2 stands for an address beyond loopback's own names: what is not in the table of loopback speaks TLS.
  server = await startServer({
    dataDir,
    host: '127.0.0.2',
    port: 0,
    names: [name],
    log: 'silent',
    consoleDir: join(dataDir, 'none'),
  });
  ca = readFileSync(join(dataDir, 'tls/cert.pem'), 'utf8');
});
afterAll(async () => {
  await server?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const port = () => Number(new URL(server.url).port);

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
}

function ask(
  path: string,
  options: { host?: string; method?: string; body?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { host = name, method = 'GET', body, headers = {} } = options;
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.2',
        port: port(),
        servername: name,
        ca,
        path,
        method,
        headers: { host: `${host}:${port()}`, ...headers },
      },
      (answer) => {
        answer.resume();
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers });
      },
    );
    asked.on('error', reject).end(body);
  });
}

/** The version that a client of such bounds gets, or its error. */
function handshake(options: {
  minVersion?: 'TLSv1.2';
  maxVersion?: 'TLSv1.1' | 'TLSv1.2';
  ciphers?: string;
}): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.2', port: port(), servername: name, ca, ...options }, () => {
      resolve(socket.getProtocol() ?? '');
      socket.destroy();
    });
    socket.on('error', () => resolve('refused'));
  });
}

it('speaks TLS by its name, with a certificate that a client can check, and tells its fingerprint', async () => {
  expect(server.url).toBe(`https://${name}:${port()}`);
  expect(server.link).toContain(`https://${name}`);
  expect(server.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  expect((await ask('/health')).status).toBe(200);
  expect(statSync(join(dataDir, 'tls/key.pem')).mode & 0o077).toBe(0);
});

it('answers to its own names only', async () => {
  expect((await ask('/health', { host: 'evil.example' })).status).toBe(403);
  expect((await ask('/health', { host: 'localhost' })).status).toBe(200);
});

it('takes TLS 1.3 and 1.2 with forward secrecy, and nothing older or weaker', async () => {
  expect(await handshake({})).toBe('TLSv1.3');
  expect(await handshake({ maxVersion: 'TLSv1.2' })).toBe('TLSv1.2');
  expect(await handshake({ maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' })).toBe('refused');
  expect(await handshake({ maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' })).toBe('refused');
});

it('keeps browsers on TLS, and its cookie to itself', async () => {
  expect((await ask('/health')).headers['strict-transport-security']).toBe(
    'max-age=63072000; includeSubDomains',
  );
  const token = new URLSearchParams(new URL(server.link!).hash.slice(1)).get('token');
  const body = JSON.stringify({ token });
  const headers = { 'content-type': 'application/json', origin: `https://${name}:${port()}` };
  const foreign = await ask('/api/v1/session', {
    method: 'POST',
    body,
    headers: { ...headers, origin: `http://${name}:${port()}` },
  });
  expect(foreign.status).toBe(403);
  const { headers: given } = await ask('/api/v1/session', { method: 'POST', body, headers });
  const [cookie] = given['set-cookie'] as string[];
  expect(cookie).toMatch(/^__Host-wardline=/);
  expect(cookie).toMatch(/Secure/);
  expect(cookie).not.toMatch(/Domain/);
});

it('makes its certificate anew where names change or its end is near, and keeps it otherwise', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wardline-cert-'));
  const now = Date.now();
  const first = await ownCertificate(folder, ['a.example', '10.0.0.1'], now);
  expect((await ownCertificate(folder, ['a.example', '10.0.0.1'], now)).fingerprint).toBe(first.fingerprint);
  expect((await ownCertificate(folder, ['b.example'], now)).fingerprint).not.toBe(first.fingerprint);
  const late = await ownCertificate(folder, ['b.example'], now + 380 * 86_400_000);
  expect(late.fingerprint).not.toBe((await ownCertificate(folder, ['c.example'], now)).fingerprint);
  rmSync(folder, { recursive: true });
});

describe('a configuration', () => {
  const parse = (env: Record<string, string>) => parseConfig(readEnv(env), {});

  it('beyond loopback means TLS, on loopback it does not', () => {
    expect(parse({}).tls).toBeNull();
    expect(parse({ WARDLINE_HOST: '0.0.0.0', WARDLINE_NAMES: 'a.example, 10.0.0.1' })).toMatchObject({
      tls: 'own',
      names: ['a.example', '10.0.0.1'],
    });
    expect(parse({ WARDLINE_HOST: '10.0.0.9' }).names).toContain('10.0.0.9');
  });

  it.each([
    [{ WARDLINE_NAMES: 'a example' }, /neither a name nor an address/],
    [{ WARDLINE_TLS_CERT: '/a.pem' }, /needs its key/],
  ])('%j is refused in words', (env, words) => {
    expect(() => parse(env as Record<string, string>)).toThrow(words);
  });
});
