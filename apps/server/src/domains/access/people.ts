import { randomUUID } from 'node:crypto';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import { actorOf, type Grant } from './principal.ts';

/** The person who holds the first administrator's role; made where there is none yet. */
export async function firstAdministrator(transaction: Transaction<Tables>, now: number): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select p.id from person p join role_grant g on g.holder = 'person:' || p.id
    where g.role = 'administrator' and g.origin = 'assigned' and g.ended is null and p.active
      and g.sites is null and g.zones is null and g.until is null
    order by p.created, p.id limit 1`.execute(transaction);
  return rows[0]?.id ?? addAdministrator(transaction, now);
}

async function addAdministrator(transaction: Transaction<Tables>, now: number): Promise<string> {
  const id = randomUUID();
  await transaction.insertInto('person').values({ id, name: 'First administrator', created: now }).execute();
  const grant = { id: randomUUID(), holder: actorOf(id), role: 'administrator', since: now } as const;
  await transaction
    .insertInto('role_grant')
    .values({ ...grant, origin: 'assigned', given_by: 'one-time link', ...unlimited })
    .execute();
  return id;
}

const unlimited = { sites: null, zones: null, until: null, reason: null, ended: null, ended_by: null };

/** What an actor holds at this moment. */
export async function grantsOf(database: Kysely<Tables>, holder: string, now: number): Promise<Grant[]> {
  return database
    .selectFrom('role_grant')
    .select(['role', 'sites', 'zones', 'until', 'origin'])
    .where('holder', '=', holder)
    .where('since', '<=', now)
    .where('ended', 'is', null)
    .where((where) => where.or([where('until', 'is', null), where('until', '>', now)]))
    .execute();
}

/** Ends everything by which the person can come in, at once: sessions, tokens and invitations. */
export async function shutOut(transaction: Transaction<Tables>, id: string, now: number): Promise<void> {
  await sql`delete from session where person = ${id}`.execute(transaction);
  await sql`update access_token set revoked = ${now} where owner = ${id} and revoked is null`.execute(
    transaction,
  );
  await sql`update invitation set expires = ${now} where person = ${id} and used is null and expires > ${now}`.execute(
    transaction,
  );
}

/** Whether the person is an administrator of everything, and nobody else who is let in is one. */
export async function wasLastAdministrator(database: Kysely<Tables>, id: string): Promise<boolean> {
  const { rows } = await sql<{ own: boolean; others: number }>`
    select coalesce(bool_or(p.id = ${id}), false) as own, count(*) filter (where p.active)::int as others
    from role_grant g join person p on g.holder = 'person:' || p.id::text
    where g.role = 'administrator' and g.origin = 'assigned' and g.sites is null and g.zones is null and g.ended is null`.execute(
    database,
  );
  return rows[0]!.own && rows[0]!.others === 0;
}
