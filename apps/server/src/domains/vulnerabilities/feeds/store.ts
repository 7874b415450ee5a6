import type { AdvisoryFault } from '@wardline/formats';
import { type FeedRow, formatMicros } from '@wardline/model';
import { sql } from 'kysely';
import type { Executor } from '../../../store/database.ts';

/** A feed as a run needs it. */
export interface Feed {
  id: string;
  name: string;
  location: string;
  kind: 'folder' | 'url';
  keys: string;
}

type Stored = Omit<FeedRow, 'startedAt' | 'finishedAt'> & {
  startedAt: number | null;
  finishedAt: number | null;
};

const shown = (at: number | null): string | null => (at === null ? null : formatMicros(at));

export async function readFeeds(database: Executor): Promise<FeedRow[]> {
  const { rows } = await sql<Stored>`
    select id, name, location, kind, every_hours as "everyHours", fingerprints, state, problem, total, done, counts,
      started_at as "startedAt", finished_at as "finishedAt" from feed order by name`.execute(database);
  return rows.map((row) => ({
    ...row,
    startedAt: shown(row.startedAt),
    finishedAt: shown(row.finishedAt),
  }));
}

/** The feed that has waited longest for its run, and those that are due are put in line by `due`. */
export async function nextRunning(database: Executor): Promise<Feed | null> {
  const { rows } = await sql<Feed>`
    select id, name, location, kind, keys from feed where state = 'running' order by started_at limit 1`.execute(
    database,
  );
  return rows[0] ?? null;
}

/** Feeds whose time has come. */
export async function dueFeeds(database: Executor, now: number): Promise<Feed[]> {
  const { rows } = await sql<Feed>`
    select id, name, location, kind, keys from feed where every_hours > 0 and state <> 'running'
      and coalesce(finished_at, 0) + every_hours::bigint * 3600000000 < ${now}`.execute(database);
  return rows;
}

export const putInLine = (transaction: Executor, id: string, at: number) =>
  sql`update feed set state = 'running', problem = null, total = 0, done = 0, counts = '{}', started_at = ${at},
    finished_at = null where id = ${id} and state <> 'running'`.execute(transaction);

export interface Progress {
  total: number;
  done: number;
  counts: Readonly<Record<string, number>>;
}

/** False where the feed was taken away meanwhile. */
export async function saveProgress(database: Executor, id: string, progress: Progress): Promise<boolean> {
  const { total, done, counts } = progress;
  const { numAffectedRows } = await sql`
    update feed set total = ${total}, done = ${done}, counts = ${JSON.stringify(counts)}::jsonb
    where id = ${id}`.execute(database);
  return numAffectedRows === 1n;
}

export const endRun = (database: Executor, id: string, problem: string | null, at: number) =>
  sql`update feed set state = ${problem === null ? 'done' : 'failed'}, problem = ${problem}, finished_at = ${at}
    where id = ${id} and state = 'running'`.execute(database);

/** What is known of a document of a feed. */
export interface FeedFile {
  path: string;
  stamp: string | null;
  digest: string;
  outcome: string;
  checked: readonly string[];
  faults: readonly AdvisoryFault[];
}

export async function readFiles(database: Executor, feed: string): Promise<Map<string, FeedFile>> {
  const { rows } = await sql<FeedFile>`
    select path, stamp, digest, outcome, checked, faults from feed_file where feed = ${feed}`.execute(
    database,
  );
  return new Map(rows.map((row) => [row.path, row]));
}

/** A feed that was removed meanwhile keeps nothing. */
export const keepFile = (database: Executor, feed: string, file: FeedFile, at: number) =>
  sql`insert into feed_file (feed, path, stamp, digest, outcome, checked, faults, at)
    select id, ${file.path}, ${file.stamp}, ${file.digest}, ${file.outcome}, ${[...file.checked]}::text[],
      ${JSON.stringify(file.faults)}::jsonb, ${at}::bigint from feed where id = ${feed}
    on conflict (feed, path) do update set stamp = excluded.stamp, digest = excluded.digest, outcome = excluded.outcome,
      checked = excluded.checked, faults = excluded.faults, at = excluded.at`.execute(database);
