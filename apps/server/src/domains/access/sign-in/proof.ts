import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import type { Executor } from '../../../store/database.ts';
import { verifyPassword } from './password.ts';
import { type PersonRow, passwordOf, personByLogin, totpOf, useRecoveryCode } from './store.ts';
import { stepOfCode } from './totp.ts';

export const totpPlace = (person: string): string => `totp/${person}`;

/** A code of the authenticator, or one of the codes for the day on which it is lost. */
async function secondFactor(
  { database, sealer }: Pick<Context, 'sealer'> & { database: Executor },
  person: string,
  code: string,
  now: number,
): Promise<boolean> {
  const totp = await totpOf(database, person);
  if (totp === null || !totp.confirmed) return false;
  if (code.includes('-')) return useRecoveryCode(database, person, code, now);
  const secret = sealer.open(totp.sealed, totpPlace(person));
  const step = secret === null ? null : stepOfCode(secret, code.trim(), now, totp.last_step);
  if (step === null) return false;
  const { rows } =
    await sql`update totp set last_step = ${step} where person = ${person} and last_step < ${step} returning 1`.execute(
      database,
    );
  return rows.length > 0;
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
  const stored = person === null ? null : await passwordOf(context.database, person.id);
  const isRight = await verifyPassword(password, stored?.hash ?? null);
  if (!isRight || person === null || !person.active) return null;
  return (await secondFactor(context, person.id, code, now)) ? person : null;
}
