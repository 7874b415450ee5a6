import type { Advisory, Vulnerability } from '@wardline/formats';
import { advisoryKeys } from '@wardline/vulnerabilities';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import type { Executor } from '../../store/database.ts';

/** Stores documents and what they tell of weaknesses; each will be matched anew. */
export async function keepAdvisories(
  transaction: Executor,
  context: Context,
  advisories: readonly Advisory[],
  name: string,
): Promise<void> {
  const { vendors } = context.knowledge;
  const rows = advisories.map((advisory) => ({
    ...advisory,
    statements: advisory.statements.length,
    document: advisory,
    keys: [...advisoryKeys(vendors, advisory)],
  }));
  await sql`insert into advisory (id, format, title, issuer, revision, published, updated, document, keys, statements, imported_at, first_imported_at)
    select e ->> 'id', e ->> 'format', e ->> 'title', e ->> 'issuer', e ->> 'revision', (e ->> 'published')::bigint,
      (e ->> 'updated')::bigint, e -> 'document', array(select jsonb_array_elements_text(e -> 'keys')),
      (e ->> 'statements')::int, ${context.now()}::bigint, ${context.now()}::bigint
    from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) as e
    on conflict (id) do update set format = excluded.format, title = excluded.title, issuer = excluded.issuer,
      revision = excluded.revision, published = excluded.published, updated = excluded.updated, document = excluded.document,
      keys = excluded.keys, statements = excluded.statements, imported_at = excluded.imported_at, matched_at = null`.execute(
    transaction,
  );
  await sql`delete from advisory_quarantine where name = ${name}`.execute(transaction);
  await keepVulnerabilities(transaction, advisories);
}

interface Told extends Vulnerability {
  advisory: string;
  score: number;
}

/** One statement can touch a row once: what several documents tell of one weakness goes in one after the other. */
async function keepVulnerabilities(transaction: Executor, advisories: readonly Advisory[]): Promise<void> {
  let left: Told[] = advisories.flatMap(({ id: advisory, vulnerabilities }) =>
    vulnerabilities.map((told) => ({
      ...told,
      advisory,
      score: Math.max(-1, ...told.scores.map(({ base }) => base)),
    })),
  );
  while (left.length > 0) {
    const round = new Map<string, Told>();
    const later: Told[] = [];
    for (const told of left)
      if (round.has(told.id)) later.push(told);
      else round.set(told.id, told);
    await keepRound(transaction, [...round.values()]);
    left = later;
  }
}

/** What several documents tell of one weakness adds up; a title or summary once known stays. */
async function keepRound(transaction: Executor, told: readonly Told[]): Promise<void> {
  await sql`insert into vulnerability as v
      (id, title, summary, score, scores, weaknesses, ssvc, ssvc_at, exploited_since, advisories)
    select e ->> 'id', coalesce(e ->> 'title', ''), coalesce(e ->> 'summary', ''), (e ->> 'score')::float8, e -> 'scores',
      array(select jsonb_array_elements_text(e -> 'weaknesses')), e -> 'ssvc', e ->> 'ssvcAt', e ->> 'exploitedSince',
      array[e ->> 'advisory']
    from jsonb_array_elements(${JSON.stringify(told)}::jsonb) as e
    on conflict (id) do update set
      title = case when v.title = '' then excluded.title else v.title end,
      summary = case when v.summary = '' then excluded.summary else v.summary end,
      score = greatest(v.score, excluded.score),
      scores = case when excluded.score > v.score then excluded.scores else v.scores end,
      weaknesses = (select coalesce(array_agg(distinct w), '{}') from unnest(v.weaknesses || excluded.weaknesses) as w),
      ssvc = v.ssvc || excluded.ssvc, ssvc_at = coalesce(excluded.ssvc_at, v.ssvc_at),
      exploited_since = coalesce(v.exploited_since, excluded.exploited_since),
      advisories = (select array_agg(distinct a) from unnest(v.advisories || excluded.advisories) as a)`.execute(
    transaction,
  );
}
