import { formatMicros, type LifecycleRow, type lifecycleListQuery } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import { type ListPlan, type SortColumn, valuesOf, wordsOf } from '../../http/list.ts';

type Stored = Omit<LifecycleRow, 'since'> & { since: number | null };

const column = (name: string, kind: SortColumn['kind'] = 'text'): SortColumn => ({
  expression: sql.raw(name),
  kind,
});

/** Every device with where it stands between purchase and disposal. */
export const lifecyclePlan = ({
  q,
  state,
}: Pick<z.infer<typeof lifecycleListQuery>, 'q' | 'state'>): ListPlan<Stored> => ({
  from: sql`asset a left join lifecycle l on l.asset_id = a.id left join purchase p on p.id = l.purchase`,
  columns: sql.raw(`a.id as asset, a.name as "assetName", a.class_label as "classLabel", a.criticality,
    coalesce(l.state, 'observed') as state, l.since, l.udi ->> 'device' as device,
    (select count(*) from jsonb_array_elements(coalesce(p.conditions, '[]')) c where not (c ->> 'met')::boolean) as conditions`),
  where: [
    sql`not a.gone`,
    ...wordsOf(q).map((word) => sql`a.search like ${word}`),
    ...(state === undefined ? [] : [sql`coalesce(l.state, 'observed') = any(${valuesOf(state)}::text[])`]),
  ],
  id: column('a.id'),
  sorts: {
    assetName: column('a.name'),
    classLabel: column('a.class_label'),
    criticality: column('a.criticality_rank', 'number'),
    state: column(`coalesce(l.state, 'observed')`),
    since: column('coalesce(l.since, 0)', 'number'),
  },
  defaultSort: 'assetName',
  row: ({ since, ...row }) => ({ ...row, since: since === null ? null : formatMicros(since) }) as never,
});
