import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { Executor } from '../../../store/database.ts';
import { CHALLENGE_MICROS, INVITATION_MICROS, RECOVERY_CODES } from './limits.ts';

export const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const first = async <T>(database: Executor, query: RawBuilder<T>): Promise<T | null> =>
  (await query.execute(database)).rows[0] ?? null;

export interface PersonRow {
  id: string;
  name: string;
  login: string | null;
  active: boolean;
}

export const personByLogin = (database: Executor, login: string) =>
  first(
    database,
    sql<PersonRow>`select id, name, login, active from person where login = ${login.toLowerCase()}`,
  );

export const personById = (database: Executor, id: string) =>
  first(database, sql<PersonRow>`select id, name, login, active from person where id = ${id}`);

/** A value that is answered once and soon. */
export async function keepChallenge(
  database: Executor,
  { purpose, person, value }: { purpose: string; person: string | null; value: string },
  now: number,
): Promise<string> {
  const id = randomUUID();
  await sql`delete from challenge where expires < ${now}`.execute(database);
  await sql`insert into challenge (id, purpose, person, value, expires)
    values (${id}, ${purpose}, ${person}, ${value}, ${now + CHALLENGE_MICROS})`.execute(database);
  return id;
}

/** Takes a challenge away, so that it is never answered twice. */
export async function takeChallenge(
  database: Executor,
  { id, purpose, person }: { id: string; purpose: string; person: string | null },
  now: number,
): Promise<string | null> {
  const row = await first(
    database,
    sql<{ value: string }>`delete from challenge where id = ${id} and purpose = ${purpose}
      and person is not distinct from ${person}::uuid and expires > ${now} returning value`,
  );
  return row?.value ?? null;
}

export interface PasskeyRow {
  id: string;
  person: string;
  public_key: Buffer;
  counter: number;
  transports: string[];
  name: string;
  created: number;
  used: number | null;
}

export const passkeyById = (database: Executor, id: string) =>
  first(database, sql<PasskeyRow>`select * from passkey where id = ${id}`);

export async function passkeysOf(database: Executor, person: string): Promise<PasskeyRow[]> {
  return (
    await sql<PasskeyRow>`select * from passkey where person = ${person} order by created`.execute(database)
  ).rows;
}

export const passwordOf = (database: Executor, person: string) =>
  first(
    database,
    sql<{ hash: string | null; sealed: Buffer | null; changed: number }>`
      select hash, sealed, changed from password where person = ${person}`,
  );

export const totpOf = (database: Executor, person: string) =>
  first(
    database,
    sql<{ sealed: Buffer; confirmed: boolean; last_step: number }>`
      select sealed, confirmed, last_step from totp where person = ${person}`,
  );

/** Whether a person can come back without a link. */
export async function hasCredential(database: Executor, person: string): Promise<boolean> {
  const row = await first(
    database,
    sql`select 1 as n where exists (select 1 from passkey where person = ${person})
      or exists (select 1 from external_identity where person = ${person})
      or (exists (select 1 from password where person = ${person})
        and exists (select 1 from totp where person = ${person} and confirmed))`,
  );
  return row !== null;
}

/** New codes in place of all earlier ones; only their digests are kept. */
export async function makeRecoveryCodes(database: Executor, person: string): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () => {
    const text = randomBytes(10).toString('hex');
    return `${text.slice(0, 5)}-${text.slice(5, 10)}-${text.slice(10, 15)}-${text.slice(15)}`;
  });
  await sql`delete from recovery_code where person = ${person}`.execute(database);
  const rows = codes.map((code) => sql`(${person}::uuid, ${digestOf(code)})`);
  await sql`insert into recovery_code (person, digest) values ${sql.join(rows)}`.execute(database);
  return codes;
}

/** Spends a code. False where it is none, or was used. */
export async function useRecoveryCode(
  database: Executor,
  person: string,
  code: string,
  now: number,
): Promise<boolean> {
  const row = await first(
    database,
    sql`update recovery_code set used = ${now} where person = ${person} and digest = ${digestOf(code.trim().toLowerCase())}
      and used is null returning 1 as n`,
  );
  return row !== null;
}

/** Makes a one-time link for a person, and every earlier one void. */
export async function invite(
  database: Executor,
  person: string,
  now: number,
): Promise<{ token: string; expires: number }> {
  const token = randomBytes(32).toString('base64url');
  const expires = now + INVITATION_MICROS;
  await sql`update invitation set expires = ${now} where person = ${person} and used is null and expires > ${now}`.execute(
    database,
  );
  await sql`insert into invitation (id, digest, person, made, expires)
    values (${randomUUID()}, ${digestOf(token)}, ${person}, ${now}, ${expires})`.execute(database);
  return { token, expires };
}

/** Spends an invitation; the person whom it lets in, null where it is none. */
export async function useInvitation(database: Executor, token: string, now: number): Promise<string | null> {
  const row = await first(
    database,
    sql<{ person: string }>`update invitation i set used = ${now} from person p
      where i.digest = ${digestOf(token)} and i.used is null and i.expires > ${now} and p.id = i.person and p.active
      returning i.person`,
  );
  return row?.person ?? null;
}

/** Whether any administrator of everything could come back without a link. */
export async function administratorCanSignIn(database: Executor): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    select p.id from person p join role_grant g on g.holder = 'person:' || p.id::text
    where p.active and g.role = 'administrator' and g.ended is null and g.sites is null and g.zones is null
      and g.origin = 'assigned' and g.until is null`.execute(database);
  for (const { id } of rows) if (await hasCredential(database, id)) return true;
  return false;
}
