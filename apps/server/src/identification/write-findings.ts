import { type Finding, severities } from '@wardline/model';
import { sql } from 'kysely';
import type { Executor } from '../store/database.ts';

/**
 * Stores the open findings of the judged assets. One that is no longer found is closed and kept; one that comes back is
 * opened again.
 */
export async function writeFindings(transaction: Executor, judgement: Judgement, now: number): Promise<void> {
  const { site, judged, own, network } = judgement;
  const scoped = (list: readonly Finding[], scope: string) =>
    list.map((f) => ({ ...f, scope, severityRank: severities.indexOf(f.severity) }));
  const rows = [...scoped(own, 'asset'), ...scoped(network, 'network')];
  for (let at = 0; at < rows.length; at += 500)
    await writeRows(transaction, site, rows.slice(at, at + 500), now);
  const closed = await sql<{ asset_id: string }>`
    update finding set closed_at = ${now} where closed_at is null
      and ((scope = 'network' and site = ${site}) or (scope = 'asset' and asset_id = any(${judged}::text[])))
      and not (id = any(${rows.map((f) => f.id)}::text[])) returning asset_id`.execute(transaction);
  const touched = [...judged, ...network.map((f) => f.asset), ...closed.rows.map((row) => row.asset_id)];
  await countFindings(transaction, [...new Set(touched)]);
}

/** What one run came to: findings of the assets in `judged`, and all that only show across assets. */
export interface Judgement {
  site: number;
  judged: readonly string[];
  own: readonly Finding[];
  network: readonly Finding[];
}

async function writeRows(
  transaction: Executor,
  site: number,
  rows: readonly Finding[],
  now: number,
): Promise<void> {
  await sql`
    insert into finding (id, site, scope, rule, title, severity, severity_rank, harms, asset_id, peer_id, service, summary, remedy,
      first_seen, last_seen, count, evidence, opened_at)
    select id, ${site}::int, scope, rule, title, severity, "severityRank", harms, asset, peer, nullif(service, 'null'), summary, remedy,
      "firstSeen", "lastSeen", count, evidence, ${now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as f (id text, scope text, rule text, title text, severity text,
      "severityRank" int, harms text[], asset text, peer text, service jsonb, summary text, remedy text,
      "firstSeen" bigint, "lastSeen" bigint, count bigint, evidence jsonb)
    on conflict (id) do update set (title, severity, severity_rank, harms, asset_id, peer_id, service, summary, remedy,
        first_seen, last_seen, count, evidence, opened_at, closed_at) =
      (excluded.title, excluded.severity, excluded.severity_rank, excluded.harms, excluded.asset_id, excluded.peer_id,
        excluded.service, excluded.summary, excluded.remedy, least(finding.first_seen, excluded.first_seen),
        excluded.last_seen, excluded.count, excluded.evidence,
        case when finding.closed_at is null then finding.opened_at else excluded.opened_at end, null)`.execute(
    transaction,
  );
}

/** The counts beside each asset, by which lists filter and sort. */
export async function countFindings(transaction: Executor, judged: readonly string[]): Promise<void> {
  await sql`
    update asset a set findings = coalesce(f.counts, '{}'), rules = coalesce(f.rules, '{}'),
      severities = coalesce(f.severities, '{}'), risk = coalesce(f.risk, 0)
    from unnest(${judged}::text[]) as j (id) left join lateral (
      select jsonb_object_agg(severity, n) as counts, array_agg(severity) as severities,
        sum(n * (array[10000, 1000, 100, 10, 1])[rank + 1])::int as risk,
        (select array_agg(distinct rule) from finding r where r.asset_id = j.id and r.closed_at is null) as rules
      from (select severity, least(max(severity_rank), 4) as rank, count(*) as n
        from finding where asset_id = j.id and closed_at is null group by severity) as g
    ) as f on true where a.id = j.id`.execute(transaction);
}
