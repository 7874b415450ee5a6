import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkpointMessageOf } from '@wardline/formats';
import { type RunningServer, startServer } from '@wardline/server';
import { serverFolder } from '@wardline/server/testing/given';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wardline } from '../../testing/run.ts';

let folder: string;
let server: RunningServer;
let client: pg.Client;
const at = (name: string) => join(folder, name);
const access = () => ['--server', server.url, '--data', at('data')];
const ledger = (...args: string[]) => wardline(['ledger', ...args]);

async function importRegister(tag: string): Promise<void> {
  const token = (await readFile(at('data/cli-token'), 'utf8')).trim();
  await fetch(`${server.url}/api/v1/register/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ csv: `Asset Tag,Serial Number\n${tag},S\n`, reason: `register of ${tag}` }),
  });
}

beforeAll(async () => {
  folder = serverFolder('ledger');
  server = await startServer({ dataDir: at('data'), port: 0, log: 'silent' });
  client = new pg.Client({ host: at('data/socket'), user: 'wardline', database: 'wardline' });
  await client.connect();
  for (const tag of ['A', 'B', 'C']) await importRegister(tag);
});
afterAll(async () => {
  await client?.end();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

it('lists acts, and proves one on this side', async () => {
  const list = await ledger('list', '--action', 'register.import', ...access());
  expect(list.stdout).toContain('register of C');
  expect(list.stdout).toContain('3 of 3 acts');
  const show = await ledger('show', '2', ...access());
  expect(show.code).toBe(0);
  expect(show.stdout).toMatch(/Proved here: it is act 2 of the 3 that were signed/);
  expect((await ledger('show', 'two', ...access())).code).toBe(2);
  expect((await ledger('check', ...access())).stdout).toContain('Whole: 3 acts');
});

it('exports and verifies offline with the public key alone, and tells the line that was changed', async () => {
  const key = (await ledger('key', ...access())).stdout.trim();
  await writeFile(at('log.key'), key);
  expect((await ledger('export', at('ledger.jsonl'), ...access())).code).toBe(0);
  const verified = await ledger('verify', at('ledger.jsonl'), '--key', at('log.key'));
  expect(verified.code).toBe(0);
  expect(verified.stdout).toContain('Verified: 3 acts');
  expect(verified.stdout).toContain('No witness was asked for');
  const text = await readFile(at('ledger.jsonl'), 'utf8');
  await writeFile(at('forged.jsonl'), text.replace('register of B', 'register of X'));
  const forged = await ledger('verify', at('forged.jsonl'), '--key', key);
  expect(forged.code).toBe(1);
  expect(forged.stdout).toContain('forged.jsonl, line 3: reason is not the text that was entered');
});

it('exports as other audit trails take it', async () => {
  for (const form of ['fhir', 'atna', 'ocsf']) {
    expect((await ledger('export', at(form), '--form', form, ...access())).code).toBe(0);
    const lines = (await readFile(at(form), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toContain('register of');
  }
  await ledger('export', at('fhir'), '--form', 'fhir', '--personal', ...access());
  expect(await readFile(at('fhir'), 'utf8')).toContain('register of B');
});

it('proves that a collector’s file misses nothing, and names what is missing', async () => {
  await ledger('export', at('atna'), '--form', 'atna', ...access());
  const key = at('log.key');
  const whole = await ledger('received', at('atna'), '--key', key);
  expect(whole).toMatchObject({ code: 0, stdout: expect.stringContaining('3 acts came, numbers 1 to 3') });
  expect(whole.stdout).toContain('not proved');
  const { note, size } = await head();
  const source = { hospital: 'St. Anna', host: 'wardline', version: '0' };
  const lines = [
    ...(await readFile(at('atna'), 'utf8')).trimEnd().split('\n'),
    checkpointMessageOf(note, size, 0, source),
  ];
  await writeFile(at('collected'), lines.map((line) => `<85>1 … ${line}`).join('\n'));
  expect((await ledger('received', at('collected'), '--key', key)).stdout).toContain(
    'Proved: the first 3 acts',
  );
  await writeFile(at('collected'), lines.toSpliced(1, 2).join('\n'));
  const missing = await ledger('received', at('collected'), '--key', key);
  expect(missing).toMatchObject({ code: 1, stdout: expect.stringContaining('MISSING:\n  acts 2 to 3') });
  expect((await ledger('received', at('nowhere'), '--key', key)).code).toBe(1);
});

async function head(): Promise<{ note: string; size: number }> {
  const token = (await readFile(at('data/cli-token'), 'utf8')).trim();
  const answer = await fetch(`${server.url}/api/v1/ledger/checkpoint`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return (await answer.json()) as { note: string; size: number };
}

it('erases a person’s words and goes on to verify', async () => {
  const erased = await ledger('erase', 'register', '--reason', 'a request', ...access());
  expect(erased.stdout).toContain('3 personal texts of register erased');
  await ledger('export', at('later.jsonl'), ...access());
  const verified = await ledger('verify', at('later.jsonl'), '--key', at('log.key'));
  expect(verified.stdout).toMatch(/1 personal text fits its commitment; 3 erased/);
  expect(await readFile(at('later.jsonl'), 'utf8')).not.toContain('register of');
});

it('is witnessed from outside, and the witness refuses a ledger that was put back', async () => {
  const witness = ['witness', '--state', at('witness'), '--name', 'auditor.example'];
  const key = (await ledger(...witness)).stdout.trim();
  expect(key).toMatch(/^auditor\.example\+/);
  const token = (await readFile(at('data/cli-token'), 'utf8')).trim();
  await fetch(`${server.url}/api/v1/ledger/witnesses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ key, reason: 'the auditor' }),
  });
  const first = await ledger(...witness, ...access());
  expect(first.stdout).toContain('Witnessed: 5 acts');
  await importRegister('D');
  expect((await ledger(...witness, ...access())).stdout).toContain('Witnessed: 6 acts');
  await ledger('export', at('witnessed.jsonl'), ...access());
  const verified = await ledger('verify', at('witnessed.jsonl'), '--key', at('log.key'), '--witness', key);
  expect(verified.stdout).toContain('Witnessed by auditor.example on');
  await putBack();
  const refused = await ledger(...witness, ...access());
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/NOT WITNESSED: the ledger has 5 acts, and 6 were witnessed/);
});

/** The database as it was before the last act, with everything beside it that the server could compare it with. */
async function putBack(): Promise<void> {
  for (const table of ['ledger', 'ledger_node', 'ledger_checkpoint'])
    await client.query(`alter table ${table} disable trigger user`);
  await client.query('delete from ledger_personal where sequence = 6');
  await client.query('delete from ledger_cosignature where size = 6');
  await client.query('delete from ledger_checkpoint where size = 6');
  await client.query('delete from ledger_node where (level = 0 and index = 5) or (level = 1 and index = 2)');
  await client.query('delete from ledger where sequence = 6');
  await rm(at('data/ledger-head'));
}
