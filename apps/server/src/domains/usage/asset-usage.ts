import { type AssetUsage, formatMicros } from '@wardline/model';
import { hourOfWeekIn, usageReport, weekOf } from '@wardline/watch';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import type { Executor } from '../../store/database.ts';
import { hoursOfAssets, type Parts } from './activity.ts';
import { Listeners, spanOf } from './listeners.ts';
import { windowOptions } from './reports.ts';

interface Device extends Parts {
  name: string;
  site: number;
  zone: string;
}

/** What a device did hour by hour over some weeks, its rhythm, and when it might be taken out of use. */
export async function assetUsage(context: Context, id: string, weeks: number): Promise<AssetUsage> {
  const { database } = context;
  const device = await readDevice(database, id);
  const told = { asset: id, assetName: device.name, timeZone: device.zone, weeks };
  const span = await spanOf(database, device.site, context.now(), weeks);
  if (span === null) return { ...told, from: null, until: null, ...nothing };
  const listeners = await Listeners.of(database, device.site, span);
  const hours = (await hoursOfAssets(database, [device], span, listeners)).get(id)!;
  const hourOfWeek = hourOfWeekIn(device.zone);
  const report = usageReport(id, hours, hourOfWeek, windowOptions(device.zone, span.until));
  return {
    ...told,
    from: formatMicros(span.from),
    until: formatMicros(span.until),
    hours: report.hours,
    utilisation: report.utilisation,
    lastInUse: report.lastInUse === null ? null : formatMicros(report.lastInUse),
    week: report.week,
    weekKnown: weekOf(hours, hourOfWeek).map(({ known }) => known),
    windows: report.safeWindows,
    states: hours.map(({ state }) => state),
    protocols: [...new Set(hours.flatMap(({ because }) => because ?? []))].toSorted(),
  };
}

const nothing = {
  hours: { 'in-use': 0, idle: 0, off: 0, unknown: 0 },
  utilisation: null,
  lastInUse: null,
  week: Array<null>(168).fill(null),
  weekKnown: Array<number>(168).fill(0),
  windows: [],
  states: [],
  protocols: [],
};

async function readDevice(database: Executor, id: string): Promise<Device> {
  const { rows } = await sql<Omit<Device, 'endpoints'> & { endpoints: string | null }>`
    select a.id, a.name, a.site, s.time_zone as zone,
      (select array_agg(e.id order by e.id)::text from endpoint e where e.asset_id = a.id) as endpoints
    from asset a join site s on s.id = a.site where a.id = ${id} and not a.gone`.execute(database);
  const [found] = rows;
  if (found === undefined) throw new Refusal('not-found');
  return {
    ...found,
    endpoints: (found.endpoints ?? '{}').slice(1, -1).split(',').filter(Boolean).map(Number),
  };
}
