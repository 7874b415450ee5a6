import { randomUUID } from 'node:crypto';
import { formatMicros, type Role } from '@wardline/model';
import { sql, type Transaction } from 'kysely';
import { append } from '../../ledger/append.ts';
import type { Database, Executor } from '../../store/database.ts';
import type { Tables } from '../../store/tables.ts';

/** A role that is or was held, with who gave it and why it ended. */
export interface StoredGrant {
  id: string;
  holder: string;
  name: string;
  role: Role;
  sites: number[] | null;
  zones: string[] | null;
  since: string;
  until: string | null;
  origin: 'assigned' | 'elevation' | 'break-glass';
  givenBy: string;
  ended: string | null;
}

interface Row extends Omit<StoredGrant, 'since' | 'until' | 'ended'> {
  since: number;
  until: number | null;
  ended: number | null;
}

/** Running grants first, then those that ended, newest first. */
export async function listGrants(database: Executor, now: number): Promise<StoredGrant[]> {
  const { rows } = await sql<Row>`
    select g.id, g.holder, coalesce(p.name, g.holder) as name, g.role, g.sites, g.zones, g.since, g.until, g.origin,
      g.given_by as "givenBy", coalesce(g.ended, case when g.until <= ${now} then g.until end) as ended
    from role_grant g left join person p on g.holder = 'person:' || p.id::text
    order by ended nulls first, g.since desc limit 2000`.execute(database);
  const instant = (time: number | null) => (time === null ? null : formatMicros(time));
  return rows.map((row) => ({
    ...row,
    since: formatMicros(row.since),
    until: instant(row.until),
    ended: instant(row.ended),
  }));
}

export interface Assignment {
  holder: string;
  role: Role;
  sites: readonly number[] | null;
  zones: readonly string[] | null;
  /** Microseconds since the epoch. */
  until: number | null;
  reason: string;
}

export type Refused = { refused: string };

/** Gives a role. Nobody gives one to themselves: another person has to. */
export async function assignGrant(
  database: Database,
  actor: string,
  wanted: Assignment,
  now: number,
): Promise<{ id: string } | Refused> {
  if (wanted.holder === actor)
    return { refused: 'Nobody gives a role to themselves; let somebody else do it' };
  if (wanted.until !== null && wanted.until <= now) return { refused: 'until: lies in the past' };
  return database.transaction().execute(async (transaction) => {
    const { rows } =
      await sql`select 1 from person where 'person:' || id::text = ${wanted.holder} and active`.execute(
        transaction,
      );
    if (rows.length === 0) return { refused: `There is no active person ${wanted.holder}` };
    const { holder, role, until, reason } = wanted;
    const [sites, zones] = [wanted.sites && [...wanted.sites], wanted.zones && [...wanted.zones]];
    const grant = {
      holder,
      role,
      sites,
      zones,
      since: now,
      until,
      origin: 'assigned',
      givenBy: actor,
    } as const;
    const id = await insertGrant(transaction, grant);
    const changes = { grant: id, role, sites, zones, until };
    await append(transaction, { at: now, actor, action: 'grant.assign', subject: holder, changes, reason });
    return { id };
  });
}

/** Writes a role that holds, within the transaction of the act that gives it. */
export async function insertGrant(
  transaction: Transaction<Tables>,
  {
    givenBy,
    ...grant
  }: Pick<Tables['role_grant'], 'holder' | 'role' | 'sites' | 'zones' | 'since' | 'until' | 'origin'> & {
    givenBy: string;
  },
): Promise<string> {
  const id = randomUUID();
  const open = { given_by: givenBy, reason: null, ended: null, ended_by: null };
  await transaction
    .insertInto('role_grant')
    .values({ id, ...grant, ...open })
    .execute();
  return id;
}

/**
 * Takes a role back at once. The last administrator of everything stays; emergency access is ended as such. Null where there is
 * no such running grant.
 */
export async function withdrawGrant(
  database: Database,
  actor: string,
  { id, reason }: { id: string; reason: string },
  now: number,
): Promise<{ id: string } | Refused | null> {
  return database.transaction().execute(async (transaction) => {
    // One after the other, so that two who withdraw each other's role do not both succeed.
    await sql`lock table role_grant in share row exclusive mode`.execute(transaction);
    const running = sql`ended is null and (until is null or until > ${now})`;
    const { rows } = await sql<{ holder: string; role: Role }>`
      update role_grant set ended = ${now}, ended_by = ${actor} where id = ${id} and origin <> 'break-glass' and ${running}
      returning holder, role`.execute(transaction);
    const ended = rows[0];
    if (ended === undefined) return null;
    const { rows: left } = await sql`
      select 1 from role_grant g join person p on g.holder = 'person:' || p.id::text and p.active
      where g.role = 'administrator' and g.sites is null and g.zones is null and g.origin = 'assigned' and ${running}
      limit 1`.execute(transaction);
    if (ended.role === 'administrator' && left.length === 0) throw new LastAdministrator();
    const changes = { grant: id, role: ended.role };
    await append(transaction, {
      at: now,
      actor,
      action: 'grant.withdraw',
      subject: ended.holder,
      changes,
      reason,
    });
    return { id };
  });
}

/** Undoes the transaction: somebody has to be able to let others in. */
export class LastAdministrator extends Error {
  override readonly name = 'LastAdministrator';
}
