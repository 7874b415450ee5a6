import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startServer } from '@wardline/server';
import { serverFolder } from '@wardline/server/testing/given';
import { madeUpAlert } from '@wardline/server/testing/made-up-alert';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bin, wardline } from '../../testing/run.ts';

// What a collector gets from a real server, by the real program.

const folder = serverFolder('alerts');
const dataDir = join(folder, 'data');
const state = join(folder, 'number');
let server: Awaited<ReturnType<typeof startServer>>;
let client: pg.Client;

async function told(from: number, upTo: number): Promise<void> {
  for (let number = from; number <= upTo; number += 1)
    await client.query(
      'insert into watch_alert_revision (number, alert, site, at, body) values ($1, $2, 1, $3, $4)',
      [number, madeUpAlert(number).id, Date.now() * 1000, JSON.stringify(madeUpAlert(number))],
    );
  await client.query('update watch_counter set last = $1', [upTo]);
}

const start = (port = 0) => startServer({ dataDir, port, log: 'silent' });
async function connect(): Promise<void> {
  client = new pg.Client({ host: join(dataDir, 'socket'), user: 'wardline', database: 'wardline' });
  await client.connect();
}

beforeAll(async () => {
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
    await expect.poll(() => numbers, { timeout: 90_000 }).toEqual([4, 5]);
    await client.end();
    await server.close();
    await expect.poll(() => trouble, { timeout: 90_000 }).toContain('asked again in');
    server = await start(port);
    await connect();
    await told(6, 7);
    await expect.poll(() => numbers, { timeout: 90_000 }).toEqual([4, 5, 6, 7]);
    // What was written is noted after it.
    await expect.poll(() => readFileSync(state, 'utf8')).toBe('7\n');
  } finally {
    child.kill('SIGKILL');
  }
}, 180_000);

it('keeps rules of the house: checked, tried, switched on and off', async () => {
  const at = ['--server', server.url, '--data', dataDir];
  const verb = (...words: string[]) => wardline(['alert', 'rule', ...words]);
  const good = join(folder, 'good.rule');
  const bad = join(folder, 'bad.rule');
  writeFileSync(good, 'alert low "Telnet"\nto inside\nover tcp/23\n');
  writeFileSync(bad, 'alert low "Telnet"\nto insde\n');
  expect((await verb('check', good)).stdout).toContain('nothing is wrong');
  const { code, stderr } = await verb('check', bad);
  expect(code).toBe(1);
  expect(stderr).toContain(`${bad}:2:4: Expected who is meant: outside, inside`);
  expect(await verb('try', bad, ...at)).toMatchObject({ code: 1, stderr: expect.stringContaining(':2:4: ') });
  expect((await verb('try', good, '--days', '2', ...at)).stdout).toContain('0 conversations: 0 alerts');
  const why = ['--reason', 'a test of rules', ...at];
  expect((await verb('save', 'telnet', good, ...why)).stdout).toContain('off until it is switched on');
  expect((await verb('enable', 'telnet', ...why)).stdout).toBe('telnet is on.\n');
  expect((await verb('list', ...at)).stdout).toContain('telnet: on, low, “Telnet”');
  expect((await verb('disable', 'telnet', ...why)).stdout).toBe('telnet is off.\n');
  expect((await verb('remove', 'telnet', ...why)).stdout).toBe('telnet is gone.\n');
  expect(await verb('remove', 'telnet', ...why)).toMatchObject({ code: 1 });
}, 180_000);

it('names receivers, shows how they are served, and removes them', async () => {
  const why = ['--reason', 'a test of receivers', '--server', server.url, '--data', dataDir];
  const verb = (...words: string[]) => wardline(['alert', 'receiver', ...words]);
  const list = async () => (await verb('list', ...why.slice(2))).stdout;
  expect(await list()).toContain('sent nowhere');
  expect((await verb('add', 'siem', 'syslog', '127.0.0.1:9', '--as', 'cef', ...why)).code).toBe(0);
  const hook = await verb('add', 'desk', 'https://127.0.0.1:9/alerts', ...why);
  expect(hook.stdout).toMatch(/told this once:\n[\w-]{43}\n$/);
  expect(await verb('add', 'desk', 'ftp://x', ...why)).toMatchObject({ code: 2 });
  await expect
    .poll(list, { timeout: 90_000 })
    .toMatch(/siem: syslog 127\.0\.0\.1:9 as cef, AWAY[\s\S]*ECONNREFUSED/);
  expect((await verb('pause', 'siem', ...why)).stdout).toBe('Paused.\n');
  expect(await list()).toContain('siem: syslog 127.0.0.1:9 as cef, paused');
  expect((await verb('resume', 'siem', ...why)).stdout).toBe('Served again.\n');
  for (const name of ['siem', 'desk']) expect((await verb('remove', name, ...why)).code).toBe(0);
  expect(await list()).toContain('sent nowhere');
}, 180_000);
