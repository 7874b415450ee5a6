import { formatMicros, type WatchStatus } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import type { Executor } from '../../store/database.ts';
import type { Scope } from '../access/index.ts';
import { namedDevices } from './named.ts';

interface Row {
  site: WatchStatus['site'];
  mode: WatchStatus['mode'];
  since: number;
  heard: number;
  last_run: number | null;
  batches: number;
  rows: number;
  waiting: number;
  waiting_since: number | null;
  devices: number;
  learnt_from: number | null;
  learnt_until: number | null;
  held_back: string[];
  held_back_count: number;
  fault: string | null;
  fault_at: number | null;
}

/** How the watch of every site of the scope stands. A scope of zones alone sees no site as a whole. */
export async function watchStatus(
  { database }: Context,
  scope: readonly Scope[] | null,
): Promise<WatchStatus[]> {
  const { rows } = await sql<Row>`
    select jsonb_build_object('id', p.id, 'name', p.name) as site, w.mode, w.since, w.heard, w.last_run, w.batches, w.rows,
      w.devices, w.learnt_from, w.learnt_until, w.held_back, w.held_back_count, w.fault, w.fault_at,
      (select count(*) from watch_inbox i where i.site = w.site and i.kind = 'batch') as waiting,
      (select min(received) from watch_inbox i where i.site = w.site and i.kind = 'batch') as waiting_since
    from watch_site w join site p on p.id = w.site order by p.name`.execute(database);
  const seen = (id: number) =>
    scope === null ||
    scope.some(({ sites, zones }) => zones === null && (sites === null || sites.includes(id)));
  return Promise.all(rows.filter(({ site }) => seen(site.id)).map((row) => told(database, row)));
}

async function told(database: Executor, row: Row): Promise<WatchStatus> {
  const at = (micros: number | null) => (micros === null ? null : formatMicros(micros));
  return {
    site: row.site,
    mode: row.mode,
    since: formatMicros(row.since),
    heard: row.heard === 0 ? null : formatMicros(row.heard),
    lastRun: at(row.last_run),
    batches: row.batches,
    rows: row.rows,
    waiting: row.waiting,
    waitingSince: at(row.waiting_since),
    devices: row.devices,
    learntFrom: at(row.learnt_from),
    learntUntil: at(row.learnt_until),
    heldBack: await namedDevices(database, row.site.id, row.held_back),
    heldBackCount: row.held_back_count,
    losses: await losses(database, row.site.id),
    fault: row.fault === null ? null : { at: formatMicros(row.fault_at!), text: row.fault },
  };
}

async function losses(database: Executor, site: number): Promise<WatchStatus['losses']> {
  const { rows } = await sql<
    Omit<WatchStatus['losses'][number], 'first' | 'last'> & { first: number; last: number }
  >`select cause, sensor, stream, batches, rows, first_at as first, last_at as last from watch_loss
    where site = ${site} order by last_at desc, cause, sensor, stream limit 200`.execute(database);
  return rows.map((row) => ({ ...row, first: formatMicros(row.first), last: formatMicros(row.last) }));
}
