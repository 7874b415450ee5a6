import type { EvidenceFact, EvidenceMember } from '@wardline/model';
import { type RawBuilder, sql } from 'kysely';
import { countAssets, factOf, type Gatherer, MEMBERS_TOLD } from '../../evidence/index.ts';
import type { Executor } from '../../store/database.ts';

/** CVSS: high and critical. */
const GRAVE = 7;
const PATCH_MICROS = 30 * 86_400_000_000;

/** What is known of weaknesses, how fresh that is, and which devices have them. */
export const vulnerabilitiesEvidence: Gatherer = async ({ database }, at) => {
  const fed = await fedFact(database);
  const [asOf, population] = [fed.asOf, await countAssets(database)];
  const affected = (query: string, which: RawBuilder<unknown>) =>
    affectedFact(database, query, { asOf, population, which });
  return [
    fed,
    await answeredFact(database, asOf),
    await affected('vulnerabilities.exploited', sql`v.exploited_since is not null`),
    await affected(
      'vulnerabilities.patched',
      sql`v.score >= ${GRAVE} and m.changed_at <= ${at - PATCH_MICROS}`,
    ),
    await sbomFact(database, at),
  ];
};

async function fedFact(database: Executor): Promise<EvidenceFact> {
  const { rows } = await sql<{ at: number | null; advisories: number }>`
    select greatest((select max(finished_at) from feed where problem is null), (select max(imported_at) from advisory)) as at,
      (select count(*) from advisory)::int as advisories`.execute(database);
  const broken = await sql<{ id: string; name: string; problem: string }>`
    select id, name, problem from feed where problem is not null order by name`.execute(database);
  const members = broken.rows.map(
    ({ id, name, problem }): EvidenceMember => ({
      kind: 'other',
      id,
      name,
      answer: 'fails',
      note: problem.slice(0, 2000),
    }),
  );
  const { at, advisories } = rows[0]!;
  return factOf('vulnerabilities.fed', { asOf: at, population: advisories, members });
}

async function answeredFact(database: Executor, asOf: number | null): Promise<EvidenceFact> {
  const { rows } = await sql<{ total: number; open: number }>`
    select count(*)::int as total, (count(*) filter (where verdict = 'unknown'))::int as open from vulnerability_match`.execute(
    database,
  );
  const asked = await sql<{ id: string; name: string; n: number }>`
    select a.id, a.name, count(*)::int as n from vulnerability_match m join asset a on a.id = m.asset_id
    where m.verdict = 'unknown' group by a.id, a.name order by n desc, a.name limit ${MEMBERS_TOLD}`.execute(
    database,
  );
  const members = asked.rows.map(
    ({ id, name, n }): EvidenceMember => ({
      kind: 'asset',
      id,
      name,
      answer: 'unknown',
      note: `Of ${n} weaknesses it is not known whether they apply.`,
    }),
  );
  const { total, open } = rows[0]!;
  return factOf('vulnerabilities.answered', {
    asOf,
    population: total,
    members,
    undetermined: open,
    holdsOfNone: true,
  });
}

async function affectedFact(
  database: Executor,
  query: string,
  { asOf, population, which }: { asOf: number | null; population: number; which: RawBuilder<unknown> },
): Promise<EvidenceFact> {
  const { rows } = await sql<{ id: string; name: string; weaknesses: string[]; total: number }>`
    select a.id, a.name, (array_agg(v.id order by v.score desc, v.id))[1:3] as weaknesses, (count(*) over ())::int as total
    from vulnerability_match m join vulnerability v on v.id = m.vulnerability join asset a on a.id = m.asset_id
    where m.verdict = 'affected' and not a.gone and ${which}
    group by a.id, a.name, a.criticality_rank order by a.criticality_rank, a.name limit ${MEMBERS_TOLD}`.execute(
    database,
  );
  const members = rows.map(
    ({ id, name, weaknesses }): EvidenceMember => ({
      kind: 'asset',
      id,
      name,
      answer: 'fails',
      note: `Affected by ${weaknesses.join(', ')}.`,
    }),
  );
  return factOf(query, { asOf, population, members, failing: rows[0]?.total ?? 0 });
}

async function sbomFact(database: Executor, at: number): Promise<EvidenceFact> {
  const { rows } = await sql<{ id: string; name: string; total: number }>`
    select a.id, a.name, (count(*) over ())::int as total
    from asset a where not a.gone and a.model <> ''
      and not exists (select 1 from asset_sbom s where s.asset_id = a.id and s.sbom is not null)
    order by a.criticality_rank, a.name limit ${MEMBERS_TOLD}`.execute(database);
  const { rows: all } = await sql<{ n: number }>`
    select count(*)::int as n from asset where not gone and model <> ''`.execute(database);
  const members = rows.map(
    ({ id, name }): EvidenceMember => ({
      kind: 'asset',
      id,
      name,
      answer: 'fails',
      note: 'No bill of materials is held.',
    }),
  );
  return factOf('sboms.held', { asOf: at, population: all[0]!.n, members, failing: rows[0]?.total ?? 0 });
}
