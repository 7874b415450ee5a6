import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkout } from '../config/config.ts';
import { runServer, type TestServer } from '../testing/running-server.ts';
import { batch } from '../testing/synthetic.ts';

let server: TestServer;
beforeAll(async () => {
  server = await runServer();
});
afterAll(() => server?.close());

const figuresFor = async (token: string | null) => {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(`${server.url}/metrics`, { headers });
  return { status: answer.status, text: await answer.text() };
};

async function tokenOf(body: object): Promise<string> {
  const expires = new Date(Date.now() + 86_400_000).toISOString();
  const made = await server.post('tokens', { expires, reason: 'a test', ...body });
  return ((await made.json()) as { secret: string }).secret;
}

it('tells figures to those whose role looks after the server, and to nobody else', async () => {
  expect((await figuresFor(null)).status).toBe(401);
  const [watcher, sensor, engineer] = [
    await tokenOf({ name: 'prometheus', role: 'network-engineer' }),
    await tokenOf({ name: 'sensor', sensor: 'house-b' }),
    await tokenOf({ name: 'engineer', role: 'biomedical-engineer' }),
  ];
  expect((await figuresFor(sensor)).status).toBe(403);
  expect((await figuresFor(engineer)).status).toBe(403);
  expect(await figuresFor(watcher)).toMatchObject({ status: 200 });
});

it('measures when it is asked', async () => {
  expect((await figuresFor(server.token)).text).not.toContain('wardline_site_last_batch_age_seconds{');
  expect((await server.post('intake/batches', batch(1))).status).toBe(200);
  const { text } = await figuresFor(server.token);
  const age = Number(/wardline_site_last_batch_age_seconds\{site="1"\} (\S+)/.exec(text)?.[1]);
  expect(age).toBeGreaterThanOrEqual(0);
  expect(age).toBeLessThan(3600);
  expect(text).toContain('wardline_intake_batches_total{outcome="accepted"} 1');
  expect(text).toMatch(/wardline_watch_waiting_batches\{site="1"\} \d+\n/);
  expect(text).toMatch(/wardline_identification_waiting_endpoints \d+\n/);
  expect(text).toMatch(/wardline_database_connections\{state="waiting"\} 0\n/);
});

it('holds no name of a device and no address among its figures', async () => {
  const { text } = await figuresFor(server.token);
  expect(text).not.toMatch(/00:1b:d3|\b10\.\d+\.\d+\.\d+/);
});

it.each(['grafana-dashboard.json', 'wardline-rules.yml'])(
  'tells every figure that %s asks for',
  async (file) => {
    const { text } = await figuresFor(server.token);
    const told = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    const asked = readFileSync(join(checkout, 'deploy/metrics', file), 'utf8').matchAll(
      /\bwardline_\w+|\bprocess_\w+/g,
    );
    const names = [...new Set([...asked].map(([name]) => name.replace(/_(bucket|count|sum)$/, '')))];
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !told.has(name))).toEqual([]);
  },
);
