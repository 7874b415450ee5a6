import { combine, type Match, type MatchedAsset } from '@wardline/vulnerabilities';
import { sql } from 'kysely';
import type { Executor } from '../../store/database.ts';
import { type Answer, type Decision, standing } from './standing.ts';

export interface Pair {
  asset_id: string;
  vulnerability: string;
}

export const pairKey = (pair: Pair): string => `${pair.asset_id}\n${pair.vulnerability}`;

interface Kept {
  id: string;
  verdict: string;
  concluded: string;
  reason: string;
  advisory: string;
  others: Answer['others'];
  decision: number | null;
}

/** Works out the one answer of each pair anew, lets persons' verdicts stand or fall, and notes each answer that changed. */
export async function settle(
  transaction: Executor,
  at: number,
  assets: ReadonlyMap<string, MatchedAsset>,
  pairs: readonly Pair[],
): Promise<number> {
  if (pairs.length === 0) return 0;
  const wanted = JSON.stringify(pairs);
  const among = sql`(asset_id, vulnerability) in (select e ->> 'asset_id', e ->> 'vulnerability'
    from jsonb_array_elements(${wanted}::jsonb) as e)`;
  const matches = await sql<{ match: Match }>`select match from advisory_match where ${among}`.execute(
    transaction,
  );
  const decisions = await sql<Decision>`select id, asset_id, vulnerability, verdict, reason, ground
    from vulnerability_decision where fell_at is null and ${among}`.execute(transaction);
  const kept = await sql<Pair & Kept>`select * from vulnerability_match where ${among}`.execute(transaction);
  const combined = combine(matches.rows.map(({ match }) => match));
  const answers = await standing(transaction, at, assets, combined, decisions.rows);
  return await write(transaction, at, answers, new Map(kept.rows.map((row) => [pairKey(row), row])));
}

async function write(
  transaction: Executor,
  at: number,
  answers: readonly Answer[],
  kept: ReadonlyMap<string, Pair & Kept>,
): Promise<number> {
  const now = new Set(answers.map((one) => `${one.asset}\n${one.vulnerability}`));
  const gone = [...kept.values()].filter((row) => !now.has(pairKey(row)));
  const fresh = answers.filter((one) => differs(one, kept.get(`${one.asset}\n${one.vulnerability}`)));
  await sql`delete from vulnerability_match where id = any(${gone.map(({ id }) => id)}::text[])`.execute(
    transaction,
  );
  await sql`insert into vulnerability_match (id, asset_id, vulnerability, verdict, concluded, confidence, reason, advisory,
      issuer, others, decision, component, sbom, changed_at)
    select (e ->> 'asset') || '/' || (e ->> 'vulnerability'), e ->> 'asset', e ->> 'vulnerability', e ->> 'verdict',
      e ->> 'concluded', (e ->> 'confidence')::float8, e ->> 'reason', e ->> 'advisory', e ->> 'issuer', e -> 'others',
      (e ->> 'decision')::bigint, e ->> 'component', e ->> 'sbom', ${at}::bigint
    from jsonb_array_elements(${JSON.stringify(fresh)}::jsonb) as e
    on conflict (id) do update set verdict = excluded.verdict, concluded = excluded.concluded,
      confidence = excluded.confidence, reason = excluded.reason, advisory = excluded.advisory, issuer = excluded.issuer,
      others = excluded.others, decision = excluded.decision, component = excluded.component, sbom = excluded.sbom, changed_at = excluded.changed_at`.execute(
    transaction,
  );
  const changes = [
    ...gone.map((row) => ({ asset: row.asset_id, vulnerability: row.vulnerability, verdict: null })),
    ...fresh.map(({ asset, vulnerability, verdict }) => ({ asset, vulnerability, verdict })),
  ];
  await sql`insert into match_change (asset_id, vulnerability, verdict, at)
    select e ->> 'asset', e ->> 'vulnerability', e ->> 'verdict', ${at}::bigint
    from jsonb_array_elements(${JSON.stringify(changes)}::jsonb) as e`.execute(transaction);
  return changes.length;
}

const differs = (one: Answer, known: Kept | undefined): boolean =>
  known === undefined ||
  known.verdict !== one.verdict ||
  known.concluded !== one.concluded ||
  known.reason !== one.reason ||
  known.decision !== one.decision ||
  known.advisory !== one.advisory ||
  othersOf(known) !== othersOf(one);

const othersOf = ({ others }: Pick<Answer, 'others'>): string =>
  JSON.stringify(others.map(({ advisory, issuer, verdict }) => [advisory, issuer, verdict]));
