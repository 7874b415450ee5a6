import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunningServer, startServer } from '@wardline/server';
import { serverFolder } from '@wardline/server/testing/given';
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
}, 60_000);

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
}, 60_000);
