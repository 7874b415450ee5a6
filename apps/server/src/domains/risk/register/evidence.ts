import type { EvidenceFact, EvidenceMember } from '@wardline/model';
import { type RawBuilder, sql } from 'kysely';
import { countAssets, factOf, type Gatherer, MEMBERS_TOLD } from '../../../evidence/index.ts';
import type { Executor } from '../../../store/database.ts';

/** High and very high, as a place in the scale. */
const GRAVE = 3;
/** In which a grave risk gets an owner and a treatment. */
const TREATED_MICROS = 30 * 86_400_000_000;

/** Whether risk is worked out, dealt with and accepted as it has to be. */
export const riskEvidence: Gatherer = async ({ database }, at) => {
  const { rows } = await sql<{ at: number }>`select at from risk_progress`.execute(database);
  const asOf = rows[0]?.at ?? null;
  const grave = sql`r.closed is null and r.kind <> 'control' and (r.patient_to >= ${GRAVE} or r.privacy_to >= ${GRAVE})
    and not exists (select 1 from risk_joined j where j.risk = r.id)`;
  const waits = sql`(coalesce(h.state, 'new') in ('new', 'triaged') and r.opened <= ${at - TREATED_MICROS})
    or (h.deadline <= ${at} and h.state in ('triaged', 'treating'))`;
  const accepted = sql`r.closed is null and h.state = 'accepted'`;
  return [
    factOf('risk.analysed', { asOf, population: await countAssets(database) }),
    await risksFact(database, 'risk.treated', {
      asOf,
      of: grave,
      fails: waits,
      note: 'Nobody deals with it in time.',
    }),
    await risksFact(database, 'risk.accepted', {
      asOf,
      of: accepted,
      fails: sql`(h.approver is null or h.accepted_until <= ${at})`,
      note: 'Its acceptance is not approved, or is over.',
    }),
  ];
};

async function risksFact(
  database: Executor,
  query: string,
  {
    asOf,
    of,
    fails,
    note,
  }: { asOf: number | null; of: RawBuilder<unknown>; fails: RawBuilder<unknown>; note: string },
): Promise<EvidenceFact> {
  const from = sql`risk r left join risk_handling h on h.risk = r.id`;
  const { rows: counts } = await sql<{ population: number; failing: number }>`
    select count(*)::int as population, (count(*) filter (where ${fails}))::int as failing from ${from} where ${of}`.execute(
    database,
  );
  const { rows } = await sql<{ id: string; name: string }>`
    select r.id, r.title || ' · ' || r.product as name from ${from} where ${of} and (${fails})
    order by r.priority desc, r.id limit ${MEMBERS_TOLD}`.execute(database);
  const members = rows.map(
    ({ id, name }): EvidenceMember => ({ kind: 'risk', id, name, answer: 'fails', note }),
  );
  return factOf(query, { asOf, ...counts[0]!, members, holdsOfNone: true });
}
