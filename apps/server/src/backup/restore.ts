import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { verifyLedger } from '../ledger/verify.ts';
import type { Connection } from '../store/cluster/cluster.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';
import { migrations } from '../store/migrations/index.ts';
import { type Followed, followChanges } from './changes/follow.ts';
import { backupsIn } from './folder.ts';
import { FrameReader } from './frame-reader.ts';
import { BackupFault, type Header, readFrames } from './frames.ts';
import { fill, verifierOf } from './load.ts';
import { intoPlace, type RestoreInto } from './place.ts';
import { type Opening, openStream } from './seal.ts';
import { deferReferences, raiseSequences } from './tables.ts';
import { backupForm } from './write.ts';

export interface Restored {
  /** As of when it is, in microseconds since the epoch. */
  at: number;
  tables: number;
  /** Of the full backup. */
  rows: number;
  /** Carried out after it. */
  transactions: number;
  /** Acts of the ledger, each worked out anew. */
  acts: number;
}

type About = Extract<Header, { is: 'backup' }>;
interface Base {
  frames: FrameReader;
  about: About;
}
type Progress = (step: string) => void;

/**
 * Makes a data folder from the bytes of a backup, with a database of its own or in one of the hospital's, and works its ledger out anew. Nothing is left of a folder
 * that could not be made whole. @throws BackupFault
 */
export async function restoreBackup(
  source: AsyncIterable<Uint8Array>,
  { dataDir, databaseUrl }: RestoreInto,
  onProgress: Progress = () => {},
): Promise<Restored> {
  return intoPlace({ dataDir, databaseUrl }, async (connection) => {
    const base = await openBase(source);
    return load(base, { connection, dataDir, onProgress }, null);
  });
}

export interface FromFolder {
  /** Where full backups and changes lie. */
  folder: string;
  by: Opening;
  /** As of this moment, in microseconds since the epoch; null for the last that is there. */
  at: number | null;
}

/**
 * Makes a data folder as it was at a moment: from the last full backup before it, and the changes up to it.
 * @throws BackupFault where the backups do not reach it
 */
export async function restoreFolder(
  { folder, by, at }: FromFolder,
  { dataDir, databaseUrl }: RestoreInto,
  onProgress: Progress = () => {},
): Promise<Restored> {
  const base = await baseBefore(folder, by, at);
  return intoPlace({ dataDir, databaseUrl }, async (connection) => {
    const follow: Follow = (needs) =>
      followChanges({ ...needs, folder, by, until: at, about: base.about, onProgress });
    return load(base, { connection, dataDir, onProgress }, follow);
  });
}

/** The newest full backup that was made before a moment. Names say when it was begun; what is in it says when it was made. */
async function baseBefore(folder: string, by: Opening, at: number | null): Promise<Base> {
  const full = backupsIn(folder)
    .flatMap((file) => (file.kind === 'full' ? [file] : []))
    .toSorted((a, b) => b.at - a.at);
  for (const { name, at: begun } of full) {
    if (at !== null && begun > at) continue;
    const base = await openBase(await openStream(createReadStream(join(folder, name)), by));
    if (at === null || base.about.at <= at) return base;
    await base.frames.close();
  }
  const oldest = full.at(-1);
  throw new BackupFault(
    oldest === undefined
      ? `${folder} holds no backup`
      : `the oldest backup in ${folder} is of ${new Date(oldest.at / 1000).toISOString()}`,
  );
}

async function openBase(source: AsyncIterable<Uint8Array>): Promise<Base> {
  const frames = new FrameReader(readFrames(source));
  const about = await frames.header();
  if (about?.is !== 'backup' || about.form !== backupForm)
    throw new BackupFault('this is no backup of Wardline');
  for (const name of about.migrations) mustBeKnown(name);
  return { frames, about };
}

function mustBeKnown(migration: string): void {
  if (!migrations.some(({ name }) => name === migration))
    throw new BackupFault(`the backup is of a newer Wardline (${migration}); restore it with that one`);
}

type Follow = (needs: {
  client: pg.Client;
  bringForward: (migration: string) => Promise<void>;
}) => Promise<Followed>;

interface Place {
  connection: Connection;
  dataDir: string;
  onProgress: Progress;
}

async function load(base: Base, place: Place, follow: Follow | null): Promise<Restored> {
  const { about, frames } = base;
  const { connection, dataDir, onProgress } = place;
  const database = openDatabase(connection, () => {});
  const client = new pg.Client(connection);
  try {
    // The schema as it was then; a start brings it forward as it would have.
    await migrate(database, about.migrations);
    await client.connect();
    await client.query('begin');
    const rows = await fill(frames, client, dataDir, onProgress);
    await client.query('commit');
    const bringForward = async (step: string) => {
      mustBeKnown(step);
      await migrate(database, [step]);
    };
    await deferReferences(client, true);
    const followed = (await follow?.({ client, bringForward })) ?? { until: about.at, transactions: 0 };
    await deferReferences(client, false);
    await raiseSequences(client);
    onProgress('working the ledger out anew');
    const acts = await wholeLedger(database, about, dataDir);
    const [tables, counted] = [Object.keys(rows).length, Object.values(rows)];
    const { until: at, transactions } = followed;
    return { at, tables, rows: counted.reduce((a, b) => a + b, 0), transactions, acts };
  } finally {
    await client.end();
    await database.destroy();
  }
}

/** How many acts it has. @throws BackupFault where it is not whole */
async function wholeLedger(database: Database, about: About, dataDir: string): Promise<number> {
  const { entries, faults } = await verifyLedger(database, verifierOf(about, dataDir));
  if (faults.length > 0)
    throw new BackupFault(
      `the ledger of the backup is not whole: ${faults[0]!.table} ${faults[0]!.place} ${faults[0]!.message}`,
    );
  if (entries < about.size)
    throw new BackupFault(`the backup speaks of ${about.size} acts and holds ${entries}`);
  return entries;
}
