import { sql } from 'kysely';
import { AUDIT_SENT_AGAIN } from '../../limits.ts';
import type { Database } from '../../store/database.ts';
import { ledgerSize } from '../nodes.ts';

/**
 * The last act that a collector surely has. Syslog acknowledges nothing: where the last connection broke, what was on its
 * way may be lost, and is sent again; the receiver knows acts by their numbers.
 */
export async function resume(database: Database, collector: string): Promise<number> {
  const { rows } = await sql<{ sent: number; orderly: boolean }>`
    select sent, orderly from ledger_delivery where collector = ${collector}`.execute(database);
  const { sent = 0, orderly = true } = rows[0] ?? {};
  const from = orderly ? sent : Math.max(0, sent - AUDIT_SENT_AGAIN);
  const start = Math.min(from, await ledgerSize(database));
  await remember(database, collector, start, false);
  return start;
}

/** How far the collector was served, by whichever server. */
export async function lastSent(database: Database, collector: string): Promise<number> {
  const { rows } = await sql<{ sent: number }>`
    select sent from ledger_delivery where collector = ${collector}`.execute(database);
  return rows[0]?.sent ?? 0;
}

export async function remember(
  database: Database,
  collector: string,
  sent: number,
  orderly: boolean,
): Promise<void> {
  await sql`insert into ledger_delivery (collector, sent, orderly) values (${collector}, ${sent}, ${orderly})
    on conflict (collector) do update set sent = excluded.sent, orderly = excluded.orderly`.execute(database);
}
