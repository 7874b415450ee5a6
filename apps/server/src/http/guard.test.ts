import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await runServer();
});
afterAll(() => server?.close());

/** `fetch` sets Host by itself. */
function statusWithHost(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const ask = request(`${server.url}/health`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    ask.on('error', reject).end();
  });
}

it('answers to loopback names only', async () => {
  expect(await statusWithHost('127.0.0.1:1')).toBe(200);
  expect(await statusWithHost('localhost')).toBe(200);
  expect(await statusWithHost('hospital.example:7400')).toBe(403);
  expect(await statusWithHost('127.0.0.1.evil.example')).toBe(403);
});

it('refuses a change that another site asks for', async () => {
  const body = JSON.stringify({ assets: ['a', 'b'], reason: 'the same device' });
  const headers = { 'content-type': 'application/json', origin: 'http://evil.example' };
  const response = await server.raw('/api/v1/identity/merge', { method: 'POST', headers, body });
  expect(response.status).toBe(403);
});

it('answers nothing without a session', async () => {
  const response = await fetch(`${server.url}/api/v1/assets`);
  expect(response.status).toBe(401);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
});

it('opens a session once by the link, and by no other token', async () => {
  const token = new URLSearchParams(new URL(server.link!).hash.slice(1)).get('token');
  const open = (body: unknown) =>
    fetch(`${server.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  expect((await open({ token: 'x'.repeat(43) })).status).toBe(401);
  const first = await open({ token });
  expect(first.status).toBe(200);
  const cookie = first.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/HttpOnly/);
  expect(cookie).toMatch(/SameSite=Strict/);
  const mine = await fetch(`${server.url}/api/v1/session`, { headers: { cookie: cookie.split(';')[0]! } });
  expect(await mine.json()).toMatchObject({
    actor: expect.stringMatching(/^person:/),
    name: 'First administrator',
    grants: [{ role: 'administrator', sites: null, zones: null, until: null, origin: 'assigned' }],
  });
  expect((await open({ token })).status).toBe(401);
});
