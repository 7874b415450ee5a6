import { formatMicros, type RefusedBatches, type RefusedBatchReason } from '@wardline/model';
import { sql } from 'kysely';
import type { Scope } from '../../domains/access/index.ts';
import { REFUSED_KINDS } from '../../limits.ts';
import type { Database, Executor } from '../../store/database.ts';

/** Counts a batch that a broker gave out and that is not taken. The names are those of its subject, which anybody may have made up. */
export async function countRefused(
  database: Database,
  { site, sensor, reason, at }: { site: number; sensor: string; reason: RefusedBatchReason; at: number },
): Promise<void> {
  await sql`
    with known as (select count(*) as kinds, coalesce(bool_or(site = ${site} and sensor = ${sensor} and reason = ${reason}), false) as is_one
      from intake_refused)
    insert into intake_refused as r (site, sensor, reason, count, first, last)
    select case when room then ${site}::int else 0 end, case when room then ${sensor}::text else '' end, ${reason}::text, 1,
      ${at}::bigint, ${at}::bigint from (select is_one or kinds < ${REFUSED_KINDS} as room from known) as k
    on conflict (site, sensor, reason) do update set count = r.count + 1, last = greatest(r.last, excluded.last)`.execute(
    database,
  );
}

/** The newest first; null scope: of every site, and of numbers that are no site's. */
export async function refusedBatches(
  database: Executor,
  scope: readonly Scope[] | null,
): Promise<RefusedBatches[]> {
  const { rows } = await sql<Omit<RefusedBatches, 'last'> & { last: number }>`
    select site, sensor, reason, count, last from intake_refused order by last desc, site, sensor, reason`.execute(
    database,
  );
  const seen = (site: number) =>
    scope === null || scope.some(({ sites }) => sites === null || sites.includes(site));
  return rows
    .filter(({ site }) => seen(site))
    .map(({ last, ...row }) => ({ ...row, last: formatMicros(last) }));
}
