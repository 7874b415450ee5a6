import { formatMicros, type ImportJob, type InputError } from '@wardline/model';
import { sql } from 'kysely';
import type { LiveProgress } from '../context.ts';
import { CLAIM_SECONDS, LINK_NAME } from '../servers/index.ts';
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

/** Captures that wait to be read, or whose server died over them, as far as this server may take them. */
async function claimable(
  database: Executor,
  server: string,
  has: (sha256: string) => boolean,
): Promise<string[]> {
  const { rows } = await sql<{ id: string; sha256: string; spooled_by: string | null }>`
    select id, sha256, spooled_by from import where state = 'queued' or (state = 'running' and ${isFree(server)})`.execute(
    database,
  );
  // One that lies here, or should: that it is gone is then told.
  return rows
    .filter(({ sha256, spooled_by }) => has(sha256) || spooled_by === server || spooled_by === null)
    .map(({ id }) => id);
}

/**
 * Nobody's, this server's own of before it was started, of one whose link to the database is gone, or of one that has said nothing
 * for too long.
 */
const isFree = (server: string) =>
  sql`(holder is null or holder = ${server} or beat < now() - make_interval(secs => ${CLAIM_SECONDS})
    or not exists (select from pg_stat_activity where application_name = ${LINK_NAME} || holder))`;

/** Takes the import that is due for this server: one that was begun comes first. Of several servers one gets it. */
export async function claimImport(
  database: Executor,
  server: string,
  has: (sha256: string) => boolean,
): Promise<StoredImport | null> {
  const ids = await claimable(database, server, has);
  if (ids.length === 0) return null;
  const { rows } = await sql<{ id: string }>`
    update import set state = 'running', step = 'Reading packets', attempts = attempts + 1, holder = ${server}, beat = now()
    where id = (select id from import where id = any(${ids}::text[])
        and (state = 'queued' or (state = 'running' and ${isFree(server)}))
      order by state = 'running' desc, started_at, id limit 1 for update skip locked)
    returning id`.execute(database);
  return rows[0] === undefined ? null : findImport(database, { id: rows[0].id });
}

/** Says that this server is still at it, and how far; false where it is its no more. */
export async function beatImport(
  database: Executor,
  server: string,
  { id, bytesRead }: { id: string; bytesRead: number },
): Promise<boolean> {
  const { numAffectedRows } =
    await sql`update import set beat = now(), bytes_read = greatest(bytes_read, ${bytesRead})
    where id = ${id} and holder = ${server} and state = 'running'`.execute(database);
  return numAffectedRows === 1n;
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
