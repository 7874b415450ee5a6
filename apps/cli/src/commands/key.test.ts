import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunningServer, startServer } from '@wardline/server';
import { serverFolder } from '@wardline/server/testing/given';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wardline } from '../testing/run.ts';

let folder: string;
let server: RunningServer;
const key = (...args: string[]) =>
  wardline(['key', ...args, '--server', server.url, '--data', join(folder, 'data')]);

beforeAll(async () => {
  folder = serverFolder('key');
  server = await startServer({ dataDir: join(folder, 'data'), port: 0, log: 'silent' });
});
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

it('lists keys, changes them, and tells none', async () => {
  const before = await key('list');
  expect(before.stdout).toMatch(/accounts +in use +0 values/);
  expect(before.stdout).toContain('The master key is a file in the data folder, since ');
  const why = ['--reason', 'a test'];
  expect((await key('rotate', 'accounts', ...why)).stdout).toMatch(/^accounts has a new key, [0-9a-f-]{36};/);
  expect((await key('rotate-master', ...why)).stdout).toContain('3 keys of zones are wrapped under it');
  expect((await key('list')).stdout).toMatch(/accounts +in use.*\n.*accounts +retired/);
  const list = JSON.parse((await key('list', '--json')).stdout) as { zones: { keys: object[] }[] };
  expect(list.zones[0]!.keys[0]).not.toHaveProperty('wrapped');
  const unknown = await key('rotate', 'nowhere', ...why);
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('No zone nowhere has a key')]);
  expect((await key('rotate', 'accounts')).code).toBe(2);
  const file = join(folder, 'redaction-key');
  expect((await key('sensor', file)).code).toBe(0);
  expect(await readFile(file, 'utf8')).toMatch(/^[\w-]{43}$/);
  expect([(await stat(file)).mode & 0o777, (await key('sensor', file)).code]).toEqual([0o600, 1]);
}, 180_000);
