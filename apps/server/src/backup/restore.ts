import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseVerifier } from '@wardline/ledger';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { prepareDataDir } from '../config/data-dir.ts';
import { type LedgerVerifier, ledgerSigner } from '../ledger/head.ts';
import { verifyLedger } from '../ledger/verify.ts';
import { type Cluster, openCluster } from '../store/cluster/cluster.ts';
import { layOut } from '../store/cluster/layout.ts';
import { databaseUser } from '../store/cluster/system-user.ts';
import { openDatabase } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';
import { migrations } from '../store/migrations/index.ts';
import { BackupFault, type Frame, type Header, readFrames } from './frames.ts';
import { quoted } from './tables.ts';
import { backupForm } from './write.ts';

export interface Restored {
  /** Microseconds since the epoch. */
  at: number;
  tables: number;
  rows: number;
  /** Acts of the ledger, each worked out anew. */
  acts: number;
}

/**
 * Makes a data folder from the bytes of a backup, with a database of its own, and works its ledger out anew. Nothing is left of a folder
 * that could not be made whole. @throws BackupFault
 */
export async function restoreBackup(
  source: AsyncIterable<Uint8Array>,
  dataDir: string,
  onProgress: (step: string) => void = () => {},
): Promise<Restored> {
  if (existsSync(join(dataDir, 'database')))
    throw new BackupFault(`${dataDir} holds a database already; name an empty folder`);
  const user = databaseUser();
  prepareDataDir(dataDir, user);
  layOut(dataDir, user);
  const silent = { died: () => {}, restarted: () => {}, givenUp: () => {} };
  let cluster: Cluster | null = null;
  try {
    cluster = await openCluster(dataDir, silent);
    return await load(source, cluster, dataDir, onProgress);
  } catch (error) {
    await cluster?.close();
    cluster = null;
    rmSync(dataDir, { recursive: true, force: true });
    throw error;
  } finally {
    await cluster?.close();
  }
}

async function load(
  source: AsyncIterable<Uint8Array>,
  { connection }: Cluster,
  dataDir: string,
  onProgress: (step: string) => void,
): Promise<Restored> {
  const frames = new Frames(readFrames(source));
  const about = await frames.header();
  if (about?.is !== 'backup' || about.form !== backupForm)
    throw new BackupFault('this is no backup of Wardline');
  const newer = about.migrations.filter((name) => !migrations.some((step) => step.name === name));
  if (newer.length > 0)
    throw new BackupFault(
      `the backup is of a newer Wardline (${newer.join(', ')}); restore it with that one`,
    );
  const database = openDatabase(connection, () => {});
  const client = new pg.Client(connection);
  try {
    // The schema as it was then; a start brings it forward as it would have.
    await migrate(database, about.migrations);
    await client.connect();
    await client.query('begin');
    const rows = await fill(frames, client, dataDir, onProgress);
    await client.query('commit');
    onProgress('working the ledger out anew');
    const { entries, faults } = await verifyLedger(database, verifierOf(about, dataDir));
    if (faults.length > 0)
      throw new BackupFault(
        `the ledger of the backup is not whole: ${faults[0]!.table} ${faults[0]!.place} ${faults[0]!.message}`,
      );
    if (entries < about.size)
      throw new BackupFault(`the backup speaks of ${about.size} acts and holds ${entries}`);
    return {
      at: about.at,
      tables: Object.keys(rows).length,
      rows: Object.values(rows).reduce((a, b) => a + b, 0),
      acts: entries,
    };
  } finally {
    await client.end();
    await database.destroy();
  }
}

/** Backups of before the signing key was sealed hold it as a file. @throws BackupFault */
function verifierOf({ keys }: Extract<Header, { is: 'backup' }>, dataDir: string): LedgerVerifier {
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

async function fill(
  frames: Frames,
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
      const target = client.query(
        copyFrom(`copy ${quoted(of.name)} (${of.columns.map(quoted).join(', ')}) from stdin`),
      );
      await pipeline(Readable.from(frames.data()), target);
      counted[of.name] = target.rowCount;
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

/** Headers one by one, each with the data behind it. */
class Frames {
  readonly #frames: AsyncGenerator<Frame>;
  #next: Header | null = null;

  constructor(frames: AsyncGenerator<Frame>) {
    this.#frames = frames;
  }

  /** Null at the end. Data that nobody took is passed over. */
  async header(): Promise<Header | null> {
    if (this.#next === null) for await (const _ of this.data());
    const header = this.#next;
    this.#next = null;
    return header;
  }

  /** Up to the next header. */
  async *data(): AsyncGenerator<Buffer> {
    for (let step = await this.#frames.next(); !step.done; step = await this.#frames.next()) {
      if (step.value.kind === 'header') {
        this.#next = step.value.header;
        return;
      }
      yield step.value.bytes;
    }
  }

  async all(): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.data()) pieces.push(piece);
    return Buffer.concat(pieces);
  }
}
