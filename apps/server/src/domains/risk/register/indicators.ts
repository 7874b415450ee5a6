import { formatMicros, type RiskIndicators, type RiskIndicatorsAnswer, riskLevels } from '@wardline/model';
import { sql } from 'kysely';
import type { Executor } from '../../../store/database.ts';

const RECENT_MICROS = 90 * 24 * 3600 * 1_000_000;
const HOUR_MICROS = 3600 * 1_000_000;
const DAYS_SHOWN = 400;

type Counts = Omit<RiskIndicators, 'byLevel'> & { levels: number[] };

/** How risk is governed now. Joined risks count once. */
export async function indicatorsAt(database: Executor, at: number): Promise<RiskIndicators> {
  const { rows } = await sql<Counts>`
    with open as (
      select r.*, coalesce(h.state, 'new') as state, h.deadline from risk r left join risk_handling h on h.risk = r.id
      where r.closed is null and not exists (select 1 from risk_joined j where j.risk = r.id)
    )
    select count(*)::int as open,
      count(*) filter (where control = 2 and state <> 'accepted')::int as uncontrolled,
      count(*) filter (where control = 1)::int as "unknownControl",
      count(*) filter (where deadline <= ${at} and state in ('triaged', 'treating'))::int as overdue,
      count(*) filter (where state = 'accepted')::int as accepted,
      count(*) filter (where state = 'waiting')::int as waiting,
      count(*) filter (where state = 'new')::int as untriaged,
      array(select count(o.*)::int from generate_series(0, 4) l left join open o on o.patient_to = l group by l order by l) as levels,
      (select count(distinct s.asset_id)::int from risk_score s join asset a on a.id = s.asset_id
        where s.patient_to >= 3 and a.criticality = 'life-critical') as "lifeCriticalAtRisk",
      (select count(*)::int from asset where not gone and criticality = 'life-critical') as "lifeCritical",
      (select count(*)::int from asset where not gone and class <> '') as identified,
      (select count(*)::int from asset where not gone) as assets,
      (select percentile_cont(0.5) within group (order by h.triaged - r.opened) / ${HOUR_MICROS} from risk_handling h
        join risk r on r.id = h.risk where h.triaged > ${at - RECENT_MICROS}) as "hoursToTriage",
      (select percentile_cont(0.5) within group (order by h.treated - r.opened) / ${HOUR_MICROS} from risk_handling h
        join risk r on r.id = h.risk where h.treated > ${at - RECENT_MICROS}) as "hoursToTreat"
    from open`.execute(database);
  const { levels, ...counts } = rows[0]!;
  return {
    ...counts,
    byLevel: Object.fromEntries(riskLevels.map((level, place) => [level, levels[place] ?? 0])),
  };
}

/** Keeps the last state of each day. */
export async function keepIndicators(database: Executor, at: number): Promise<void> {
  const document = JSON.stringify(await indicatorsAt(database, at));
  await sql`insert into risk_indicator (day, document, at) values (${dayOf(at)}, ${document}::jsonb, ${at})
    on conflict (day) do update set document = excluded.document, at = excluded.at`.execute(database);
}

export async function indicators(database: Executor, at: number): Promise<RiskIndicatorsAnswer> {
  const { rows } = await sql<{ day: string; document: RiskIndicators }>`
    select day, document from (select day, document from risk_indicator where day < ${dayOf(at)} order by day desc limit ${DAYS_SHOWN}) d
    order by day`.execute(database);
  const now = await indicatorsAt(database, at);
  const days = rows.map(({ day, document }) => ({ ...document, day }));
  return { asOf: formatMicros(at), now, days: [...days, { ...now, day: dayOf(at) }] };
}

const dayOf = (at: number): string => formatMicros(at).slice(0, 10);
