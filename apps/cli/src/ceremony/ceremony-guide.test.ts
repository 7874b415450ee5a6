import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startServer } from '@wardline/server';
import { serverFolder } from '@wardline/server/testing/given';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bin } from '../testing/run.ts';

// Every command of the guide, in its order, as it stands there: a page that people follow once in twenty years has to be right.

const guide = readFileSync(new URL('../../../../docs/guides/ceremony.md', import.meta.url), 'utf8');
const folder = serverFolder('guide');
const at = (name: string) => join(folder, name);
let server: Awaited<ReturnType<typeof startServer>>;

beforeAll(async () => {
  server = await startServer({ dataDir: at('data'), port: 0, log: 'silent', consoleDir: at('none') });
  for (const name of ['bin', 'media', 'media/travel', 'media/copy', 'shm']) mkdirSync(at(name));
  const asking = `--server ${server.url} --data ${at('data')}`;
  const script = `#!/bin/sh
case "$2" in
  request|install|publish|status) exec ${process.execPath} ${bin} "$@" ${asking};;
  *) exec ${process.execPath} ${bin} "$@";;
esac
`;
  writeFileSync(at('bin/wardline'), script, { mode: 0o755 });
});
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The guide's commands on folders of this test, with the passphrase that the keepers type. */
const script = (): string =>
  [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
    .map(([, block]) => block!)
    .join('')
    .replaceAll('/media/', `${at('media')}/`)
    .replaceAll('/dev/shm/', `${at('shm')}/`)
    .replace(/^(cat > \S+).*$/m, '$1 <<END\none two three four five six seven\nEND');

it('leads from nothing to a zone with an authority and a published list', async () => {
  const env = { ...process.env, PATH: `${at('bin')}:${process.env.PATH ?? ''}` };
  writeFileSync(at('steps'), script());
  const { stdout, stderr } = await promisify(execFile)('bash', ['-euo', 'pipefail', at('steps')], { env });
  const sums = stdout.match(/^[0-9a-f]{64} {2}/gm);
  expect(sums).toHaveLength(2);
  expect(sums![0]).toBe(sums![1]);
  // Both programs say the same fingerprint.
  const said = /by hand:\n +([0-9a-f ]+)/.exec(stdout)![1]!.replaceAll(' ', '');
  expect(/sha256 Fingerprint=([0-9A-F:]+)/.exec(stdout)![1]!.replaceAll(':', '').toLowerCase()).toBe(said);
  expect(stderr).toContain('verify OK');
  expect(stdout).toMatch(/crlNumber=0x0*1\n/);
  expect(stdout).toMatch(/icu +issuing/);
  expect(readdirSync(at('shm'))).toEqual([]);
  expect(readdirSync(at('media/travel')).toSorted()).toEqual(['icu.csr', 'icu.pem', 'root.crl', 'root.pem']);
});

it('writes down what the minutes ask for', () => {
  const lines = readFileSync(at('media/copy/record.jsonl'), 'utf8').trim().split('\n');
  const record = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(record.map(({ what }) => what)).toEqual(['root', 'zone', 'list']);
  expect(record[0]).toHaveProperty('fingerprint');
  expect(record[1]).toHaveProperty('serial');
  expect(record[2]).toMatchObject({ number: 1 });
});
