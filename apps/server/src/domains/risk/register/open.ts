import type { RiskRow } from '@wardline/model';
import { sql } from 'kysely';
import type { Executor } from '../../../store/database.ts';
import { riskColumns, riskFrom, type Stored, toldRow } from './plan.ts';

const isOpen = sql`r.closed is null and not exists (select 1 from risk_joined j where j.risk = r.id)`;

/** Risks that are open, the gravest first; of one asset where it is named. */
export async function openRisks(
  database: Executor,
  now: number,
  { limit, asset }: { limit: number; asset?: string },
): Promise<RiskRow[]> {
  const on =
    asset === undefined
      ? sql`true`
      : sql`exists (select 1 from risk_score s where s.risk = r.id and s.asset_id = ${asset})`;
  const { rows } = await sql<Stored>`select ${riskColumns(now)} from ${riskFrom} where ${isOpen} and ${on}
    order by r.priority desc, r.id limit ${limit}`.execute(database);
  return rows.map(toldRow);
}

/** What open risks come of, most risks first. */
export async function risksBySource(
  database: Executor,
  limit: number,
): Promise<{ title: string; kind: RiskRow['kind']; risks: number; assets: number }[]> {
  const { rows } = await sql<{ title: string; kind: RiskRow['kind']; risks: number; assets: number }>`
    select case when r.kind = 'weakness' then r.source || ' ' || min(r.title) else min(r.title) end as title, r.kind,
      count(*)::int as risks, sum(r.assets)::int as assets
    from risk r where ${isOpen} group by r.kind, r.source order by max(r.priority) desc, 3 desc limit ${limit}`.execute(
    database,
  );
  return rows;
}
