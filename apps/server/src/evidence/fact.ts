import type { EvidenceFact, EvidenceMember } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../context.ts';
import type { Executor } from '../store/database.ts';

/** Answers some questions of the evidence, each for everything that there is. Every domain has its own. */
export type Gatherer = (context: Context, at: number) => Promise<EvidenceFact[]>;

/** Members that are told by name; the counts are of all. */
export const MEMBERS_TOLD = 100;

/** A fact of what was looked at; counts are those of the members where none is given. */
export function factOf(
  query: string,
  about: { asOf: number | null; population: number; members?: readonly EvidenceMember[] } & Partial<
    Pick<EvidenceFact, 'failing' | 'undetermined' | 'holdsOfNone' | 'hindrance'>
  >,
): EvidenceFact {
  const { asOf, population, members = [], holdsOfNone = false, hindrance = null } = about;
  const count = (answer: EvidenceMember['answer']) => members.filter((one) => one.answer === answer).length;
  const { failing = count('fails'), undetermined = count('unknown') } = about;
  return {
    query,
    asOf,
    population: Math.max(population, failing + undetermined),
    failing,
    undetermined,
    holdsOfNone,
    hindrance,
    members: members.slice(0, MEMBERS_TOLD).map((one) => ({ ...one, name: one.name.slice(0, 300) })),
  };
}

/** The platform itself fails. */
export const platformFails = (note: string): EvidenceMember => ({
  kind: 'platform',
  id: 'wardline',
  name: 'this platform',
  answer: 'fails',
  note,
});

/** When any sensor heard anything last; null where none ever did. Times of captures count, not when they were read. */
export async function lastHeard(database: Executor): Promise<number | null> {
  const { rows } = await sql<{ at: number | null }>`select max(last_seen) as at from stream`.execute(
    database,
  );
  return rows[0]?.at ?? null;
}

export async function countAssets(database: Executor): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from asset where not gone`.execute(
    database,
  );
  return rows[0]!.n;
}
