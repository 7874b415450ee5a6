import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningServer, startServer } from '@wardline/server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wardline } from '../../testing/run.ts';

let folder: string;
let server: RunningServer;
const given = () => ['--server', server.url, '--data', join(folder, 'data')];
const access = (...args: string[]) => wardline(['access', ...args, ...given()]);
const why = ['--reason', 'a test'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardline-access-'));
  await chmod(folder, 0o711);
  server = await startServer({ dataDir: join(folder, 'data'), port: 0, log: 'silent' });
});
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

it('adds a person with a link, gives and takes a role, shuts them out', async () => {
  const added = await access('person', 'add', 'Anna Weber', ...why);
  expect(added.stdout).toMatch(/Their one-time link.*\n\n {2}http:\/\/localhost:\d+\/open#token=\S{43}/);
  expect(
    (await access('grant', 'assign', 'Anna Weber', 'governance', '--zone', 'vlan:20', ...why)).stdout,
  ).toContain('Anna Weber is governance');
  expect((await access('person', 'list')).stdout).toMatch(/Anna Weber.*governance.*nothing yet/);
  const { stdout } = await access('grant', 'list', '--json');
  const { items } = JSON.parse(stdout) as { items: { id: string; role: string }[] };
  expect(
    (await access('grant', 'withdraw', items.find(({ role }) => role === 'governance')!.id, ...why)).code,
  ).toBe(0);
  expect((await access('person', 'disable', 'anna weber', ...why)).stdout).toContain('is shut out');
  expect((await access('person', 'disable', 'nobody', ...why)).stderr).toContain('there is no person nobody');
}, 60_000);

it('makes a token for a sensor, by which it hands over its batches and others’ not', async () => {
  const made = await access('token', 'create', 'house B', '--sensor', 'house-b', ...why);
  expect(made.stdout).toMatch(/^wlt_\S{43}\n$/);
  await writeFile(join(folder, 'token'), made.stdout);
  const list = await access('token', 'list');
  expect(list.stdout).toContain('sensor:house-b');
  expect(list.stdout).not.toContain('wlt_');
  const asked = await fetch(`${server.url}/api/v1/assets`, {
    headers: { authorization: `Bearer ${made.stdout.trim()}` },
  });
  expect(asked.status).toBe(403);
});

it('asks for a reason, and for one of role and sensor', async () => {
  expect((await access('person', 'add', 'B')).code).toBe(2);
  expect((await access('token', 'create', 'x', ...why)).stderr).toContain('name --role or --sensor');
  expect((await access('link', ...why)).stderr).toContain('there is no administrator yet');
});
