import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseVerifier } from '@wardline/ledger';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type LedgerVerifier, ledgerSigner } from '../ledger/head.ts';
import type { FrameReader } from './frame-reader.ts';
import { BackupFault, type Header } from './frames.ts';
import { quoted } from './tables.ts';

/** Backups of before the signing key was sealed hold it as a file. @throws BackupFault */
export function verifierOf({ keys }: Extract<Header, { is: 'backup' }>, dataDir: string): LedgerVerifier {
  const file = join(dataDir, 'ledger-key');
  if (keys === undefined && existsSync(file))
    return ledgerSigner(Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url'));
  const [log, clock] = [parseVerifier(keys?.log ?? ''), parseVerifier(keys?.clock ?? '')];
  if (log === null || clock === null) throw new BackupFault('the backup does not tell the ledger’s keys');
  return { log, clock };
}

/** Names of keys are names of files beside the database, and nothing else. */
function keyFile(dataDir: string, name: string): string {
  if (basename(name) !== name || !/^[a-z0-9-]{1,60}$/.test(name))
    throw new BackupFault(`${name} is no name of a key`);
  return join(dataDir, name);
}

/** Puts back everything behind the first header; how many rows each table has. @throws BackupFault */
export async function fill(
  frames: FrameReader,
  client: pg.Client,
  dataDir: string,
  onProgress: (step: string) => void,
): Promise<Record<string, number>> {
  const counted: Record<string, number> = {};
  for (let of = await frames.header(); of !== null; of = await frames.header()) {
    if (of.is === 'file') writeFileSync(keyFile(dataDir, of.name), await frames.all(), { mode: 0o600 });
    else if (of.is === 'partition') await makePartition(client, of);
    else if (of.is === 'table') {
      onProgress(of.name);
      counted[of.name] = await fillTable(frames, client, of);
    } else if (of.is === 'sequence')
      await client.query('select setval(pg_get_serial_sequence($1, $2), $3)', [
        quoted(of.table),
        of.column,
        of.value,
      ]);
    else if (of.is === 'end') {
      mustAgree(of.rows, counted);
      return counted;
    }
  }
  throw new BackupFault('the backup ends before its end');
}

async function fillTable(
  frames: FrameReader,
  client: pg.Client,
  { name, columns }: Extract<Header, { is: 'table' }>,
): Promise<number> {
  // What a step of the schema wrote by itself stands in the backup as it was then.
  await client.query(`delete from ${quoted(name)}`);
  const target = client.query(
    copyFrom(`copy ${quoted(name)} (${columns.map(quoted).join(', ')}) from stdin`),
  );
  await pipeline(Readable.from(frames.data()), target);
  return target.rowCount;
}

/** Bounds as PostgreSQL writes them: numbers between two ends. */
async function makePartition(
  client: pg.Client,
  { parent, name, bounds }: Extract<Header, { is: 'partition' }>,
): Promise<void> {
  if (!/^FOR VALUES FROM \([\w', .-]{1,200}\) TO \([\w', .-]{1,200}\)$/.test(bounds))
    throw new BackupFault(`${name}: its bounds cannot be read`);
  await client.query(`create table if not exists ${quoted(name)} partition of ${quoted(parent)} ${bounds}`);
}

function mustAgree(expected: Record<string, number>, counted: Record<string, number>): void {
  for (const [name, rows] of Object.entries(expected))
    if (counted[name] !== rows)
      throw new BackupFault(`${name} had ${rows} rows, and ${counted[name] ?? 0} came back`);
}
