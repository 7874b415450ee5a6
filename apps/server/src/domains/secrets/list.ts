import {
  formatMicros,
  type Rotation,
  type SecretRow,
  type secretListQuery,
  type secretNeeds,
} from '@wardline/model';
import type { FastifyRequest } from 'fastify';
import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { type ListPlan, listPage, type SortColumn, wordsOf } from '../../http/list.ts';
import { assetsWithin } from '../access/index.ts';
import { clinicalWhere } from './clinical.ts';

const DAY_MICROS = 24 * 3600 * 1_000_000;
type Need = (typeof secretNeeds)[number];

export interface StoredRotation
  extends Omit<Rotation, 'proposed' | 'opens' | 'closes' | 'started' | 'ended'> {
  proposed: number;
  opens: number | null;
  closes: number | null;
  started: number | null;
  ended: number | null;
}

export interface StoredRow
  extends Pick<
    SecretRow,
    'id' | 'asset' | 'assetName' | 'clinical' | 'zone' | 'account' | 'kind' | 'everyDays' | 'standing'
  > {
  criticality: string;
  address: string | null;
  port: number | null;
  changed: number;
  held: { checkout: string; by: string; name: string | null; until: number } | null;
  rotation: StoredRotation | null;
}

export const secretFrom = sql`device_secret s left join asset a on a.id = s.asset_id
  left join secret_checkout c on c.secret = s.id and c.ended is null
  left join person p on c.actor = 'person:' || p.id::text
  left join secret_rotation r on r.secret = s.id and r.state in ('proposed', 'ordered', 'running', 'stuck')`;

export const rotationJson = sql`jsonb_build_object('id', r.id, 'cause', r.cause, 'state', r.state, 'proposed', r.proposed, 'orderedBy', r.ordered_by,
  'opens', r.opens, 'closes', r.closes, 'started', r.started, 'ended', r.ended, 'said', r.said)`;

export const secretColumns = (context: Pick<Context, 'knowledge'>): RawBuilder<unknown> => sql`
  s.id, s.asset_id as asset, coalesce(a.name, s.asset_id) as "assetName", coalesce(a.criticality, 'unknown') as criticality,
  coalesce(${clinicalWhere(context)}, true) as clinical, s.zone, s.account, s.kind, s.address, s.port, s.every_days as "everyDays",
  s.standing, s.changed, case when c.id is null then null else
    jsonb_build_object('checkout', c.id, 'by', c.actor, 'name', p.name, 'until', c.until) end as held,
  case when r.id is null then null else ${rotationJson} end as rotation`;

const dueAt = sql`s.changed + s.every_days * ${sql.lit(DAY_MICROS)}::bigint`;

const column = (expression: RawBuilder<unknown>, kind: SortColumn['kind'] = 'text'): SortColumn => ({
  expression,
  kind,
});
const sorts: Record<string, SortColumn> = {
  asset: column(sql`coalesce(a.name, s.asset_id)`),
  account: column(sql`s.account`),
  changed: column(sql`s.changed`, 'number'),
  due: column(sql`coalesce(${dueAt}, 9007199254740991)`, 'number'),
};

/** What each need asks. */
const needWhere = (need: Need, now: number): RawBuilder<unknown> => {
  if (need === 'held') return sql`c.id is not null`;
  if (need === 'due') return sql`coalesce(${dueAt} <= ${now}, false)`;
  return need === 'stuck'
    ? sql`coalesce(r.state = 'stuck', false)`
    : sql`coalesce(r.state = 'proposed', false)`;
};

function plan(
  context: Context,
  { q, need }: z.infer<typeof secretListQuery>,
  scope: FastifyRequest['scope'],
): ListPlan<StoredRow> {
  const words = wordsOf(q).map(
    (word) => sql`lower(concat_ws(' ', a.name, s.account, s.kind, s.zone, s.address)) like ${word}`,
  );
  return {
    from: secretFrom,
    columns: secretColumns(context),
    where: [
      sql`s.removed is null`,
      ...assetsWithin(scope),
      ...words,
      ...(need === undefined ? [] : [needWhere(need, context.now())]),
    ],
    id: column(sql`s.id::text`),
    sorts,
    defaultSort: 'asset',
    row: told,
  };
}

/** One page of secrets, and how many of all need something. */
export async function listSecrets(
  context: Context,
  query: z.infer<typeof secretListQuery>,
  scope: FastifyRequest['scope'],
) {
  const now = context.now();
  const [page, { rows }] = await Promise.all([
    listPage(context.database, plan(context, query, scope), query, now),
    sql<Record<Need, number>>`
      select count(*) filter (where ${needWhere('order', now)})::int as order, count(*) filter (where ${needWhere('held', now)})::int as held,
        count(*) filter (where ${needWhere('due', now)})::int as due, count(*) filter (where ${needWhere('stuck', now)})::int as stuck
      from ${secretFrom} where ${sql.join([sql`s.removed is null`, ...assetsWithin(scope)], sql` and `)}`.execute(
      context.database,
    ),
  ]);
  return { ...page, items: page.items as SecretRow[], needs: rows[0]! };
}

const instant = (time: number | null): string | null => (time === null ? null : formatMicros(time));

export const toldRotation = ({
  proposed,
  opens,
  closes,
  started,
  ended,
  ...rest
}: StoredRotation): Rotation => ({
  ...rest,
  proposed: formatMicros(proposed),
  opens: instant(opens),
  closes: instant(closes),
  started: instant(started),
  ended: instant(ended),
});

export function told({ address, port, changed, held, rotation, ...row }: StoredRow): SecretRow {
  const due = row.everyDays === null ? null : changed + row.everyDays * DAY_MICROS;
  return {
    ...row,
    criticality: (row.criticality || 'unknown') as SecretRow['criticality'],
    place: address === null ? 'by hand' : `${address}, port ${port}`,
    changed: formatMicros(changed),
    due: instant(due),
    held: held === null ? null : { ...held, until: formatMicros(held.until) },
    rotation: rotation === null ? null : toldRotation(rotation),
  };
}
