import type { Recall } from '@wardline/formats';
import {
  formatMicros,
  type RecallDetail,
  type RecallMatchRow,
  type RecallRow,
  type recallListQuery,
} from '@wardline/model';
import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { type ListPlan, type SortColumn, whereAll, wordsOf } from '../../http/list.ts';
import { Refusal } from '../../http/problems.ts';
import { assetsWithin, type Scope } from '../access/index.ts';
import { DEVICES_SHOWN } from './limits.ts';
import { isOpen, isReconsidered } from './standing.ts';

type Stored = Omit<RecallRow, 'addedAt'> & { addedAt: number };

const column = (expression: string | RawBuilder<unknown>, kind: SortColumn['kind'] = 'text'): SortColumn => ({
  expression: typeof expression === 'string' ? sql.raw(expression) : expression,
  kind,
});

/** How many devices within a scope a notice may be about. */
const counted = (
  scope: readonly Scope[] | null,
  which: RawBuilder<unknown>,
) => sql`(select count(*)::int from recall_match m
  join asset a on a.id = m.asset_id ${whereAll([sql`not a.gone`, sql`m.recall_id = r.id`, which, ...assetsWithin(scope)])})`;

const isMeant = sql`m.certainty <> 'unlikely'`;

function columnsWithin(scope: readonly Scope[] | null): RawBuilder<unknown> {
  return sql`r.id, r.number, r.firm, r.notice ->> 'source' as source, r.notice ->> 'product' as product, r.notice ->> 'grade' as grade,
    r.notice ->> 'status' as status, r.notice ->> 'day' as day, ${counted(scope, isMeant)} as devices,
    ${counted(scope, isOpen)} as open, r.added_at as "addedAt", r.added_by as "addedBy"`;
}

const rowOf = <T extends { addedAt: number }>(row: T) => ({ ...row, addedAt: formatMicros(row.addedAt) });

/** Notices, the newest first. */
export const recallPlan = (
  { q, only }: Pick<z.infer<typeof recallListQuery>, 'q' | 'only'>,
  scope: readonly Scope[] | null,
): ListPlan<Stored> => ({
  from: sql`recall r`,
  columns: columnsWithin(scope),
  where: [
    ...wordsOf(q).map((word) => sql`r.search like ${word}`),
    ...(only === undefined ? [] : [sql`${counted(scope, only === 'open' ? isOpen : isMeant)} > 0`]),
  ],
  id: column('r.id'),
  sorts: {
    open: column(counted(scope, isOpen), 'number'),
    devices: column(counted(scope, isMeant), 'number'),
    day: column(`coalesce(r.notice ->> 'day', '')`),
    number: column('r.number'),
    firm: column('r.firm'),
    grade: column(`coalesce(r.notice ->> 'grade', 'IIII')`),
    addedAt: column('r.added_at', 'number'),
  },
  defaultSort: 'number',
  row: rowOf,
});

type StoredMatch = Omit<RecallMatchRow, 'decidedAt'> & { decidedAt: number | null };

/** One notice with the devices that it may be about, the surest and most critical first. */
export async function recallDetail(
  { database }: Context,
  id: string,
  scope: readonly Scope[] | null,
): Promise<RecallDetail> {
  const { rows } = await sql<Stored & { notice: Recall }>`
    select ${columnsWithin(scope)}, r.notice from recall r where r.id = ${id}`.execute(database);
  if (rows[0] === undefined) throw new Refusal('not-found', `There is no notice ${id}`);
  const { notice, ...row } = rows[0];
  const { unitsText, reason: why, action, units } = notice;
  const { rows: matches } = await sql<StoredMatch>`
    select a.id as asset, a.name as "assetName", a.class_label as "classLabel", a.criticality, a.serial, m.certainty, m.reasons, m.state,
      m.decided_by as "decidedBy", m.decided_at as "decidedAt", m.decided_reason as "decidedReason", ${isReconsidered} as reconsider
    from recall_match m join asset a on a.id = m.asset_id
    ${whereAll([sql`not a.gone`, sql`m.recall_id = ${id}`, ...assetsWithin(scope)])}
    order by ${isOpen} desc, array_position(array['certain', 'likely', 'possible', 'unlikely'], m.certainty), a.criticality_rank, a.name
    limit ${DEVICES_SHOWN}`.execute(database);
  return {
    recall: { ...rowOf(row), unitsText, why, action, identifiers: units.devices },
    matches: matches.map(({ decidedAt, ...match }) => ({
      ...match,
      decidedAt: decidedAt === null ? null : formatMicros(decidedAt),
    })),
  };
}
