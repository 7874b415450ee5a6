import { sql, type Transaction } from 'kysely';
import type { Database } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';

/** One act that changes state: who did what to which subject, what changed, and why. */
export interface Act {
  at: number;
  actor: string;
  action: string;
  subject: string;
  changes: Record<string, unknown>;
  reason: string | null;
}

/** Any number of its own: acts are written one after the other, so that their sequence has no gaps. */
const LOCK = 7_400_002;

/** Writes one act within the transaction that carries it out. The only function that writes the ledger. */
export async function append(transaction: Transaction<Tables>, entry: Act): Promise<number> {
  await sql`select pg_advisory_xact_lock(${LOCK})`.execute(transaction);
  const { rows } = await sql<{ sequence: number }>`
    insert into ledger (sequence, at, actor, action, subject, changes, reason)
    select coalesce(max(sequence), 0) + 1, ${entry.at}, ${entry.actor}, ${entry.action}, ${entry.subject},
      ${JSON.stringify(entry.changes)}::jsonb, ${entry.reason} from ledger
    returning sequence`.execute(transaction);
  return rows[0]!.sequence;
}

/** Carries out an act: the change and its row in the ledger stand or fall together. */
export async function act<T>(
  database: Database,
  entry: Act,
  change: (transaction: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  return database.transaction().execute(async (transaction) => {
    const result = await change(transaction);
    await append(transaction, entry);
    return result;
  });
}
