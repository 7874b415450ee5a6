import type { EvidenceFact, EvidenceMember } from '@wardline/model';
import { sql } from 'kysely';
import { factOf, type Gatherer, platformFails } from '../../evidence/index.ts';
import type { Executor } from '../../store/database.ts';
import { FREE_ATTEMPTS, IDLE_MICROS, SESSION_MICROS } from './sign-in/limits.ts';

/** A use of emergency access is looked at by somebody else within three days. */
const REVIEW_MICROS = 3 * 86_400_000_000;
/** Names of places and tasks, which no person bears alone. */
const SHARED =
  '^(admin|administrator|root|user|users|guest|test|demo|shared|service|support|helpdesk|nurse|nurses|nursing|doctor|doctors|physician|reception|frontdesk|front desk|icu|er|or|ed|ward|wards|station|biomed|radiology|lab|laboratory|pharmacy|night shift|day shift|shift)[ ._-]*[0-9]*$';

interface Person {
  id: string;
  name: string;
}

/** Who comes in here, how, and with which rights. */
export const accessEvidence: Gatherer = async ({ database, openId }, at) => [
  await uniqueFact(database, at),
  await secondFactorFact(database, at, openId !== null),
  await logOffFact(database, at),
  factOf('access.attempts', {
    asOf: at,
    population: 1,
    members: FREE_ATTEMPTS <= 10 ? [] : [platformFails('Guessing is not slowed.')],
  }),
  await emergencyReadyFact(database, at),
  await emergencyReviewedFact(database, at),
  await leaversFact(database, at),
  await grantsFact(database, at),
  await privilegedFact(database, at),
];

const failing = (rows: readonly Person[], note: string): EvidenceMember[] =>
  rows.map(({ id, name }) => ({ kind: 'person', id: `person:${id}`, name, answer: 'fails', note }));

async function countPeople(database: Executor): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from person where active`.execute(
    database,
  );
  return rows[0]!.n;
}

async function uniqueFact(database: Executor, at: number): Promise<EvidenceFact> {
  const { rows } = await sql<Person>`select id, name from person
    where active and (lower(name) ~ ${SHARED} or lower(coalesce(login, '')) ~ ${SHARED}) order by name`.execute(
    database,
  );
  const members = failing(rows, 'Its name is that of a place or a task, not of a person.');
  return factOf('access.unique-accounts', { asOf: at, population: await countPeople(database), members });
}

async function secondFactorFact(database: Executor, at: number, byProvider: boolean): Promise<EvidenceFact> {
  const { rows } = await sql<Person & { enough: boolean }>`
    select p.id, p.name, exists (select 1 from passkey k where k.person = p.id)
      or exists (select 1 from totp t where t.person = p.id and t.confirmed) as enough
    from person p where p.active and (exists (select 1 from passkey k where k.person = p.id)
      or exists (select 1 from password w where w.person = p.id)) order by p.name`.execute(database);
  const members = failing(
    rows.filter(({ enough }) => !enough),
    'Has a password, and nothing beside it.',
  );
  return factOf('access.mfa', {
    asOf: at,
    population: rows.length,
    members,
    hindrance: byProvider
      ? 'Persons also sign in by the identity provider, which does not tell here whether it asks for a second factor.'
      : null,
  });
}

async function logOffFact(database: Executor, at: number): Promise<EvidenceFact> {
  const { rows } = await sql<Person & { long: boolean }>`
    select p.id, p.name, s.expires - s.since > ${SESSION_MICROS} as long
    from session s join person p on p.id = s.person where s.expires > ${at} and s.seen > ${at - IDLE_MICROS}`.execute(
    database,
  );
  const members = failing(
    rows.filter(({ long }) => long),
    'A session of it lives longer than a shift.',
  );
  return factOf('access.log-off', { asOf: at, population: rows.length, members, holdsOfNone: true });
}

async function emergencyReadyFact(database: Executor, at: number): Promise<EvidenceFact> {
  const { rows } = await sql<{ plans: number; sealed: number }>`
    select (count(*))::int as plans, (count(*) filter (where exists (
      select 1 from emergency_seal s where s.plan = p.id and s.ended is null)))::int as sealed
    from emergency_plan p join person on person.id = p.person where p.withdrawn is null and person.active`.execute(
    database,
  );
  const { plans, sealed } = rows[0]!;
  const members = sealed > 0 ? [] : [platformFails('No sealed credential lies ready for an emergency.')];
  return factOf('access.emergency-ready', { asOf: at, population: Math.max(1, plans), members });
}

async function emergencyReviewedFact(database: Executor, at: number): Promise<EvidenceFact> {
  const { rows } = await sql<Person & { late: boolean }>`
    select e.id, p.name, e.reviewed is null and e.started <= ${at - REVIEW_MICROS} as late
    from emergency e join person p on p.id = e.person order by e.started desc`.execute(database);
  const late = rows.filter((row) => row.late);
  const members = late.map(
    ({ id, name }): EvidenceMember => ({
      kind: 'other',
      id,
      name: `emergency access of ${name}`,
      answer: 'fails',
      note: 'Nobody else has looked at it for three days.',
    }),
  );
  return factOf('access.emergency-reviewed', {
    asOf: at,
    population: rows.length,
    members,
    holdsOfNone: true,
  });
}

async function leaversFact(database: Executor, at: number): Promise<EvidenceFact> {
  const { rows } = await sql<Person & { open: boolean }>`
    select p.id, p.name, exists (select 1 from session s where s.person = p.id and s.expires > ${at})
      or exists (select 1 from access_token t where t.owner = p.id and t.revoked is null and t.expires > ${at}) as open
    from person p where not p.active order by p.name`.execute(database);
  const members = failing(
    rows.filter(({ open }) => open),
    'Is disabled, and still has a way in.',
  );
  return factOf('access.leavers', { asOf: at, population: rows.length, members, holdsOfNone: true });
}

async function grantsFact(database: Executor, at: number): Promise<EvidenceFact> {
  const { rows } = await sql<{ id: string; name: string; own: boolean }>`
    select g.id, g.role || ' of ' || coalesce(p.name, g.holder) as name,
      g.given_by = g.holder and g.origin = 'assigned' as own
    from role_grant g left join person p on g.holder = 'person:' || p.id::text
    where g.ended is null and g.since <= ${at} and (g.until is null or g.until > ${at})`.execute(database);
  const members = rows
    .filter(({ own }) => own)
    .map(
      ({ id, name }): EvidenceMember => ({
        kind: 'other',
        id,
        name,
        answer: 'fails',
        note: 'Its holder gave it to themself.',
      }),
    );
  return factOf('access.roles-given', { asOf: at, population: rows.length, members });
}

async function privilegedFact(database: Executor, at: number): Promise<EvidenceFact> {
  const { rows } = await sql<Person & { roles: string[] }>`
    select p.id, p.name, array_agg(distinct g.role order by g.role) as roles
    from role_grant g join person p on g.holder = 'person:' || p.id::text
    where p.active and g.ended is null and g.origin = 'assigned' and (g.until is null or g.until > ${at})
    group by p.id, p.name having 'administrator' = any(array_agg(g.role)) order by p.name`.execute(database);
  const members = failing(
    rows.filter(({ roles }) => roles.length > 1),
    'Holds the administrator’s role beside another one.',
  );
  return factOf('access.privileged-apart', { asOf: at, population: rows.length, members });
}
