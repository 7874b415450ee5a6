import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Alert } from '@wardline/model';
import { startServer } from '@wardline/server';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bin, wardline } from '../../testing/run.ts';

// What a collector gets from a real server, by the real program.

const folder = mkdtempSync(join(tmpdir(), 'wardline-alerts-'));
const dataDir = join(folder, 'data');
const state = join(folder, 'number');
let server: Awaited<ReturnType<typeof startServer>>;
let client: pg.Client;

const alert = (number: number): Alert => ({
  id: `1-made-up-alert-${number}`,
  detection: 'new-peer',
  title: `A pump talks to somebody new, ${number}`,
  severity: 'high',
  confidence: 'medium',
  harms: ['patient'],
  technique: null,
  actor: null,
  targets: [],
  targetCount: 0,
  service: null,
  summary: 'It was never seen before.',
  meaning: 'A dose may change.',
  advice: 'Look at the pump.',
  basis: 'baseline',
  firstSeen: 1_700_000_000_000_000,
  lastSeen: 1_700_000_000_000_000,
  count: 1,
  evidence: [],
  facts: {},
});

async function told(from: number, upTo: number): Promise<void> {
  for (let number = from; number <= upTo; number += 1)
    await client.query(
      'insert into watch_alert_revision (number, alert, site, at, body) values ($1, $2, 1, $3, $4)',
      [number, alert(number).id, Date.now() * 1000, JSON.stringify(alert(number))],
    );
  await client.query('update watch_counter set last = $1', [upTo]);
}

const start = (port = 0) => startServer({ dataDir, port, log: 'silent' });
async function connect(): Promise<void> {
  const password = readFileSync(join(dataDir, 'database-password'), 'utf8');
  client = new pg.Client({ host: join(dataDir, 'socket'), user: 'wardline', database: 'wardline', password });
  await client.connect();
}

beforeAll(async () => {
  // As root the database runs as another user, who must get to its folder.
  chmodSync(folder, 0o711);
  server = await start();
  await connect();
  await told(1, 3);
});
afterAll(async () => {
  await client?.end();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const given = () => ['alert', 'export', '--server', server.url, '--data', dataDir];
const exported = (...more: string[]) => wardline([...given(), ...more]);

it('gives each form with its number, what is behind one, and goes on from what was written', async () => {
  const cef = await exported('--as', 'cef');
  expect(cef.stdout.split('\n')).toEqual([
    expect.stringContaining('|new-peer|A pump talks to somebody new, 1|8|externalId=1 '),
    expect.stringContaining('externalId=2 '),
    expect.stringContaining('externalId=3 '),
    '',
  ]);
  const [line] = (await exported('--as', 'ocsf', '--after', '2')).stdout.split('\n');
  expect(JSON.parse(line!)).toMatchObject({ class_uid: 2004, metadata: { sequence: 3 } });
  expect((await exported('--limit', '2', '--state', state)).stdout.split('\n')).toHaveLength(3);
  expect((await exported('--state', state)).stdout).toContain('"number":3');
  expect((await exported('--state', state)).stdout).toBe('');
  expect(await exported('--as', 'xml')).toMatchObject({ code: 2 });
  expect(await exported('--follow', '--every', '0')).toMatchObject({ code: 2 });
  await client.query('delete from watch_alert_revision where number = 1');
  expect(await exported()).toMatchObject({ code: 1, stderr: expect.stringContaining('no longer kept') });
});

it('follows over a server that goes away and comes back, with none left out', async () => {
  const port = Number(new URL(server.url).port);
  const child = spawn(process.execPath, [bin, ...given(), '--follow', '--every', '1', '--state', state], {
    env: { ...process.env, NO_COLOR: '1' },
  });
  const numbers: number[] = [];
  let trouble = '';
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) numbers.push((JSON.parse(line) as { number: number }).number);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    trouble += text;
  });
  try {
    await told(4, 5);
    await expect.poll(() => numbers, { timeout: 20_000 }).toEqual([4, 5]);
    await client.end();
    await server.close();
    await expect.poll(() => trouble, { timeout: 20_000 }).toContain('asked again in');
    server = await start(port);
    await connect();
    await told(6, 7);
    await expect.poll(() => numbers, { timeout: 30_000 }).toEqual([4, 5, 6, 7]);
  } finally {
    child.kill('SIGKILL');
  }
  expect(readFileSync(state, 'utf8')).toBe('7\n');
}, 90_000);
