import type { UsageHour } from '@wardline/model';
import { type ActiveHours, addTrace, HOUR, hoursOf } from '@wardline/watch';
import { sql } from 'kysely';
import { numberArray } from '../../intake/arrays.ts';
import type { Executor } from '../../store/database.ts';
import type { Listeners, Span } from './listeners.ts';

const DAY_HOURS = 24;
const DAY = DAY_HOURS * HOUR;

/** An asset with what it consists of on the network. */
export interface Parts {
  id: string;
  endpoints: readonly number[];
}

/** What assets did, hour by hour, as their endpoints showed it and those who can hear them listened. */
export async function hoursOfAssets(
  database: Executor,
  assets: readonly Parts[],
  span: Span,
  listeners: Listeners,
): Promise<Map<string, UsageHour[]>> {
  const endpoints = assets.flatMap((asset) => asset.endpoints);
  const days = Map.groupBy(await readDays(database, endpoints, span), (day) => day.endpoint);
  const hearing = Map.groupBy(await readHearing(database, endpoints), (pair) => pair.endpoint);
  return new Map(
    assets.map(({ id, endpoints: own }) => {
      const active: ActiveHours = new Map();
      for (const endpoint of own) for (const day of days.get(endpoint) ?? []) addDay(active, day, span);
      const names = own.flatMap((endpoint) => (hearing.get(endpoint) ?? []).map(({ listener }) => listener));
      const heard = listeners.heardBy([...new Set(names)].toSorted());
      return [id, hoursOf(active, span.from, span.until, { heard })];
    }),
  );
}

interface StoredDay {
  endpoint: number;
  day: number;
  work: string;
  hours: number;
}

function addDay(active: ActiveHours, { day, work, hours }: StoredDay, { from, until }: Span): void {
  for (let at = 0; at < DAY_HOURS; at += 1) {
    const hour = day * DAY + at * HOUR;
    if ((hours & (1 << at)) === 0 || hour < from || hour >= until) continue;
    addTrace(active, { hour, work: work === '' ? null : work });
  }
}

async function readDays(database: Executor, endpoints: readonly number[], { from, until }: Span) {
  const { rows } = await sql<StoredDay>`
    select endpoint_id as endpoint, day, work, hours from usage_day
    where endpoint_id = any(${numberArray(endpoints, (id) => id)}::bigint[])
      and day >= ${Math.floor(from / DAY)} and day <= ${Math.floor(until / DAY)}
    order by endpoint_id, day, work`.execute(database);
  return rows;
}

async function readHearing(database: Executor, endpoints: readonly number[]) {
  const { rows } = await sql<{ endpoint: number; listener: string }>`
    select endpoint_id as endpoint, listener from usage_heard_by
    where endpoint_id = any(${numberArray(endpoints, (id) => id)}::bigint[])`.execute(database);
  return rows;
}
