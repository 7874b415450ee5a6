import { severities } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { countFindings } from '../../identification/write-findings.ts';
import type { Executor } from '../../store/database.ts';

/** A finding that another domain keeps open as long as its ground stands; identification leaves it alone. */
export interface HeldFinding {
  rule: string;
  asset: string;
  at: number;
}

const idOf = ({ rule, asset }: HeldFinding): string => `${rule}:${asset}`;

/** Opens a finding, or says anew what it rests on. Nothing is told of an asset that is not there. */
export async function holdFinding(
  transaction: Executor,
  { findingRules }: Context['knowledge'],
  finding: HeldFinding,
  summary: string,
): Promise<void> {
  const { rule, asset, at } = finding;
  const known = findingRules.get(rule)!;
  await sql`
    insert into finding (id, site, scope, rule, title, severity, severity_rank, harms, asset_id, peer_id, service, summary, remedy,
      first_seen, last_seen, count, evidence, opened_at)
    select ${idOf(finding)}, site, 'held', ${rule}, ${known.title}, ${known.severity}, ${severities.indexOf(known.severity)},
      ${known.harms}::text[], id, null, null, ${summary}, ${known.remedy}, ${at}, ${at}, 1, '[]'::jsonb, ${at}
    from asset where id = ${asset}
    on conflict (id) do update set summary = excluded.summary, last_seen = excluded.last_seen, count = finding.count + 1,
      opened_at = case when finding.closed_at is null then finding.opened_at else excluded.opened_at end, closed_at = null`.execute(
    transaction,
  );
  await countFindings(transaction, [asset]);
}

/** Its ground fell away. */
export async function closeFinding(transaction: Executor, finding: HeldFinding): Promise<void> {
  const { rows } =
    await sql`update finding set closed_at = ${finding.at} where id = ${idOf(finding)} and closed_at is null
    returning id`.execute(transaction);
  if (rows.length > 0) await countFindings(transaction, [finding.asset]);
}
