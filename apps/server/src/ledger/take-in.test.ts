import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cluster, openCluster } from '../store/cluster/cluster.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';
import { migrations } from '../store/migrations/index.ts';
import { act } from './append.ts';
import { ledgerSigner } from './head.ts';
import { takeOldActsIn } from './take-in.ts';
import { verifyLedger } from './verify.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-take-in-'));
let cluster: Cluster;
let database: Database;

beforeAll(async () => {
  // As root the database runs as another user, who must get to its folder.
  chmodSync(folder, 0o711);
  const silent = { died: () => {}, restarted: () => {}, givenUp: () => {} };
  cluster = await openCluster(folder, silent);
  database = openDatabase(cluster.connection, () => {});
});
afterAll(async () => {
  await database?.destroy();
  await cluster?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A database as it was before the tree: the steps up to it are done and named. */
async function before(tree: string): Promise<void> {
  await sql`create table migration (name text primary key, at timestamptz not null default now())`.execute(
    database,
  );
  for (const { name, statements } of migrations.slice(
    0,
    migrations.findIndex((step) => step.name === tree),
  )) {
    await sql.raw(statements).execute(database);
    await sql`insert into migration (name) values (${name})`.execute(database);
  }
}

it('takes acts of before the tree into it, and their reasons out of the rows', async () => {
  await before('0008-ledger-tree');
  await sql`insert into ledger select n, n * 1000, 'operator', 'register.import', 'register',
    jsonb_build_object('rows', n, 'place', 'é"\\'), case when n % 2 = 0 then 'why ' || n end
    from generate_series(1, 1203) n`.execute(database);
  await migrate(database);
  expect(await takeOldActsIn(database)).toBe(1203);
  expect(await takeOldActsIn(database)).toBe(0);
  const late = {
    at: 9_000_000,
    actor: 'server',
    action: 'test.later',
    subject: 'x',
    changes: {},
    reason: 'later',
  };
  await act(database, late, async () => {});
  const signer = ledgerSigner(new Uint8Array(32));
  expect(await verifyLedger(database, signer)).toEqual({ entries: 1204, faults: [] });
  const { rows } = await sql<{ kept: number; texts: number }>`select
    (select count(*)::int from ledger where reason is not null) as kept,
    (select count(*)::int from ledger_personal) as texts`.execute(database);
  expect(rows).toEqual([{ kept: 0, texts: 602 }]);
});

it('lets nobody change an act that was taken in', async () => {
  for (const change of [`entry = null`, `entry = 'x'`, `reason = 'x'`, `actor = 'x'`])
    await expect(sql.raw(`update ledger set ${change} where sequence = 7`).execute(database)).rejects.toThrow(
      'only grows',
    );
});
