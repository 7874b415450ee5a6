import { randomUUID } from 'node:crypto';
import { type emergencyPlanSchema, formatMicros, type Role } from '@wardline/model';
import { sql, type Transaction } from 'kysely';
import type { z } from 'zod';
import { append } from '../../../ledger/append.ts';
import type { Database, Executor } from '../../../store/database.ts';
import type { Tables } from '../../../store/tables.ts';
import { makeCredential, seal } from './credential.ts';

export interface Plan {
  id: string;
  /** The person's identifier, without `person:`. */
  person: string;
  role: Role;
  sites: number[] | null;
  zones: string[] | null;
  minutes: number;
}

export type Refused = { refused: string };

/** What people may take in an emergency; `person`: of one only. */
export async function listPlans(
  database: Executor,
  person: string | null,
): Promise<z.infer<typeof emergencyPlanSchema>[]> {
  const { rows } = await sql<
    Plan & { name: string; prepared: number; preparedBy: string; sealed: number | null }
  >`
    select l.id, l.person, p.name, l.role, l.sites, l.zones, l.minutes, l.prepared, l.prepared_by as "preparedBy",
      s.made as sealed
    from emergency_plan l join person p on p.id = l.person
    left join emergency_seal s on s.plan = l.id and s.ended is null
    where l.withdrawn is null and p.active and (${person}::uuid is null or l.person = ${person}::uuid)
    order by p.name, l.prepared`.execute(database);
  return rows.map((row) => ({
    ...row,
    person: `person:${row.person}`,
    prepared: formatMicros(row.prepared),
    sealed: row.sealed === null ? null : formatMicros(row.sealed),
  }));
}

export interface Preparation {
  /** `person:…` */
  person: string;
  role: Role;
  sites: readonly number[] | null;
  zones: readonly string[] | null;
  minutes: number;
  reason: string;
}

/** Names what a person may take in an emergency. Nobody prepares it for themselves. */
export async function preparePlan(
  database: Database,
  actor: string,
  wanted: Preparation,
  now: number,
): Promise<{ id: string } | Refused> {
  if (wanted.person === actor)
    return { refused: 'Nobody prepares emergency access for themselves; somebody else has to' };
  return database.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ id: string }>`
      select id from person where 'person:' || id::text = ${wanted.person} and active`.execute(transaction);
    const [person] = rows;
    if (person === undefined) return { refused: `There is no active person ${wanted.person}` };
    const id = randomUUID();
    const { role, minutes, reason } = wanted;
    const [sites, zones] = [wanted.sites && [...wanted.sites], wanted.zones && [...wanted.zones]];
    await sql`insert into emergency_plan (id, person, role, sites, zones, minutes, prepared, prepared_by)
      values (${id}, ${person.id}, ${role}, ${sites}, ${zones}, ${minutes}, ${now}, ${actor})`.execute(
      transaction,
    );
    const changes = { plan: id, role, sites, zones, minutes };
    const what = { action: 'emergency.prepare', subject: wanted.person, changes, reason };
    await append(transaction, { at: now, actor, ...what });
    return { id };
  });
}

/** Takes the preparation back; its sealed credential opens nothing any more. What runs goes on until it is ended. */
export async function withdrawPlan(
  database: Database,
  actor: string,
  { id, reason }: { id: string; reason: string },
  now: number,
): Promise<{ id: string } | null> {
  return database.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ person: string; role: Role }>`
      update emergency_plan set withdrawn = ${now} where id = ${id} and withdrawn is null
      returning person, role`.execute(transaction);
    const [gone] = rows;
    if (gone === undefined) return null;
    await endSeal(transaction, id, now);
    const what = { subject: `person:${gone.person}`, changes: { plan: id, role: gone.role }, reason };
    await append(transaction, { at: now, actor, action: 'emergency.withdraw', ...what });
    return { id };
  });
}

/** Makes the sealed credential of a plan; an earlier one opens nothing any more. It is told here and never again. */
export async function sealPlan(
  database: Database,
  actor: string,
  { id, reason }: { id: string; reason: string },
  now: number,
): Promise<{ id: string; credential: string } | null> {
  const { handle, secret, text } = makeCredential();
  const { salt, digest } = await seal(secret);
  return database.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ person: string }>`
      select person from emergency_plan where id = ${id} and withdrawn is null for update`.execute(
      transaction,
    );
    const [plan] = rows;
    if (plan === undefined) return null;
    await endSeal(transaction, id, now);
    await sql`insert into emergency_seal (id, plan, handle, salt, digest, made, made_by)
      values (${randomUUID()}, ${id}, ${handle}, ${salt}, ${digest}, ${now}, ${actor})`.execute(transaction);
    const what = { subject: `person:${plan.person}`, changes: { plan: id }, reason };
    await append(transaction, { at: now, actor, action: 'emergency.seal', ...what });
    return { id, credential: text };
  });
}

async function endSeal(transaction: Transaction<Tables>, plan: string, now: number): Promise<void> {
  await sql`update emergency_seal set ended = ${now} where plan = ${plan} and ended is null`.execute(
    transaction,
  );
}
