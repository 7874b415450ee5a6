import { type Emergency, type emergencyQuery, type emergencyViews, formatMicros } from '@wardline/model';
import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import { type ListPlan, listPage } from '../../../http/list.ts';
import type { Executor } from '../../../store/database.ts';

type Row = Omit<Emergency, 'started' | 'until' | 'ended' | 'reviewed'> & {
  started: number;
  until: number;
  ended: number | null;
  reviewed: number | null;
};

const isRunning = (now: number) => sql`(g.ended is null and g.until > ${now})`;

/** Uses of emergency access, with what was found of them. */
export async function listEmergencies(
  database: Executor,
  { view, ...paging }: z.infer<typeof emergencyQuery>,
  now: number,
) {
  return listPage(database, plan(viewCondition(view, now), now), paging, now);
}

function viewCondition(view: (typeof emergencyViews)[number], now: number): RawBuilder<unknown>[] {
  const conditions = {
    all: [],
    running: [isRunning(now)],
    'to-review': [sql`e.reviewed is null`],
    reviewed: [sql`e.reviewed is not null`],
  };
  return conditions[view];
}

function plan(where: RawBuilder<unknown>[], now: number): ListPlan<Row> {
  return {
    from: sql`emergency e join role_grant g on g.id = e.role_grant join person p on p.id = e.person
      left join person r on e.reviewed_by = 'person:' || r.id::text
      left join ledger_personal a on a.sequence = e.started_act and a.name = 'reason'
      left join ledger_personal b on b.sequence = e.reviewed_act and b.name = 'reason'`,
    columns: sql`e.id, g.holder as person, p.name, g.role, g.sites, g.zones, e.code, e.entered_by as by,
      a.value as reason, e.started, g.until, coalesce(g.ended, case when g.until <= ${now} then g.until end) as ended,
      coalesce(g.ended_by, case when g.until <= ${now} then 'server' end) as "endedBy", e.notices, e.reviewed,
      e.reviewed_by as "reviewedBy", coalesce(r.name, e.reviewed_by) as "reviewedByName", e.verdict, b.value as review`,
    where,
    id: { expression: sql`e.id::text`, kind: 'text' },
    sorts: { started: { expression: sql`e.started`, kind: 'number' } },
    defaultSort: 'started',
    row: rowOf,
  };
}

function rowOf({ started, until, ended, reviewed, ...row }: Row): Emergency {
  const instant = (time: number | null) => (time === null ? null : formatMicros(time));
  const times = { started: formatMicros(started), until: formatMicros(until) };
  return { ...row, ...times, ended: instant(ended), reviewed: instant(reviewed) };
}

/** What runs now, for everybody to see. */
export async function runningEmergencies(database: Executor, now: number): Promise<Emergency[]> {
  const paging = { view: 'running', limit: 100, order: 'asc' } as const;
  return (await listEmergencies(database, paging, now)).items as Emergency[];
}
