import { formatMicros, type RiskRow, type RiskView, riskLevels, type riskListQuery } from '@wardline/model';
import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import { type ListPlan, type SortColumn, valuesOf, wordsOf } from '../../../http/list.ts';

export interface Stored
  extends Pick<
    RiskRow,
    | 'id'
    | 'kind'
    | 'source'
    | 'title'
    | 'product'
    | 'assets'
    | 'lifeCritical'
    | 'exploited'
    | 'state'
    | 'treatment'
    | 'owner'
    | 'ownerName'
    | 'overdue'
    | 'joined'
  > {
  patient_from: number;
  patient_to: number;
  privacy_from: number;
  privacy_to: number;
  operations_from: number;
  operations_to: number;
  control: number;
  deadline: number | null;
  acceptedUntil: number | null;
  opened: number;
  closed: number | null;
}

const column = (name: string, kind: SortColumn['kind'] = 'text'): SortColumn => ({
  expression: sql.raw(name),
  kind,
});

export const riskFrom = sql`risk r left join risk_handling h on h.risk = r.id left join person p on h.owner = 'person:' || p.id::text`;

export const riskColumns = (now: number): RawBuilder<unknown> =>
  sql`${sql.raw(`r.id, r.kind, r.source, r.title, r.product, r.assets, r.life_critical as "lifeCritical", r.exploited, r.patient_from,
    r.patient_to, r.privacy_from, r.privacy_to, r.operations_from, r.operations_to, r.control, r.opened, r.closed,
    coalesce(h.state, 'new') as state, h.treatment, h.owner, p.name as "ownerName", h.deadline, h.accepted_until as "acceptedUntil",
    (select count(*)::int from risk_joined j where j.into_risk = r.id) as joined`)},
    coalesce(h.deadline <= ${now} and h.state in ('triaged', 'treating'), false) as overdue`;

/** What each role has to do next; the order within is always the same. */
function viewed(view: RiskView | undefined, actor: string, now: number): RawBuilder<unknown>[] {
  const overdue = sql`(h.deadline <= ${now} and h.state in ('triaged', 'treating'))`;
  switch (view) {
    case 'biomedical':
      return [sql`r.patient_to >= 2 and coalesce(h.state, 'new') not in ('accepted', 'done')`];
    case 'security':
      return [
        sql`(coalesce(h.state, 'new') = 'new' or r.exploited or ${overdue}) and coalesce(h.state, 'new') <> 'accepted'`,
      ];
    case 'network':
      return [sql`r.exposure >= 2 and coalesce(h.state, 'new') not in ('accepted', 'done')`];
    case 'compliance':
      return [sql`(r.privacy_to >= 2 or h.state in ('waiting', 'accepted') or ${overdue})`];
    case 'governance':
      return [sql`(r.control = 2 or h.state = 'waiting' or h.escalated is not null)`];
    case 'mine':
      return [sql`h.owner = ${actor}`];
    default:
      return [];
  }
}

type Filter = Omit<z.infer<typeof riskListQuery>, 'cursor' | 'limit' | 'sort' | 'order'>;

export function riskPlan(filter: Filter, actor: string, now: number): ListPlan<Stored> {
  const { q, view, state, patient, asset, overdue, closed } = filter;
  return {
    from: riskFrom,
    columns: riskColumns(now),
    where: [
      sql`not exists (select 1 from risk_joined j where j.risk = r.id)`,
      closed === 'yes' ? sql`r.closed is not null` : sql`r.closed is null`,
      ...viewed(view, actor, now),
      ...(state === undefined ? [] : [sql`coalesce(h.state, 'new') = any(${valuesOf(state)}::text[])`]),
      ...(patient === undefined ? [] : [sql`r.patient_to >= ${riskLevels.indexOf(patient)}`]),
      ...(asset === undefined
        ? []
        : [sql`exists (select 1 from risk_score s where s.risk = r.id and s.asset_id = ${asset})`]),
      ...(overdue === undefined ? [] : [sql`h.deadline <= ${now} and h.state in ('triaged', 'treating')`]),
      ...wordsOf(q).map((word) => sql`lower(r.source || ' ' || r.title || ' ' || r.product) like ${word}`),
    ],
    id: column('r.id'),
    sorts: {
      priority: column('r.priority', 'number'),
      patient: column('r.patient_to', 'number'),
      privacy: column('r.privacy_to', 'number'),
      operations: column('r.operations_to', 'number'),
      assets: column('r.assets', 'number'),
      title: column('r.title'),
      product: column('r.product'),
      state: column("coalesce(h.state, 'new')"),
      deadline: column('coalesce(h.deadline, 9007199254740991)', 'number'),
      opened: column('r.opened', 'number'),
    },
    defaultSort: 'priority',
    row: toldRow,
  };
}

const controlWords = ['controlled', 'unknown', 'uncontrolled'] as const;
const level = (from: number, to: number): RiskRow['patient'] => ({
  from: riskLevels[from]!,
  to: riskLevels[to]!,
});
export const instantOf = (at: number | null): string | null => (at === null ? null : formatMicros(at));

export function toldRow(row: Stored): RiskRow {
  const { patient_from, patient_to, privacy_from, privacy_to, operations_from, operations_to, ...rest } = row;
  return {
    ...rest,
    patient: level(patient_from, patient_to),
    privacy: level(privacy_from, privacy_to),
    operations: level(operations_from, operations_to),
    control: controlWords[row.control]!,
    deadline: instantOf(row.deadline),
    acceptedUntil: instantOf(row.acceptedUntil),
    opened: formatMicros(row.opened),
    closed: instantOf(row.closed),
  };
}
