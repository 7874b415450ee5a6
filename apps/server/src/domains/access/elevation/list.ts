import { type Elevation, type elevationQuery, type elevationViews, formatMicros } from '@wardline/model';
import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import { type ListPlan, listPage } from '../../../http/list.ts';
import type { Executor } from '../../../store/database.ts';

/** Who looks: their own requests, or all where they may decide or review. */
export interface Viewer {
  actor: string;
  seesAll: boolean;
  decides: boolean;
}

type Row = Omit<Elevation, 'asked' | 'lapses' | 'decided' | 'until' | 'ended' | 'mine' | 'mayDecide'> & {
  asked: number;
  lapses: number;
  decided: number | null;
  until: number | null;
  ended: number | null;
};

/** Requests, newest first, as whoever looks may see them. */
export async function listElevations(
  database: Executor,
  viewer: Viewer,
  { view, ...paging }: z.infer<typeof elevationQuery>,
  now: number,
) {
  const mine = sql`(e.holder = ${viewer.actor} or e.asked_by = ${viewer.actor})`;
  const where = [...(viewer.seesAll ? [] : [mine]), ...viewCondition(view, mine, now)];
  return listPage(database, plan(where, viewer, now), paging, now);
}

const isWaiting = (now: number) => sql`(e.decided is null and e.lapses > ${now})`;
const isRunning = (now: number) => sql`(g.ended is null and g.until > ${now})`;

function viewCondition(
  view: (typeof elevationViews)[number],
  mine: RawBuilder<unknown>,
  now: number,
): RawBuilder<unknown>[] {
  const past = sql`not ${isWaiting(now)} and (g.id is null or not ${isRunning(now)})`;
  const conditions = {
    all: [],
    mine: [mine],
    waiting: [isWaiting(now)],
    running: [isRunning(now)],
    past: [past],
  };
  return conditions[view];
}

function plan(where: RawBuilder<unknown>[], viewer: Viewer, now: number): ListPlan<Row> {
  return {
    from: sql`elevation e left join role_grant g on g.id = e.role_grant
      left join person p on e.holder = 'person:' || p.id::text
      left join person d on e.decided_by = 'person:' || d.id::text
      left join ledger_personal a on a.sequence = e.asked_act and a.name = 'reason'
      left join ledger_personal b on b.sequence = e.decided_act and b.name = 'reason'`,
    columns: sql`e.id, e.holder, coalesce(p.name, e.holder) as name, e.asked_by as "askedBy", e.role, e.sites, e.zones,
      e.minutes, a.value as reason, e.asked, e.lapses, e.decided, e.decided_by as "decidedBy",
      coalesce(d.name, e.decided_by) as "decidedByName", b.value as "decisionReason", g.until,
      coalesce(g.ended, case when g.until <= ${now} then g.until end) as ended,
      case when ${isWaiting(now)} then 'waiting' when e.decided is null then 'lapsed'
        when e.decision <> 'approved' then e.decision when ${isRunning(now)} then 'running' else 'ended' end as state`,
    where,
    id: { expression: sql`e.id::text`, kind: 'text' },
    sorts: { asked: { expression: sql`e.asked`, kind: 'number' } },
    defaultSort: 'asked',
    row: (row) => rowOf(row, viewer),
  };
}

function rowOf({ asked, lapses, decided, until, ended, ...row }: Row, viewer: Viewer): Elevation {
  const mine = row.holder === viewer.actor || row.askedBy === viewer.actor;
  const instant = (time: number | null) => (time === null ? null : formatMicros(time));
  return {
    ...row,
    asked: formatMicros(asked),
    lapses: formatMicros(lapses),
    decided: instant(decided),
    until: instant(until),
    ended: instant(ended),
    mine,
    mayDecide: viewer.decides && !mine && row.state === 'waiting',
  };
}
