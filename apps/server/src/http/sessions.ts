import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { sql } from 'kysely';
import { append } from '../ledger/append.ts';
import type { Database } from '../store/database.ts';

/** A one-time link lives a day, a session twelve hours: a shift, and some. */
const LINK_MICROS = 24 * 3600 * 1_000_000;
const SESSION_MICROS = 12 * 3600 * 1_000_000;

export interface Session {
  actor: string;
  since: number;
  expires: number;
}

const digestOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

/** The one-time link of this start; opening a session spends it. */
export class OneTimeLink {
  readonly token = randomBytes(32).toString('base64url');
  readonly #expires: number;
  #spent = false;

  constructor(now: number) {
    this.#expires = now + LINK_MICROS;
  }

  spend(token: string, now: number): boolean {
    if (this.#spent || now > this.#expires || !equal(token, this.token)) return false;
    this.#spent = true;
    return true;
  }

  /** Nobody got a session for it: it opens one again. */
  unspend(): void {
    this.#spent = false;
  }
}

/** Compares two secrets in a time that does not tell how much of them is equal. */
export function equal(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(digestOf(a)), Buffer.from(digestOf(b)));
}

/** Opens a session and returns its secret, of which the database holds the digest only. */
export async function openSession(
  database: Database,
  now: number,
): Promise<{ secret: string; session: Session }> {
  const secret = randomBytes(32).toString('base64url');
  const session = { actor: 'operator', since: now, expires: now + SESSION_MICROS };
  await database.transaction().execute(async (transaction) => {
    await sql`delete from session where expires < ${now}`.execute(transaction);
    await transaction
      .insertInto('session')
      .values({ digest: digestOf(secret), ...session })
      .execute();
    const what = { action: 'session.open', subject: 'session', changes: { expires: session.expires } };
    await append(transaction, { at: now, actor: session.actor, reason: null, ...what });
  });
  return { secret, session };
}

export async function findSession(database: Database, secret: string, now: number): Promise<Session | null> {
  const row = await database
    .selectFrom('session')
    .select(['actor', 'since', 'expires'])
    .where('digest', '=', digestOf(secret))
    .where('expires', '>', now)
    .executeTakeFirst();
  return row ?? null;
}

/** False where there was no such session. */
export async function closeSession(
  database: Database,
  secret: string,
  actor: string,
  now: number,
): Promise<boolean> {
  return database.transaction().execute(async (transaction) => {
    const gone = await transaction
      .deleteFrom('session')
      .where('digest', '=', digestOf(secret))
      .executeTakeFirst();
    if (gone.numDeletedRows === 0n) return false;
    const what = { action: 'session.close', subject: 'session', changes: {} };
    await append(transaction, { at: now, actor, reason: null, ...what });
    return true;
  });
}
