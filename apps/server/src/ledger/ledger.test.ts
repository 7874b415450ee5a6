import { join } from 'node:path';
import { ENTRY_BYTES, entryText } from '@wardline/ledger';
import type { LedgerVerification } from '@wardline/model';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../store/database.ts';
import { runServer, type TestServer } from '../testing/running-server.ts';
import { act } from './append.ts';

let server: TestServer;
let client: pg.Client;
beforeAll(async () => {
  server = await runServer();
  const host = join(server.dataDir, 'socket');
  client = new pg.Client({ host, user: 'wardline', database: 'wardline' });
  await client.connect();
  const csv = 'Asset Tag,Serial Number\nT-1,S-1\n';
  await server.post('register/import', { csv, reason: 'something to record' });
});
afterAll(async () => {
  await client?.end();
  await server?.close();
});

it.each(['ledger_node', 'ledger_checkpoint'])('refuses to change, empty or thin out %s', async (table) => {
  await server.get('ledger/checkpoint');
  const column = table === 'ledger_node' ? 'hash = hash' : 'note = note';
  for (const statement of [
    `update ${table} set ${column}`,
    `delete from ${table}`,
    `truncate ${table} cascade`,
  ])
    await expect(client.query(statement)).rejects.toThrow('the ledger only grows');
});

it.each(['update ledger set actor = $$nobody$$', 'delete from ledger', 'truncate ledger cascade'])(
  'refuses %s',
  async (statement) => {
    await expect(client.query(statement)).rejects.toThrow('the ledger only grows');
  },
);

it('is written by a role that is no superuser', async () => {
  const { rows } = await client.query('select rolsuper from pg_roles where rolname = current_user');
  expect(rows).toEqual([{ rolsuper: false }]);
});

it('numbers its rows without gaps', async () => {
  await server.post('register/import', { csv: 'Asset Tag,Serial Number\nT-2,S-2\n', reason: 'a second act' });
  const { rows } = await client.query('select sequence::int, actor, action from ledger order by sequence');
  expect(rows.map((row) => row.sequence)).toEqual(rows.map((_, index) => index + 1));
  expect(rows.at(-1)).toMatchObject({ actor: 'command line', action: 'register.import' });
});

it('refuses an act that is larger than an entry can be, and leaves nothing of it', async () => {
  const large = { locations: 'x'.repeat(ENTRY_BYTES) };
  const entry = { at: 1, actor: 'server', action: 'test.large', subject: 'x', changes: large, reason: null };
  const size = () => client.query<{ n: number }>('select max(sequence)::int as n from ledger');
  const before = await size();
  const host = join(server.dataDir, 'socket');
  const database = openDatabase({ host, user: 'wardline', database: 'wardline' }, () => {});
  await expect(act(database, entry, async () => {})).rejects.toThrow('too large for the ledger');
  const room =
    ENTRY_BYTES - entryText({ ...entry, sequence: 99, changes: { locations: '' }, commitments: {} }).length;
  await act(database, { ...entry, changes: { locations: 'x'.repeat(room) } }, async () => {});
  await database.destroy();
  expect((await size()).rows[0]!.n).toBe(before.rows[0]!.n + 1);
});

it('takes many acts at once one after the other, each a leaf of the tree', async () => {
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, tag) =>
      server.post('register/import', { csv: `Asset Tag,Serial Number\nC-${tag},S\n`, reason: 'at once' }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect(await server.get<LedgerVerification>('ledger/verification')).toMatchObject({ whole: true });
});
