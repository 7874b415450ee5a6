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
  at: number;
  /** Of the signed ledger at this moment. */
  head: { origin: string; size: number; root: string };
  /** Keys by which its heads are checked. */
  keys: { log: string; clock: string };
}

/** Everything of one moment, as bytes: the keys, then each table as PostgreSQL copies it, in one snapshot. */
export async function* backupBytes({
  connection,
  dataDir,
  at,
  head,
  keys,
}: BackupOf): AsyncGenerator<Uint8Array> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    yield header({
      is: 'backup',
      form: backupForm,
      at,
      ...head,
      keys,
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

const header = (of: Header): Buffer => frameOf({ kind: 'header', header: of });

function* files(dataDir: string): Generator<Uint8Array> {
  for (const name of readdirSync(dataDir).filter(isKept)) {
    const file = join(dataDir, name);
    yield header({ is: 'file', name });
    yield frameOf({ kind: 'data', bytes: readFileSync(file) });
  }
}
