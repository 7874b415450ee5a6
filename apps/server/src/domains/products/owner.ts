import { sql } from 'kysely';
import { Refusal } from '../../http/problems.ts';
import type { Executor } from '../../store/database.ts';

/** @throws Refusal where the owner is nobody who is active here */
export async function mustBeActive(database: Executor, owner: string): Promise<void> {
  const { rows } = await sql`select 1 from person where 'person:' || id::text = ${owner} and active`.execute(
    database,
  );
  if (rows.length === 0)
    throw new Refusal('invalid-request', 'owner: it has to be a person who is active here');
}
