import { sql } from 'kysely';
import type { Executor } from '../../../store/database.ts';
import type { PairKey } from './pairs.ts';

/** What was known when something was last scored, against what is known now. */
export interface Known {
  kind: 'asset' | 'weakness';
  now: ReadonlyMap<string, string>;
}

export interface KnownChanges {
  kind: Known['kind'];
  /** Of which something else is known, or which are new. */
  changed: string[];
  gone: string[];
}

export async function changesOf(database: Executor, { kind, now }: Known): Promise<KnownChanges> {
  const { rows } = await sql<{ id: string; known: string }>`
    select id, known from risk_known where kind = ${kind}`.execute(database);
  const before = new Map(rows.map(({ id, known }) => [id, known]));
  return {
    kind,
    changed: [...now].filter(([id, known]) => before.get(id) !== known).map(([id]) => id),
    gone: [...before.keys()].filter((id) => !now.has(id)),
  };
}

export async function keepKnown(
  transaction: Executor,
  { kind, changed, gone }: KnownChanges,
  now: ReadonlyMap<string, string>,
): Promise<void> {
  await sql`delete from risk_known where kind = ${kind} and id = any(${gone}::text[])`.execute(transaction);
  await sql`insert into risk_known (kind, id, known)
    select ${kind}, * from unnest(${changed}::text[], ${changed.map((id) => now.get(id)!)}::text[])
    on conflict (kind, id) do update set known = excluded.known`.execute(transaction);
}

/** Where the last run came to. */
export interface Progress {
  matchChange: number;
  at: number;
}

export async function readProgress(database: Executor): Promise<Progress | null> {
  const { rows } = await sql<Progress>`
    select match_change as "matchChange", at from risk_progress`.execute(database);
  return rows[0] ?? null;
}

/** Every pair that something changed of since then: its asset, its weakness, its answer, its finding, or a control on its risk. */
export async function dirtyPairs(
  database: Executor,
  progress: Progress | null,
  at: number,
  changes: { assets: KnownChanges; weaknesses: KnownChanges },
): Promise<PairKey[]> {
  const assets = [...changes.assets.changed, ...changes.assets.gone];
  const { rows } = await sql<PairKey>`
    select m.asset_id as asset, 'weakness' as kind, m.vulnerability as source from vulnerability_match m
      where m.asset_id = any(${assets}::text[]) or m.vulnerability = any(${changes.weaknesses.changed}::text[])
    union select asset_id, 'weakness', vulnerability from match_change where id > ${progress?.matchChange ?? 0}
    union select s.asset_id, s.kind, s.source from risk_score s where s.asset_id = any(${assets}::text[])
    union select f.asset_id, 'finding', f.id from finding f
      where f.closed_at is null and (f.asset_id = any(${assets}::text[])
        or not exists (select 1 from risk_score s where s.asset_id = f.asset_id and s.kind = 'finding' and s.source = f.id))
    union select s.asset_id, s.kind, s.source from risk_score s where s.kind = 'finding'
      and not exists (select 1 from finding f where f.id = s.source and f.asset_id = s.asset_id and f.closed_at is null)
    union select s.asset_id, s.kind, s.source from risk_score s where s.risk in (
      select risk from risk_dirty
      union select j.risk from risk_dirty d join risk_joined j on j.into_risk = d.risk
      union select risk from risk_control where removed is null and holds_until > ${progress?.at ?? 0} and holds_until <= ${at})`.execute(
    database,
  );
  return rows;
}
