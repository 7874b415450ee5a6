import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { isOwnKeyName } from '../keys/index.ts';
import type { Connection } from '../store/cluster/cluster.ts';
import { migrations } from '../store/migrations/index.ts';
import { frameOf, type Header } from './frames.ts';
import { partitionsOf, quoted, sequencesOf, tablesInOrder } from './tables.ts';

export const backupForm = 'wardline backup 1';

/** Keys that lie beside the database, without which what is in it could not be read or continued. */
const keyFiles: readonly string[] = ['redaction-key', 'ledger-key', 'ledger-head', 'sealing-key'];

const isKept = (name: string): boolean => keyFiles.includes(name) || isOwnKeyName(name);

export interface BackupOf {
  connection: Connection;
  dataDir: string;
  /** Of the signed ledger at this moment. */
  head: { origin: string; size: number; root: string };
  /** Keys by which its heads are checked. */
  keys: { log: string; clock: string };
  /** Changes that follow it: their line, and a number that is not above the first that is needed. */
  follows?: { line: string; next: number };
}

/** Everything of one moment, as bytes: the keys, then each table as PostgreSQL copies it, in one snapshot. */
export async function* backupBytes({
  connection,
  dataDir,
  head,
  keys,
  follows,
}: BackupOf): AsyncGenerator<Uint8Array> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    yield header({
      is: 'backup',
      form: backupForm,
      ...(await momentOf(client)),
      ...head,
      keys,
      ...follows,
      migrations: migrations.map(({ name }) => name),
    });
    yield* files(dataDir);
    for (const partition of await partitionsOf(client)) yield header({ is: 'partition', ...partition });
    const rows: Record<string, number> = {};
    for (const { name, columns } of await tablesInOrder(client)) {
      yield header({ is: 'table', name, columns });
      const stream = client.query(
        copyTo(`copy (select ${columns.map(quoted).join(', ')} from ${quoted(name)}) to stdout`),
      );
      for await (const bytes of stream) yield frameOf({ kind: 'data', bytes: bytes as Buffer });
      rows[name] = stream.rowCount;
    }
    for (const sequence of await sequencesOf(client)) yield header({ is: 'sequence', ...sequence });
    yield header({ is: 'end', rows });
  } finally {
    await client.end();
  }
}

/**
 * What this transaction sees, and the database's time behind it: whatever it sees was committed before. The first statement of the
 * transaction, by which its moment is fixed.
 */
async function momentOf(client: pg.Client): Promise<{ at: number; snapshot: string }> {
  const { rows: seen } = await client.query<{ snapshot: string }>(
    'select pg_current_snapshot()::text as snapshot',
  );
  const { rows } = await client.query<{ at: string }>(
    'select (extract(epoch from clock_timestamp()) * 1000000)::bigint as at',
  );
  return { at: Number(rows[0]!.at), snapshot: seen[0]!.snapshot };
}

const header = (of: Header): Buffer => frameOf({ kind: 'header', header: of });

function* files(dataDir: string): Generator<Uint8Array> {
  for (const name of readdirSync(dataDir).filter(isKept)) {
    const file = join(dataDir, name);
    yield header({ is: 'file', name });
    yield frameOf({ kind: 'data', bytes: readFileSync(file) });
  }
}
