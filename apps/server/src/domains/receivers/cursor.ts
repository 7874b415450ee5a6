import { sql } from 'kysely';
import type { Executor } from '../../store/database.ts';
import { TROUBLE_CHARS } from './limits.ts';

export interface Place {
  /** The last number that was handed over. */
  sent: number;
  /** The last number that the receiver surely has. */
  sure: number;
}

/** Where a receiver stands. */
export async function placeOf(database: Executor, id: string): Promise<Place> {
  const { rows } = await sql<Place>`
    select sent, sure from alert_receiver_state where receiver = ${id}`.execute(database);
  return rows[0]!;
}

/** The receiver was served up to there: it is well. `missing` are numbers that were gone before they could be sent. */
export async function served(
  database: Executor,
  id: string,
  { sent, sure, missing = 0, at }: Place & { missing?: number; at: number | null },
): Promise<void> {
  await sql`update alert_receiver_state set sent = ${sent}, sure = greatest(sure, ${sure}), missing = missing + ${missing},
      last_sent = coalesce(${at}::bigint, last_sent), trouble = null, trouble_since = null
    where receiver = ${id}`.execute(database);
}

/** It could not be served; since when stays as it was while the trouble goes on. */
export async function failed(database: Executor, id: string, text: string, at: number): Promise<void> {
  await sql`update alert_receiver_state set trouble = ${text.slice(0, TROUBLE_CHARS)},
      trouble_since = coalesce(trouble_since, ${at})
    where receiver = ${id}`.execute(database);
}
