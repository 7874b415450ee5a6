import type { AssuranceLevel } from '@wardline/model';
import { sql } from 'kysely';
import type { Executor } from '../../../store/database.ts';

/** What was judged of where a key lies. */
interface KeyAssurance {
  /** SHA-256 of its SubjectPublicKeyInfo, in hexadecimal. */
  keyDigest: string;
  level: AssuranceLevel;
  /** What it rests on, for a person to look at: which hardware, which checks, never a secret. */
  evidence: Record<string, unknown>;
  /** Microseconds since the epoch. */
  at: number;
}

/**
 * Keeps a verdict on a key, before or after it is enrolled. Whoever judges evidence of hardware calls this within the transaction of
 * its act; an enrolment and a renewal take the level by the key, and certificates that hold already follow.
 */
export async function recordAssurance(
  transaction: Executor,
  { keyDigest, level, evidence, at }: KeyAssurance,
): Promise<void> {
  await sql`insert into key_assurance (key_digest, level, evidence, judged)
    values (${keyDigest}, ${level}, ${JSON.stringify(evidence)}::jsonb, ${at})
    on conflict (key_digest) do update set level = excluded.level, evidence = excluded.evidence, judged = excluded.judged`.execute(
    transaction,
  );
  for (const table of ['certificate', 'enrolment'])
    await sql`update ${sql.table(table)} set assurance = ${level} where key_digest = ${keyDigest}`.execute(
      transaction,
    );
}

/** What is known of where a key lies; nothing is known of most. */
export async function assuranceOf(database: Executor, keyDigest: string): Promise<AssuranceLevel> {
  const { rows } = await sql<{ level: AssuranceLevel }>`
    select level from key_assurance where key_digest = ${keyDigest}`.execute(database);
  return rows[0]?.level ?? 'software';
}
