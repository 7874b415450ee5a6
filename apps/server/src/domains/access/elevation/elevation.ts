import { randomUUID } from 'node:crypto';
import type { Role } from '@wardline/model';
import { sql, type Transaction } from 'kysely';
import { append } from '../../../ledger/append.ts';
import type { Database } from '../../../store/database.ts';
import type { Tables } from '../../../store/tables.ts';
import { insertGrant } from '../grants.ts';

/** How long a request waits for somebody to decide: over a night and a shift. */
const LAPSE_MICROS = 24 * 3600 * 1_000_000;
const MINUTE_MICROS = 60_000_000;

export interface Wish {
  /** `person:…`, for whom. */
  holder: string;
  role: Role;
  sites: readonly number[] | null;
  zones: readonly string[] | null;
  minutes: number;
  reason: string;
}

export type Refused = { refused: string };
type Done = { id: string };

/** Asks for a role for a time; it holds once somebody else has approved it. */
export async function requestElevation(
  database: Database,
  actor: string,
  wish: Wish,
  now: number,
): Promise<Done | Refused> {
  return database.transaction().execute(async (transaction) => {
    if (!(await isActive(transaction, wish.holder)))
      return { refused: 'A role for a time is for a person who is active here' };
    const id = randomUUID();
    const { role, minutes } = wish;
    const [sites, zones] = [wish.sites && [...wish.sites], wish.zones && [...wish.zones]];
    const changes = { elevation: id, role, sites, zones, minutes };
    const what = { action: 'elevation.request', subject: wish.holder, changes, reason: wish.reason };
    const act = await append(transaction, { at: now, actor, ...what });
    await sql`insert into elevation (id, holder, asked_by, role, sites, zones, minutes, asked, lapses, asked_act)
      values (${id}, ${wish.holder}, ${actor}, ${role}, ${sites}, ${zones}, ${minutes}, ${now}, ${now + LAPSE_MICROS}, ${act})`.execute(
      transaction,
    );
    return { id };
  });
}

async function isActive(transaction: Transaction<Tables>, holder: string): Promise<boolean> {
  const { rows } = await sql`select 1 from person where 'person:' || id::text = ${holder} and active`.execute(
    transaction,
  );
  return rows.length > 0;
}

interface Waiting {
  holder: string;
  asked_by: string;
  role: Role;
  sites: number[] | null;
  zones: string[] | null;
  minutes: number;
}

/** The request while it waits, held against a second decision at the same time. */
async function takeWaiting(
  transaction: Transaction<Tables>,
  id: string,
  now: number,
): Promise<Waiting | undefined> {
  const { rows } = await sql<Waiting>`
    select holder, asked_by, role, sites, zones, minutes from elevation
    where id = ${id} and decided is null and lapses > ${now} for update`.execute(transaction);
  return rows[0];
}

export interface Verdict {
  id: string;
  reason: string;
}

/** Approves: the role holds from now until its minutes are over. Null where no such request waits. */
export async function approveElevation(
  database: Database,
  actor: string,
  { id, reason }: Verdict,
  now: number,
): Promise<(Done & { until: number }) | Refused | null> {
  return database.transaction().execute(async (transaction) => {
    const asked = await takeWaiting(transaction, id, now);
    if (asked === undefined) return null;
    const refused = whyNotBy(actor, asked);
    if (refused !== null) return { refused };
    if (!(await isActive(transaction, asked.holder)))
      return { refused: 'Whoever it is for is not active any more' };
    const until = now + asked.minutes * MINUTE_MICROS;
    const { holder, role, sites, zones } = asked;
    const grant = {
      holder,
      role,
      sites,
      zones,
      since: now,
      until,
      origin: 'elevation',
      givenBy: actor,
    } as const;
    const grantId = await insertGrant(transaction, grant);
    const changes = { elevation: id, grant: grantId, role, sites, zones, until };
    const what = { action: 'elevation.approve', subject: holder, changes, reason };
    const act = await append(transaction, { at: now, actor, ...what });
    await decide(transaction, { id, actor, decision: 'approved', act, grant: grantId }, now);
    return { id, until };
  });
}

/** Separation of duties: who asks, or whom it is for, does not decide. */
function whyNotBy(actor: string, { holder, asked_by }: Pick<Waiting, 'holder' | 'asked_by'>): string | null {
  if (actor !== holder && actor !== asked_by) return null;
  return 'Nobody decides on what they asked for or on what is for themselves; somebody else has to';
}

/** Says no. Null where no such request waits. */
export async function refuseElevation(
  database: Database,
  actor: string,
  { id, reason }: Verdict,
  now: number,
): Promise<Done | Refused | null> {
  return database.transaction().execute(async (transaction) => {
    const asked = await takeWaiting(transaction, id, now);
    if (asked === undefined) return null;
    const refused = whyNotBy(actor, asked);
    if (refused !== null) return { refused };
    const what = { subject: asked.holder, changes: { elevation: id, role: asked.role }, reason };
    const act = await append(transaction, { at: now, actor, action: 'elevation.refuse', ...what });
    await decide(transaction, { id, actor, decision: 'refused', act, grant: null }, now);
    return { id };
  });
}

interface Decided {
  id: string;
  actor: string;
  decision: 'approved' | 'refused' | 'withdrawn';
  act: number;
  grant: string | null;
}

async function decide(
  transaction: Transaction<Tables>,
  { id, actor, decision, act, grant }: Decided,
  now: number,
): Promise<void> {
  await sql`update elevation set decided = ${now}, decided_by = ${actor}, decision = ${decision},
    decided_act = ${act}, role_grant = ${grant} where id = ${id}`.execute(transaction);
}

/**
 * Gives back before its time what one asked for or holds: a waiting request is withdrawn, a running role ends at once.
 * Null where neither is there for this actor.
 */
export async function endElevation(
  database: Database,
  actor: string,
  { id, reason }: Verdict,
  now: number,
): Promise<Done | null> {
  return database.transaction().execute(async (transaction) => {
    const { rows } = await sql<{
      holder: string;
      role: Role;
      decided: number | null;
      role_grant: string | null;
    }>`
      select holder, role, decided, role_grant from elevation
      where id = ${id} and (holder = ${actor} or asked_by = ${actor}) for update`.execute(transaction);
    const [mine] = rows;
    if (mine === undefined) return null;
    const what = { subject: mine.holder, changes: { elevation: id, role: mine.role }, reason };
    if (mine.decided !== null && !(await endGrant(transaction, mine.role_grant, actor, now))) return null;
    const act = await append(transaction, { at: now, actor, action: 'elevation.end', ...what });
    if (mine.decided === null)
      await decide(transaction, { id, actor, decision: 'withdrawn', act, grant: null }, now);
    return { id };
  });
}

/** False where it had ended already. */
async function endGrant(
  transaction: Transaction<Tables>,
  grant: string | null,
  actor: string,
  now: number,
): Promise<boolean> {
  const { rows } = await sql`
    update role_grant set ended = ${now}, ended_by = ${actor}
    where id = ${grant} and ended is null and until > ${now} returning id`.execute(transaction);
  return rows.length > 0;
}
