import {
  formatMicros,
  type reconciliationQuery,
  type reconciliationRowSchema,
  reconciliationStates,
} from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { type ListPlan, type SortColumn, valuesOf, whereAll, wordsOf } from '../../http/list.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';
import { assetIdWithin, type Scope } from '../access/index.ts';

type Row = z.infer<typeof reconciliationRowSchema>;
type Stored = Omit<Row, 'decision'> & {
  decision: (Omit<NonNullable<Row['decision']>, 'at'> & { at: number }) | null;
};

const column = (name: string): SortColumn => ({ expression: sql.raw(name), kind: 'text' });

/** The lines of register against network, each with the last word a person said on it. */
export function reconciliationPlan(query: z.infer<typeof reconciliationQuery>): ListPlan<Stored> {
  // Where register and network agree there is nothing to decide.
  const waiting = sql`(d.id is null and r.state <> 'matched')`;
  const decided =
    query.decided === undefined ? [] : [query.decided === 'yes' ? sql`d.id is not null` : waiting];
  const state = query.state === undefined ? [] : [sql`r.state = any(${valuesOf(query.state)}::text[])`];
  return {
    from: sql`reconciliation r left join lateral (
      select * from reconciliation_decision x where x.key = r.key order by x.id desc limit 1) d on true`,
    columns:
      sql.raw(`r.key, r.state, r.asset_id as asset, r.tag, r.matched_by as "matchedBy", r.reason, r.differences,
      r.asset_name as "assetName", r.registered, case when d.id is null then null else jsonb_build_object(
        'decision', d.decision, 'actor', d.actor, 'reason', d.reason, 'at', d.at) end as decision`),
    where: [...state, ...decided, ...wordsOf(query.q).map((word) => sql`r.search like ${word}`)],
    id: column('r.key'),
    sorts: {
      key: column('r.key'),
      tag: column(`coalesce(r.tag, '')`),
      state: column('r.state'),
      assetName: column(`coalesce(r.asset_name, '')`),
      registered: column(`coalesce(r.registered, '')`),
    },
    defaultSort: 'key',
    row: (row) => ({
      ...row,
      decision: row.decision && { ...row.decision, at: formatMicros(row.decision.at) },
    }),
  };
}

export async function reconciliationCounts(database: Executor, scope: readonly Scope[] | null) {
  const { rows } = await sql<{ state: string; n: number }>`
    select state, count(*) as n from reconciliation r
    ${whereAll(assetIdWithin(scope, 'r.asset_id'))} group by state`.execute(database);
  const counts = new Map(rows.map((row) => [row.state, row.n]));
  return Object.fromEntries(reconciliationStates.map((state) => [state, counts.get(state) ?? 0])) as Record<
    (typeof reconciliationStates)[number],
    number
  >;
}

export async function decideLine(
  context: Context,
  actor: string,
  { key, decision, reason }: { key: string; decision: string; reason: string },
): Promise<void> {
  const { rows } = await sql<{ state: string; asset_id: string | null }>`
    select state, asset_id from reconciliation where key = ${key}`.execute(context.database);
  if (!rows[0]) throw new Refusal('not-found', `There is no line ${key}`);
  const at = context.now();
  const subject = rows[0].asset_id === null ? `register:${key}` : `asset:${rows[0].asset_id}`;
  const entry = {
    at,
    actor,
    action: 'reconciliation.decide',
    subject,
    changes: { key, state: rows[0].state, decision },
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    await sql`insert into reconciliation_decision (key, decision, actor, reason, at)
      values (${key}, ${decision}, ${actor}, ${reason}, ${at})`.execute(transaction);
  });
}
