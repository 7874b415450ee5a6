import { HOUR, workBytes } from '@wardline/watch';
import { sql } from 'kysely';
import { numberArray, textArray } from '../../intake/arrays.ts';
import type { Database, Executor } from '../../store/database.ts';
import { FOLDED_HOURS, UNFINISHED_MICROS } from './limits.ts';

const DAY_HOURS = 24;

/**
 * Takes stored telemetry of the hours that are due into days of use, until none is due. An hour that intake writes to meanwhile is
 * due again.
 * @returns the endpoints for which something is new
 */
export async function foldDue(database: Database, now: number): Promise<Set<number>> {
  const changed = new Set<number>();
  for (;;) {
    const folded = await database.transaction().execute(async (transaction) => {
      const due = await takeDue(transaction, now);
      if (due === null) return null;
      return await foldHours(transaction, due.site, due.hours);
    });
    if (folded === null) return changed;
    for (const endpoint of folded) changed.add(endpoint);
  }
}

/** Hours of one site that are due, as due no more. Waits for the intakes that are writing to them. */
async function takeDue(
  transaction: Executor,
  now: number,
): Promise<{ site: number; hours: number[] } | null> {
  const { rows } = await sql<{ site: number; hour: number }>`
    with ripe as (
      select site, hour from usage_watched
      where due and (hour + ${HOUR} <= ${now} or folded < ${now - UNFINISHED_MICROS}) order by site, hour limit ${FOLDED_HOURS}
    ), next as (select distinct hour, site from ripe where site = (select min(site) from ripe))
    update usage_watched w set due = false, folded = ${now} from next
    where w.due and w.site = next.site and w.hour = next.hour
    returning w.site, w.hour`.execute(transaction);
  if (rows.length === 0) return null;
  return { site: rows[0]!.site, hours: [...new Set(rows.map(({ hour }) => hour))].toSorted((a, b) => a - b) };
}

/** The rule of `traceOf`, in the database: who sent anything in an hour, and in which protocols of care it was at work. */
async function foldHours(
  transaction: Executor,
  site: number,
  hours: readonly number[],
): Promise<readonly number[]> {
  const works = [...workBytes];
  const least = hours[0]!;
  const beyond = hours.at(-1)! + HOUR;
  const { rows } = await sql<{ endpoint_id: number }>`
    with traces as materialized (
      select c.client_id, c.server_id, s.slice / ${HOUR} as hour,
        s.packets_from_client > 0 as client_spoke, s.packets_from_server > 0 as server_spoke,
        case when s.bytes_from_server > 0 and s.bytes_from_client + s.bytes_from_server >= w.least
          then s.application else '' end as work
      from conversation_slice s join conversation c on c.id = s.conversation_id
        left join unnest(${textArray(works, ([name]) => name)}::text[], ${numberArray(works, ([, bytes]) => bytes)}::bigint[])
          as w (name, least) on w.name = s.application
      where s.site = ${site} and s.slice >= ${least} and s.slice < ${beyond}
        and s.slice / ${HOUR} = any(${numberArray(hours, (hour) => hour / HOUR)}::bigint[])
    ), told as (
      select client_id as endpoint_id, hour, work from traces where client_spoke
      union select server_id, hour, work from traces where server_spoke
    ), placed as (
      select endpoint_id, work, (hour / ${DAY_HOURS})::int as day, (hour % ${DAY_HOURS})::int as at from told
    )
    insert into usage_day (endpoint_id, day, work, hours)
    select endpoint_id, day, work, bit_or(1 << at) from placed group by endpoint_id, day, work
    on conflict (endpoint_id, day, work) do update set hours = usage_day.hours | excluded.hours
      where usage_day.hours <> usage_day.hours | excluded.hours
    returning endpoint_id`.execute(transaction);
  return rows.map((row) => row.endpoint_id);
}
