import { formatMicros, type ImportJob, type InputError } from '@wardline/model';
import { sql } from 'kysely';
import type { LiveProgress } from '../context.ts';
import type { Executor } from '../store/database.ts';

/** All captures are streams of this sensor. */
export const IMPORT_SENSOR = 'import';

interface StoredImport {
  id: string;
  site: number;
  file: string;
  sha256: string;
  state: ImportJob['state'];
  step: string;
  bytes_total: number | null;
  bytes_read: number;
  packets: number;
  stream_packets: number;
  conversations: number;
  sightings: number;
  assets_found: number;
  dropped: Record<string, number>;
  evicted: Record<string, number>;
  errors: InputError[];
  started_at: number;
  finished_at: number | null;
  last_number: number;
  actor: string;
}

const selection = sql`
  select i.id, i.site, i.file, i.sha256, i.state, i.step, i.bytes_total, i.bytes_read, i.packets, i.assets_found, i.errors,
    i.started_at, i.finished_at, i.actor, coalesce(s.packets, 0) as stream_packets,
    coalesce(s.conversations, 0) as conversations, coalesce(s.sightings, 0) as sightings,
    coalesce(s.dropped, '{}') as dropped, coalesce(s.evicted, '{}') as evicted, coalesce(s.last_number, 0) as last_number
  from import i left join stream s on s.site = i.site and s.sensor = ${IMPORT_SENSOR} and s.stream = i.sha256`;

export async function findImport(
  database: Executor,
  by: { id: string } | { sha256: string },
): Promise<StoredImport | null> {
  const condition = 'id' in by ? sql`i.id = ${by.id}` : sql`i.sha256 = ${by.sha256}`;
  const { rows } = await sql<StoredImport>`${selection} where ${condition}`.execute(database);
  return rows[0] ?? null;
}

export async function listImports(database: Executor): Promise<StoredImport[]> {
  const { rows } = await sql<StoredImport>`${selection} order by i.started_at desc, i.id limit 200`.execute(
    database,
  );
  return rows;
}

/** The digests of captures that still have to be read. */
export async function awaitedCaptures(database: Executor): Promise<Set<string>> {
  const { rows } = await sql<{ sha256: string }>`
    select sha256 from import where state in ('running', 'queued')`.execute(database);
  return new Set(rows.map((row) => row.sha256));
}

/** The import that is due: one that ran when the server died comes first. */
export async function nextImport(database: Executor): Promise<StoredImport | null> {
  const { rows } = await sql<StoredImport>`
    ${selection} where i.state in ('running', 'queued')
    order by i.state = 'running' desc, i.started_at, i.id limit 1`.execute(database);
  return rows[0] ?? null;
}

/** How many assets these endpoints are. */
export async function countAssets(
  database: Executor,
  site: number,
  endpoints: readonly string[],
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(distinct asset_id) as n from endpoint where site = ${site} and key = any(${endpoints}::text[])`.execute(
    database,
  );
  return rows[0]?.n ?? 0;
}

export function importJob(row: StoredImport, live: LiveProgress | undefined): ImportJob {
  return {
    id: row.id,
    site: row.site,
    file: row.file,
    state: row.state,
    step: live?.step ?? row.step,
    bytesTotal: row.bytes_total,
    bytesRead: live?.bytesRead ?? row.bytes_read,
    packets: live?.packets ?? Math.max(row.packets, row.stream_packets),
    conversations: row.conversations,
    sightings: row.sightings,
    assetsFound: row.assets_found,
    dropped: row.dropped,
    evicted: row.evicted,
    errors: row.errors,
    startedAt: formatMicros(row.started_at),
    finishedAt: row.finished_at === null ? null : formatMicros(row.finished_at),
  };
}
