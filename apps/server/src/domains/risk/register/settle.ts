import { sql } from 'kysely';
import type { Executor } from '../../../store/database.ts';

interface Settled {
  id: string;
  assets: number;
  was: number;
  patient_to: number;
  was_patient: number;
  closed: number | null;
}

/**
 * A risk is as grave as its gravest member on each axis, at either end of its span. Works that out for the given risks and those that they are
 * joined into, and notes what opened, closed, got graver or lighter.
 */
export async function settle(transaction: Executor, risks: readonly string[], at: number): Promise<void> {
  if (risks.length === 0) return;
  const { rows } = await sql<Settled>`
    with touched as (
      select unnest(${[...risks]}::text[]) as id
      union select into_risk from risk_joined where risk = any(${[...risks]}::text[])
    ), member as (
      select t.id, s.* from touched t join risk_score s on s.risk = t.id
      union all select t.id, s.* from touched t join risk_joined j on j.into_risk = t.id join risk_score s on s.risk = j.risk
    ), worst as (
      select t.id, count(distinct m.asset_id)::int as assets,
        count(distinct m.asset_id) filter (where a.criticality = 'life-critical')::int as life_critical,
        coalesce(max(m.patient_from), 0) as patient_from, coalesce(max(m.patient_to), 0) as patient_to,
        coalesce(max(m.privacy_from), 0) as privacy_from, coalesce(max(m.privacy_to), 0) as privacy_to,
        coalesce(max(m.operations_from), 0) as operations_from, coalesce(max(m.operations_to), 0) as operations_to,
        coalesce(max(m.control), 0) as control, coalesce(max(m.exposure), 0) as exposure,
        coalesce(max(m.priority), 0) as priority,
        (array_agg(m.asset_id || chr(10) || m.source order by m.priority desc, a.criticality_rank, m.asset_id))[1] as worst
      from touched t left join member m on m.id = t.id left join asset a on a.id = m.asset_id group by t.id
    ), was as (select id, assets, patient_to from risk where id in (select id from touched))
    update risk r set assets = w.assets, life_critical = w.life_critical,
      patient_from = w.patient_from, patient_to = w.patient_to, privacy_from = w.privacy_from, privacy_to = w.privacy_to,
      operations_from = w.operations_from, operations_to = w.operations_to, control = w.control, exposure = w.exposure,
      priority = w.priority, worst = w.worst, changed = ${at},
      exploited = r.kind = 'weakness' and exists (select 1 from vulnerability v where v.id = r.source and v.exploited_since is not null),
      closed = case when w.assets = 0 then coalesce(r.closed, ${at}) end
    from worst w, was where r.id = w.id and was.id = w.id
    returning r.id, r.assets, was.assets as was, r.patient_to, was.patient_to as was_patient, r.closed`.execute(
    transaction,
  );
  await note(transaction, rows.flatMap(eventsOf), at);
}

interface RiskEvent {
  risk: string;
  what: string;
  detail: Record<string, number>;
}

function eventsOf({ id, assets, was, patient_to, was_patient }: Settled): RiskEvent[] {
  const one = (what: string): RiskEvent[] => [
    { risk: id, what, detail: { assets, from: was_patient, to: patient_to } },
  ];
  if (was === 0 && assets > 0) return one('opened');
  if (was > 0 && assets === 0) return one('closed');
  if (patient_to !== was_patient) return one(patient_to > was_patient ? 'graver' : 'lighter');
  return [];
}

async function note(transaction: Executor, events: readonly RiskEvent[], at: number): Promise<void> {
  if (events.length === 0) return;
  await sql`insert into risk_event (risk, what, detail, at)
    select e ->> 'risk', e ->> 'what', e -> 'detail', ${at}::bigint
    from jsonb_array_elements(${JSON.stringify(events)}::jsonb) as e`.execute(transaction);
}
