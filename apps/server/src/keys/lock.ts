import { sql, type Transaction } from 'kysely';
import type { Database } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';

/** Any number of its own: keys are made, changed and cleared away one after the other, whichever server does it. */
const KEYS_LOCK = 7_400_004;

export async function locked<T>(
  database: Database,
  work: (transaction: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  return database.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${KEYS_LOCK})`.execute(transaction);
    return work(transaction);
  });
}
