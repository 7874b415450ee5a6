import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunningServer, startServer } from '@wardline/server';
import { serverFolder } from '@wardline/server/testing/given';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wardline } from '../../testing/run.ts';

let folder: string;
let server: RunningServer;
const policy = (...args: string[]) => wardline(['policy', ...args]);
const there = () => ['--server', server.url, '--data', join(folder, 'data')];
const why = ['--reason', 'a test'];
const text = `policy "House A" version 1
undeclared enforce

zone pumps
  members class is infusion-pump

zone servers
  addresses 10.9.0.0/24

conduit pumps-to-servers
  from pumps
  to servers
  allow tcp 443
  mode enforce
  because "ticket 4711"
`;

beforeAll(async () => {
  folder = serverFolder('serving');
  await writeFile(join(folder, 'a.policy'), text);
  server = await startServer({ dataDir: join(folder, 'data'), port: 0, log: 'silent' });
});
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

it('hands a policy over, proposes it, and gives the same text back', async () => {
  expect((await policy('versions', ...there())).stdout).toBe('No policy yet.\n');
  const none = await policy('pull', ...there());
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('no policy is in force')]);
  const pushed = await policy('push', join(folder, 'a.policy'), '--propose', ...why, ...there());
  expect(pushed.stdout).toBe('Version 1 waits for somebody else to approve it.\n');
  const versions = await policy('versions', ...there());
  expect(versions.stdout).toMatch(/^1 +proposed +House A/m);
  expect(versions.stdout).toMatch(/^[0-9a-f-]{36} +draft +House A/m);
  expect((await policy('pull', '1', ...there())).stdout).toBe(text);
  const out = join(folder, 'again.policy');
  await policy('pull', '1', '--out', out, ...there());
  expect(await readFile(out, 'utf8')).toBe(text);
}, 180_000);

it('takes one conduit a stage further: shown first, then proposed with its reason, and only that mode is another', async () => {
  const stage = (...args: string[]) => policy('stage', ...args, ...why, ...there());
  expect((await stage('pumps-to-servers', 'alert')).stderr).toContain('No policy is in force');
  const database = new pg.Client({
    host: join(folder, 'data/socket'),
    user: 'wardline',
    database: 'wardline',
  });
  await database.connect();
  // As somebody else would; who may is tried where versions are.
  await database.query(
    `update policy_version set state = 'approved', decided = 1, decided_by = 'test', decided_act = 1 where number = 1`,
  );
  const shown = await stage('pumps-to-servers', 'alert');
  expect([shown.code, shown.stderr]).toEqual([0, '']);
  expect(shown.stdout).toContain('0 conversations would end, 0 of life-critical devices.');
  expect(shown.stdout).toContain('Nothing was changed');
  expect((await stage('pumps-to-servers', 'enforce')).stderr).toContain('is at enforce already');
  expect((await stage('nowhere', 'alert')).stderr).toContain('there is no conduit nowhere: pumps-to-servers');
  expect((await stage('pumps-to-servers', 'off')).stderr).toContain('expected observe, alert, enforce');
  const made = await stage('pumps-to-servers', 'alert', '--propose');
  expect(made.stdout).toContain('Version 2 waits for somebody else to approve it.');
  expect((await policy('pull', '2', ...there())).stdout).toBe(text.replace('mode enforce', 'mode alert'));
  const acts = await database.query(
    `select action from ledger where action like 'segmentation.%' order by sequence desc limit 2`,
  );
  expect(acts.rows).toEqual([{ action: 'segmentation.stage' }, { action: 'segmentation.propose' }]);
  await database.end();
}, 180_000);

it('checks by the assets that the console hands out what the server proved', async () => {
  const token = (await readFile(join(folder, 'data', 'cli-token'), 'utf8')).trim();
  const answer = await fetch(`${server.url}/api/v1/segmentation/compilation`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ text, target: 'nftables' }),
  });
  const compiled = (await answer.json()) as {
    files: { text: string }[];
    certificate: string;
    assets: string;
  };
  const at = (name: string) => join(folder, name);
  await writeFile(at('rules.nft'), compiled.files[0]!.text);
  await writeFile(at('proof.json'), compiled.certificate);
  await writeFile(at('assets.json'), compiled.assets);
  const check = (assets: string) =>
    policy(
      'check',
      at('a.policy'),
      at(assets),
      at('rules.nft'),
      '--target',
      'nftables',
      '--certificate',
      at('proof.json'),
    );
  expect((await check('assets.json')).stdout).toMatch(/^Holds: /);
  await writeFile(at('other.json'), compiled.assets.replace('"assets":[]', '"assets":[{"id":5}]'));
  const refused = await check('other.json');
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('assets.0.id')]);
}, 180_000);
