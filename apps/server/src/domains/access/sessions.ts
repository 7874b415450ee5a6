import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import { ACCOUNTS } from '../../keys/index.ts';
import { append } from '../../ledger/append.ts';
import type { Database } from '../../store/database.ts';
import type { Tables } from '../../store/tables.ts';
import { grantsOf } from './people.ts';
import { actorOf, type Principal, type Session } from './principal.ts';
import { IDLE_MICROS, SEEN_MICROS, SESSION_MICROS } from './sign-in/limits.ts';

const digestOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

/** Compares two secrets in a time that does not tell how much of them is equal. */
export function equal(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(digestOf(a)), Buffer.from(digestOf(b)));
}

/** From where a session is opened, for the person's own list of devices. */
export interface Origin {
  agent: string;
  address: string;
}

export interface Opening {
  person: string;
  method: Session['method'];
  origin: Origin;
  /** When they showed who they are; now, where it is left out. Null where nobody can tell. */
  proved?: number | null;
}

/** Opens a session of a person within the transaction of the act; its secret is known to the database as digest only. */
export async function openSession(
  transaction: Transaction<Tables>,
  { person, method, origin, proved }: Opening,
  now: number,
): Promise<{ secret: string; session: Session }> {
  const secret = randomBytes(32).toString('base64url');
  const times = { since: now, seen: now, expires: now + SESSION_MICROS };
  const session: Session = {
    id: randomUUID(),
    person,
    method,
    ...times,
    steppedUp: proved === undefined ? now : proved,
  };
  await sql`delete from session where expires < ${now} or seen < ${now - IDLE_MICROS}`.execute(transaction);
  const { steppedUp, ...columns } = session;
  await transaction
    .insertInto('session')
    .values({ ...columns, digest: digestOf(secret), stepped_up: steppedUp, ...origin })
    .execute();
  const used = method === 'password' ? { keys: [ACCOUNTS] } : {};
  const changes = { method, expires: session.expires, ...used };
  const personal = { agent: origin.agent, address: origin.address };
  const action = method === 'link' ? 'session.open' : `session.${method}`;
  const what = { action, subject: `session:${session.id}`, changes, personal };
  await append(transaction, { at: now, actor: actorOf(person), reason: null, ...what });
  return { secret, session };
}

/**
 * Whose session a secret opens; null where there is none, where nobody used it for too long, or where the person is shut out.
 * `isActive`: a person is behind this request, and not a page that asks by itself.
 */
export async function findPrincipal(
  database: Database,
  secret: string,
  now: number,
  isActive: boolean,
): Promise<Principal | null> {
  const row = await database
    .selectFrom('session')
    .innerJoin('person', 'person.id', 'session.person')
    .select(['session.id', 'person', 'method', 'since', 'seen', 'expires', 'stepped_up', 'person.name'])
    .where('digest', '=', digestOf(secret))
    .where('expires', '>', now)
    .where('seen', '>', now - IDLE_MICROS)
    .where('person.active', '=', true)
    .executeTakeFirst();
  if (row === undefined) return null;
  if (isActive && now - row.seen > SEEN_MICROS) await touch(database, row.id, now);
  const { name, stepped_up: steppedUp, ...session } = row;
  const id = actorOf(row.person);
  const grants = await grantsOf(database, id, now);
  // A sealed credential was made for one role and gives no other.
  const counting =
    row.method === 'emergency' ? grants.filter(({ origin }) => origin === 'break-glass') : grants;
  return { id, name, grants: counting, session: { ...session, steppedUp } };
}

async function touch(database: Database, id: string, now: number): Promise<void> {
  await sql`update session set seen = ${now} where id = ${id}`.execute(database);
}

/** A fresh proof gives the session another secret, so that one that was read before opens nothing. */
export async function renewSession(
  transaction: Transaction<Tables>,
  id: string,
  now: number,
): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  await sql`update session set digest = ${digestOf(secret)}, stepped_up = ${now} where id = ${id}`.execute(
    transaction,
  );
  return secret;
}

/** Whoever changes how they sign in ends what was opened before by the old way; how many sessions that were. */
export async function endOtherSessions(transaction: Transaction<Tables>, own: Session): Promise<number> {
  const { rows } =
    await sql`delete from session where person = ${own.person} and id <> ${own.id} returning 1`.execute(
      transaction,
    );
  return rows.length;
}

/** A browser that signs in again leaves no earlier session behind. */
export async function endSessionOf(
  transaction: Transaction<Tables>,
  secret: string | undefined,
): Promise<void> {
  if (secret === undefined) return;
  await sql`delete from session where digest = ${digestOf(secret)}`.execute(transaction);
}

/** Ends a session. False where it had ended already. */
export async function closeSession(
  database: Database,
  id: string,
  actor: string,
  now: number,
  action = 'session.close',
): Promise<boolean> {
  return database.transaction().execute(async (transaction) => {
    const gone = await transaction.deleteFrom('session').where('id', '=', id).executeTakeFirst();
    if (gone.numDeletedRows === 0n) return false;
    const what = { action, subject: `session:${id}`, changes: {} };
    await append(transaction, { at: now, actor, reason: null, ...what });
    return true;
  });
}
