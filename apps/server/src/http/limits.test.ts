import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SESSION_ATTEMPTS_PER_MINUTE, SMALL_BODY_BYTES } from '../limits.ts';
import { runServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await runServer();
});
afterAll(() => server?.close());

const merge = (body: string, headers: Record<string, string> = {}) =>
  server.raw('/api/v1/identity/merge', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });

/** A body of exactly so many bytes. */
function bodyOf(bytes: number): string {
  const frame = JSON.stringify({ assets: ['a', 'b'], reason: 'none', padding: '' });
  return frame.replace('"padding":""', `"padding":"${'x'.repeat(bytes - frame.length)}"`);
}

describe('a body', () => {
  it('of just the limit is read, and one byte more is refused', async () => {
    expect((await merge(bodyOf(SMALL_BODY_BYTES))).status).toBe(404);
    const beyond = await merge(bodyOf(SMALL_BODY_BYTES + 1));
    expect(beyond.status).toBe(413);
    expect(await beyond.json()).toMatchObject({ code: 'body-too-large' });
  });

  it.each([
    ['nested a hundred thousand deep', '['.repeat(100_000)],
    ['closed a hundred thousand deep', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['that is no JSON', '{"assets":'],
    ['that reaches for the prototype', '{"__proto__":{"assets":["a","b"]},"reason":"none at all"}'],
    ['that is empty', ''],
  ])('%s is refused as a problem', async (_name, body) => {
    const answer = await merge(body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('of another type is refused', async () => {
    const answer = await merge('<assets/>', { 'content-type': 'text/xml' });
    expect(answer.status).toBe(415);
  });
});

describe('a query', () => {
  it.each(['q', 'class', 'cursor', 'sort'])('with a huge %s is refused', async (name) => {
    const answer = await server.raw(`/api/v1/assets?${name}=${'x'.repeat(8000)}`);
    expect(answer.status).toBe(400);
  });

  it('beyond what a header may hold ends in a refusal', async () => {
    const answer = await server.raw(`/api/v1/assets?q=${'x'.repeat(40_000)}`);
    expect(answer.status).toBe(431);
  });

  it.each(["'; drop table asset; --", '%', '_', '\\', '\ud800'])(
    'for %j means these characters',
    async (q) => {
      const answer = await server.raw(`/api/v1/assets?q=${encodeURIComponent(q.toWellFormed())}`);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ total: 0 });
    },
  );
});

it('takes a name once, knows no field that was not meant, and no method that tells headers', async () => {
  expect((await server.raw('/api/v1/assets?q=a&q=b')).status).toBe(400);
  const added = await server.post('people', {
    name: 'Ina',
    reason: 'a test of fields',
    id: 'chosen',
    active: false,
  });
  const { id } = (await added.json()) as { id: string };
  expect(id).not.toBe('chosen');
  const { items } = await server.get<{ items: { id: string; active: boolean }[] }>('people');
  expect(items.find((person) => person.id === id)).toMatchObject({ active: true });
  const traced = await new Promise<number>((told) => {
    const { hostname, port } = new URL(server.url);
    const headers = { authorization: `Bearer ${server.token}` };
    request({ hostname, port, path: '/api/v1/assets', method: 'TRACE', headers }, (answer) =>
      told(answer.resume().statusCode ?? 0),
    ).end();
  });
  expect(traced).toBe(404);
});

it('refuses the one character that no text of the database holds', async () => {
  expect((await server.raw('/api/v1/assets?q=%00')).status).toBe(400);
  const body = { csv: 'Asset Tag\nT-1\n', reason: 'with \u0000 in it' };
  expect((await server.post('register/import', body)).status).toBe(400);
});

describe('an error', () => {
  it('tells nothing of the code, the files or the database', async () => {
    const asked = [
      '/api/v1/assets/none',
      '/api/v1/none',
      '/api/v1/assets?cursor=AAAA',
      '/api/v1/imports/%00',
    ];
    for (const path of asked) {
      const answer = await server.raw(path);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      const text = await answer.text();
      expect(text, path).not.toMatch(/node_modules|\.ts:|select |\/home\/|\/tmp\//);
      expect(JSON.parse(text), path).toMatchObject({ status: answer.status, code: expect.any(String) });
    }
  });
});

describe('a browser of another site', () => {
  const changing = ['session', 'register/import', 'intake/batches', 'imports', 'identity/split'];

  it.each(changing)('changes nothing by %s, with any of its headers', async (path) => {
    for (const headers of [
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ] as Record<string, string>[]) {
      const answer = await server.raw(`/api/v1/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{}',
      });
      expect(answer.status, JSON.stringify(headers)).toBe(403);
    }
  });

  it('gets no permission to read, and no stream of events', async () => {
    const answer = await server.raw('/api/v1/assets', { headers: { origin: 'http://evil.example' } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect((await fetch(`${server.url}/api/v1/events`)).status).toBe(401);
  });

  it('is told by every answer, the stream of events too, to keep, guess and frame nothing', async () => {
    const controller = new AbortController();
    for (const path of ['assets', 'none', 'events', 'openapi.json']) {
      const { headers } = await server.raw(`/api/v1/${path}`, { signal: controller.signal });
      expect(headers.get('cache-control'), path).toBe('no-store');
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('content-security-policy'), path).toContain("object-src 'none'");
      expect(headers.get('referrer-policy'), path).toBe('no-referrer');
    }
    controller.abort();
  });

  it('may neither frame a page nor run a script of its own in it', async () => {
    const policy = (await fetch(`${server.url}/`)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  });
});

it('does not take over a session that an attacker put into the browser', async () => {
  const token = new URLSearchParams(new URL(server.link!).hash.slice(1)).get('token');
  const planted = 'wardline=a-session-of-the-attacker';
  const answer = await fetch(`${server.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: planted },
    body: JSON.stringify({ token }),
  });
  expect(answer.headers.get('set-cookie')).not.toContain('attacker');
  expect((await fetch(`${server.url}/api/v1/session`, { headers: { cookie: planted } })).status).toBe(401);
});

it('slows down whoever guesses links', async () => {
  const codes: number[] = [];
  for (let attempt = 0; attempt <= SESSION_ATTEMPTS_PER_MINUTE; attempt += 1) {
    const answer = await fetch(`${server.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: `guess-${attempt}` }),
    });
    codes.push(answer.status);
  }
  expect(codes.at(-1)).toBe(429);
});
