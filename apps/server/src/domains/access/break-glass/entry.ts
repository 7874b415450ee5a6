import { randomUUID } from 'node:crypto';
import { type EmergencyCode, emergencyCodes } from '@wardline/model';
import { sql, type Transaction } from 'kysely';
import { append } from '../../../ledger/append.ts';
import type { Database } from '../../../store/database.ts';
import type { Tables } from '../../../store/tables.ts';
import { insertGrant } from '../grants.ts';
import { type Credential, opens, type Sealed } from './credential.ts';
import type { Plan, Refused } from './plans.ts';

const MINUTE_MICROS = 60_000_000;

export interface Why {
  code: EmergencyCode;
  reason: string;
}

/** Emergency access that has begun. */
export interface Entered {
  id: string;
  person: string;
  name: string;
  role: string;
  sites: number[] | null;
  zones: string[] | null;
  code: EmergencyCode;
  started: number;
  until: number;
}

/** Takes the prepared role at once, by a session with a fresh proof. Null where no such plan is for this person. */
export async function enterBySession(
  database: Database,
  person: string,
  { plan: id, ...why }: Why & { plan: string },
  now: number,
): Promise<Entered | Refused | null> {
  return database.transaction().execute(async (transaction) => {
    const plan = await planOf(transaction, id);
    if (plan === undefined || plan.person !== person) return null;
    return enter(transaction, plan, { ...why, by: 'session' }, now);
  });
}

interface NamedPlan extends Plan {
  name: string;
}

async function planOf(transaction: Transaction<Tables>, id: string): Promise<NamedPlan | undefined> {
  const { rows } = await sql<NamedPlan>`
    select l.id, l.person, l.role, l.sites, l.zones, l.minutes, p.name
    from emergency_plan l join person p on p.id = l.person
    where l.id = ${id} and l.withdrawn is null and p.active for update of l`.execute(transaction);
  return rows[0];
}

/** Whose sealed credential this is; null where it opens nothing. Costs the same either way. */
export async function findSeal(
  database: Database,
  { handle, secret }: Credential,
): Promise<{ seal: string; plan: string } | null> {
  const { rows } = await sql<Sealed & { id: string; plan: string }>`
    select id, plan, salt, digest from emergency_seal where handle = ${handle} and ended is null`.execute(
    database,
  );
  const [found] = rows;
  return (await opens(secret, found)) && found !== undefined ? { seal: found.id, plan: found.plan } : null;
}

/** Spends a sealed credential and takes its role, within the transaction that opens a session. Null where it was spent meanwhile. */
export async function enterBySeal(
  transaction: Transaction<Tables>,
  { seal, plan: id }: { seal: string; plan: string },
  why: Why,
  now: number,
): Promise<Entered | Refused | null> {
  const { rows } = await sql`
    update emergency_seal set ended = ${now} where id = ${seal} and ended is null returning id`.execute(
    transaction,
  );
  if (rows.length === 0) return null;
  const plan = await planOf(transaction, id);
  if (plan === undefined) return null;
  return enter(transaction, plan, { ...why, by: 'sealed credential' }, now);
}

type Way = Why & { by: 'session' | 'sealed credential' };

async function enter(
  transaction: Transaction<Tables>,
  plan: NamedPlan,
  { code, reason, by }: Way,
  now: number,
): Promise<Entered | Refused> {
  const { person, name, role, sites, zones } = plan;
  if (by === 'session' && (await runs(transaction, plan.id, now)))
    return { refused: 'This emergency access runs already' };
  const until = now + plan.minutes * MINUTE_MICROS;
  const [id, holder] = [randomUUID(), `person:${person}`];
  const held = {
    holder,
    role,
    sites,
    zones,
    since: now,
    until,
    origin: 'break-glass',
    givenBy: holder,
  } as const;
  const grant = await insertGrant(transaction, held);
  const { purpose } = emergencyCodes[code];
  const changes = { emergency: id, plan: plan.id, grant, role, sites, zones, until, code, purpose, by };
  // DICOM CID 403: 110127 Emergency Override Started.
  const action = by === 'session' ? 'emergency.start' : 'emergency.open';
  const act = await append(transaction, { at: now, actor: holder, action, subject: holder, changes, reason });
  await sql`insert into emergency (id, plan, person, role_grant, code, entered_by, started, started_act)
    values (${id}, ${plan.id}, ${person}, ${grant}, ${code}, ${by}, ${now}, ${act})`.execute(transaction);
  return { id, person: holder, name, role, sites, zones, code, started: now, until };
}

async function runs(transaction: Transaction<Tables>, plan: string, now: number): Promise<boolean> {
  const { rows } = await sql`
    select 1 from emergency e join role_grant g on g.id = e.role_grant
    where e.plan = ${plan} and g.ended is null and g.until > ${now}`.execute(transaction);
  return rows.length > 0;
}

/** Ends it before its time: one's own (`person`), or anybody's. Null where no such one runs. */
export async function endEmergency(
  database: Database,
  actor: string,
  { id, reason, action }: { id: string; reason: string; action: 'emergency.end' | 'emergency.stop' },
  now: number,
): Promise<{ id: string } | null> {
  const isOwn = action === 'emergency.end' ? sql`g.holder = ${actor}` : sql`true`;
  return database.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ holder: string; role: string; code: EmergencyCode }>`
      update role_grant g set ended = ${now}, ended_by = ${actor} from emergency e
      where e.id = ${id} and e.role_grant = g.id and g.ended is null and g.until > ${now} and ${isOwn}
      returning g.holder, g.role, e.code`.execute(transaction);
    const [ended] = rows;
    if (ended === undefined) return null;
    const { purpose } = emergencyCodes[ended.code];
    const what = { subject: ended.holder, changes: { emergency: id, role: ended.role, purpose }, reason };
    await append(transaction, { at: now, actor, action, ...what });
    return { id };
  });
}
