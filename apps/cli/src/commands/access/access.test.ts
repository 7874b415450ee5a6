import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunningServer, startServer } from '@wardline/server';
import { serverFolder } from '@wardline/server/testing/given';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wardline } from '../../testing/run.ts';

let folder: string;
let server: RunningServer;
const given = () => ['--server', server.url, '--data', join(folder, 'data')];
const access = (...args: string[]) => wardline(['access', ...args, ...given()]);
const why = ['--reason', 'a test'];

beforeAll(async () => {
  folder = serverFolder('access');
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
}, 180_000);

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

it('asks for a role in a person’s name, which this machine then decides on for nobody', async () => {
  await access('person', 'add', 'Cem Kaya', ...why);
  const made = await access('request', 'make', 'Cem Kaya', 'network-engineer', '--minutes', '60', ...why);
  expect(made.stdout).toMatch(/^Asked for Cem Kaya; somebody else decides \(\S{36}\)/);
  const id = /\((\S{36})\)/.exec(made.stdout)![1]!;
  expect((await access('request', 'list', '--view', 'waiting')).stdout).toMatch(/Cem Kaya.*waiting/);
  for (const verb of ['approve', 'refuse']) {
    const answer = await access(verb, id, ...why);
    expect(answer.code).toBe(1);
    expect(answer.stderr).toContain('Nobody decides on what they asked for');
  }
  expect((await access('request', 'end', id, ...why)).code).toBe(0);
  expect((await access('request', 'list')).stdout).toMatch(/Cem Kaya.*withdrawn/);
  expect((await access('request', 'make', 'Cem Kaya', 'sensor', '--minutes', '60', ...why)).code).toBe(2);
}, 180_000);

it('prepares and seals emergency access, enters by the credential once, and ends it', async () => {
  await access('person', 'add', 'Dora Lind', ...why);
  const prepared = await access('break-glass', 'prepare', 'Dora Lind', 'governance', ...why);
  const plan = /Plan (\S{36})/.exec(prepared.stdout)![1]!;
  const sealed = await access('break-glass', 'seal', plan, ...why);
  expect(sealed.stdout).toMatch(/^(\w{5}-){5}\w{5}\n$/);
  const file = join(folder, 'credential');
  await writeFile(file, sealed.stdout);
  const open = () => access('break-glass', 'open', '--code', 'exercise', '--credential-file', file, ...why);
  expect((await open()).stdout).toMatch(/^Emergency access runs until .*The credential is spent/);
  expect((await open()).stderr).toContain('This credential opens nothing');
  const { items } = JSON.parse((await access('break-glass', 'list', '--json')).stdout) as {
    items: { id: string }[];
  };
  expect((await access('break-glass', 'stop', items[0]!.id, ...why)).code).toBe(0);
  expect((await access('break-glass', 'list', '--view', 'to-review')).stdout).toMatch(
    /Dora Lind.*exercise.*open/,
  );
  expect((await access('break-glass', 'plans')).stdout).toMatch(/Dora Lind.*governance, 60 min.*no/);
  expect((await access('break-glass', 'withdraw', plan, ...why)).code).toBe(0);
}, 180_000);

it('says which role a group of the directory has', async () => {
  const token = (
    await access('token', 'create', 'directory', '--role', 'provisioning', ...why)
  ).stdout.trim();
  await fetch(`${server.url}/api/v1/scim/v2/Groups`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
    body: JSON.stringify({ displayName: 'Biomed' }),
  });
  expect((await access('group', 'list')).stdout).toMatch(/Biomed +0 +none/);
  expect((await access('group', 'map', 'biomed', 'biomedical-engineer', ...why)).stdout).toContain(
    'Members of Biomed: biomedical-engineer',
  );
  expect((await access('group', 'list')).stdout).toMatch(/Biomed +0 +biomedical-engineer/);
  expect((await access('group', 'map', 'Biomed', 'administrator', ...why)).stderr).toContain(
    'no directory makes somebody administrator',
  );
  expect((await access('group', 'map', 'nobody', 'none', ...why)).stderr).toContain(
    'there is no group nobody',
  );
}, 180_000);
