import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { placeIn } from '../../../keys/index.ts';
import type { Executor } from '../../../store/database.ts';
import { verifyPassword } from './password.ts';
import { type PersonRow, passwordOf, personByLogin, totpOf, useRecoveryCode } from './store.ts';
import { stepOfCode } from './totp.ts';

export const totpPlace = (person: string): string => placeIn({ table: 'totp' }, person);
export const passwordPlace = (person: string): string => placeIn({ table: 'password' }, person);

/** A code of the authenticator, or one of the codes for the day on which it is lost. */
async function secondFactor(
  { database, keys }: Pick<Context, 'keys'> & { database: Executor },
  person: string,
  code: string,
  now: number,
): Promise<boolean> {
  const totp = await totpOf(database, person);
  if (totp === null || !totp.confirmed) return false;
  if (code.includes('-')) return useRecoveryCode(database, person, code, now);
  const secret = await keys.open(totp.sealed, totpPlace(person));
  const step = secret === null ? null : stepOfCode(secret, code.trim(), now, totp.last_step);
  if (step === null) return false;
  const { rows } =
    await sql`update totp set last_step = ${step} where person = ${person} and last_step < ${step} returning 1`.execute(
      database,
    );
  return rows.length > 0;
}

/** The digest of a person's password; null where there is none, or the key is lost by which it was sealed. */
async function hashOf({ database, keys }: Context, person: string): Promise<string | null> {
  const stored = await passwordOf(database, person);
  // One that was kept before digests were sealed is in clear until the background comes to it.
  if (stored === null || stored.sealed === null) return stored?.hash ?? null;
  return (await keys.open(stored.sealed, passwordPlace(person)))?.toString() ?? null;
}

/**
 * The person whom name, password and code prove; null where they do not. What was wrong is not told, and an account that does
 * not exist takes as long as one that does.
 */
export async function proveByPassword(
  context: Context,
  { login, password, code }: { login: string; password: string; code: string },
  now: number,
): Promise<PersonRow | null> {
  const person = await personByLogin(context.database, login);
  const isRight = await verifyPassword(password, person === null ? null : await hashOf(context, person.id));
  if (!isRight || person === null || !person.active) return null;
  return (await secondFactor(context, person.id, code, now)) ? person : null;
}
