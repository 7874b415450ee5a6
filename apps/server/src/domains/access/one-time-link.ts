import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Database, Executor } from '../../store/database.ts';

/** A one-time link lives a day. */
const LINK_MICROS = 24 * 3600 * 1_000_000;

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Makes the one-time link of this start, good at every server on the database; the one of the server's last start is good no more. */
export async function makeLink(database: Database, server: string, now: number): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await database.transaction().execute(async (transaction) => {
    await dropLinks(transaction, server, now);
    await sql`insert into first_link (digest, server, expires)
      values (${digestOf(token)}, ${server}, ${now + LINK_MICROS})`.execute(transaction);
  });
  return token;
}

/** What an earlier start of this server has left, and what is over. */
export async function dropLinks(transaction: Executor, server: string, now: number): Promise<void> {
  await sql`delete from first_link where server = ${server} or expires <= ${now}`.execute(transaction);
}

/** False where it is none, or spent. The first that is spent spends those of all other servers; nothing is where the transaction fails. */
export async function spendLink(transaction: Executor, token: string, now: number): Promise<boolean> {
  const { rows } = await sql`
    delete from first_link where digest = ${digestOf(token)} and expires > ${now} returning 1`.execute(
    transaction,
  );
  if (rows.length === 0) return false;
  await sql`delete from first_link`.execute(transaction);
  return true;
}
