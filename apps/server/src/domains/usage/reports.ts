import type { UsageReport } from '@wardline/model';
import { hourOfWeekIn, isBetweenHours, usageReport, type WindowOptions, weekOf } from '@wardline/watch';
import { sql } from 'kysely';
import { numberArray } from '../../intake/arrays.ts';
import type { Database, Executor } from '../../store/database.ts';
import { hoursOfAssets, type Parts } from './activity.ts';
import { ASSETS_AT_ONCE, LEAST_TIMES, STALE_MICROS, WEEKS } from './limits.ts';
import { Listeners, type Span, spanOf } from './listeners.ts';
import { packWeek } from './week.ts';

/** Works out anew what is told of assets that showed something new, are made up otherwise, or were silent for hours. */
export async function reportAssets(
  database: Database,
  changed: ReadonlySet<number>,
  now: number,
): Promise<number> {
  await sql`delete from usage_asset u where not exists (select 1 from asset a where a.id = u.asset_id and not a.gone)`.execute(
    database,
  );
  const { rows: sites } = await sql<{ id: number; zone: string }>`
    select id, time_zone as zone from site order by id`.execute(database);
  let told = 0;
  for (const { id, zone } of sites) told += await reportSite(database, id, zone, changed, now);
  return told;
}

async function reportSite(
  database: Database,
  site: number,
  zone: string,
  changed: ReadonlySet<number>,
  now: number,
): Promise<number> {
  const span = await spanOf(database, site, now, WEEKS);
  if (span === null) return 0;
  const assets = await changedAssets(database, site, zone, changed, span);
  const listeners = assets.length === 0 ? null : await Listeners.of(database, site, span);
  for (let at = 0; at < assets.length; at += ASSETS_AT_ONCE) {
    const some = assets.slice(at, at + ASSETS_AT_ONCE);
    const hours = await hoursOfAssets(database, some, span, listeners!);
    const hourOfWeek = hourOfWeekIn(zone);
    await writeReports(
      database,
      some.map((asset) => {
        const own = hours.get(asset.id)!;
        const report = usageReport(asset.id, own, hourOfWeek, windowOptions(zone, span.until));
        return { asset, report, week: packWeek(weekOf(own, hourOfWeek)) };
      }),
      { site, zone, span },
    );
  }
  return assets.length;
}

/** What a proposed window rests on at the least, in a zone at a moment. */
export function windowOptions(zone: string, at: number): WindowOptions {
  return { leastTimes: LEAST_TIMES, between: isBetweenHours(zone, at) };
}

async function changedAssets(
  database: Executor,
  site: number,
  zone: string,
  changed: ReadonlySet<number>,
  { until }: Span,
): Promise<Parts[]> {
  const { rows } = await sql<{ id: string; endpoints: string }>`
    with news as (select * from unnest(${numberArray([...changed], (id) => id)}::bigint[]) as n (id))
    select a.id, array_agg(e.id order by e.id)::text as endpoints
    from asset a join endpoint e on e.asset_id = a.id left join usage_asset u on u.asset_id = a.id
      left join news n on n.id = e.id
    where a.site = ${site} and not a.gone
    group by a.id, u.endpoints, u.until_hour, u.time_zone
    having u.endpoints is distinct from array_agg(e.id order by e.id) or u.until_hour < ${until - STALE_MICROS}
      or u.time_zone <> ${zone} or bool_or(n.id is not null)
    order by a.id`.execute(database);
  return rows.map(({ id, endpoints }) => ({ id, endpoints: endpoints.slice(1, -1).split(',').map(Number) }));
}

interface Told {
  asset: Parts;
  report: UsageReport;
  week: Buffer;
}

async function writeReports(
  database: Database,
  told: readonly Told[],
  { site, zone, span }: { site: number; zone: string; span: Span },
): Promise<void> {
  const rows = told.map(({ asset, report, week }) => {
    const { 'in-use': inUse, idle, off, unknown } = report.hours;
    return sql`(${asset.id}, ${site}::int, ${numberArray(asset.endpoints, (id) => id)}::bigint[], ${zone}, ${span.from}::bigint,
      ${span.until}::bigint, ${inUse}::int, ${idle}::int, ${off}::int, ${unknown}::int, ${report.utilisation}::float8,
      ${report.lastInUse}::bigint, ${week}::bytea, ${JSON.stringify(report.safeWindows)}::jsonb)`;
  });
  await sql`insert into usage_asset (asset_id, site, endpoints, time_zone, from_hour, until_hour, in_use, idle, off, unknown,
      utilisation, last_in_use, week, windows)
    values ${sql.join(rows)}
    on conflict (asset_id) do update set site = excluded.site, endpoints = excluded.endpoints,
      time_zone = excluded.time_zone, from_hour = excluded.from_hour, until_hour = excluded.until_hour,
      in_use = excluded.in_use, idle = excluded.idle, off = excluded.off, unknown = excluded.unknown,
      utilisation = excluded.utilisation, last_in_use = excluded.last_in_use, week = excluded.week,
      windows = excluded.windows`.execute(database);
}
