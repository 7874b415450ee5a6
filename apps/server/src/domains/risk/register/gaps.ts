import {
  formatMicros,
  type GapPlan,
  type Harm,
  type RiskLevel,
  type RiskState,
  riskLevels,
} from '@wardline/model';
import { sql, type Transaction } from 'kysely';
import { append } from '../../../ledger/append.ts';
import type { Executor } from '../../../store/database.ts';
import type { Tables } from '../../../store/tables.ts';
import { riskId } from './key.ts';

/** What is missing: a question that fails, or a control that nothing shows. */
export interface Gap {
  /** The id of the question, or the control. */
  gap: string;
  title: string;
  harms: readonly Harm[];
  /** Devices that it fails for. */
  assets: number;
}

export interface GapRisk {
  risk: string;
  gap: string;
  title: string;
  state: RiskState;
  opened: number;
  closed: number | null;
}

/** A gap is the hospital's as a whole, not that of a product. */
const PRODUCT = 'the hospital';

/** One risk for each gap, whoever opens it. */
export const gapRiskId = (gap: string): string => riskId('control', gap, PRODUCT);

/**
 * Puts a gap into the register, graded by a person on the axes that it harms. The risk of a gap that was opened before is the same one.
 * Resolves to whether it is new.
 */
export async function openGapRisk(
  transaction: Executor,
  { gap, title, harms, assets }: Gap,
  by: { control: string; level: RiskLevel; actor: string; at: number },
): Promise<boolean> {
  const risk = gapRiskId(gap);
  const level = riskLevels.indexOf(by.level);
  const on = (harm: Harm) => (harms.includes(harm) ? level : 0);
  const [patient, other] = [on('patient'), Math.max(on('privacy'), on('operations'))];
  const priority = Number(`${patient}${patient}${patient}${other}${other}`);
  await sql`insert into risk (id, kind, source, product, title, assets, patient_from, patient_to, privacy_from, privacy_to,
      operations_from, operations_to, control, priority, opened, changed)
    values (${risk}, 'control', ${gap}, ${PRODUCT}, ${title}, ${assets}, ${patient}, ${patient}, ${on('privacy')}, ${on('privacy')},
      ${on('operations')}, ${on('operations')}, 1, ${priority}, ${by.at}, ${by.at}) on conflict (id) do nothing`.execute(
    transaction,
  );
  const { numAffectedRows } = await sql`insert into risk_gap (risk, gap, control, level, opened_by, at)
    values (${risk}, ${gap}, ${by.control}, ${level}, ${by.actor}, ${by.at}) on conflict do nothing`.execute(
    transaction,
  );
  return numAffectedRows === 1n;
}

/** Every risk that was opened for a gap. */
export async function gapRisks(database: Executor): Promise<GapRisk[]> {
  const { rows } = await sql<GapRisk>`
    select g.risk, g.gap, r.title, coalesce(h.state, 'new') as state, r.opened, r.closed
    from risk_gap g join risk r on r.id = g.risk left join risk_handling h on h.risk = g.risk order by g.at, g.risk`.execute(
    database,
  );
  return rows;
}

/** What people do about each gap that is open: who, until when, and by which measures. */
export async function gapPlans(database: Executor): Promise<GapPlan[]> {
  const { rows } = await sql<Omit<GapPlan, 'owner'> & { owner: string | null; ownerName: string | null }>`
    select g.gap, g.risk, r.title, coalesce(h.state, 'new') as state, coalesce(h.plan, '') as plan, h.owner,
      coalesce(p.name, h.owner) as "ownerName", r.opened, h.deadline,
      coalesce((select jsonb_agg(jsonb_build_object('text', c.text, 'added', c.added, 'verified', c.verified,
          'until', c.holds_until) order by c.added, c.id)
        from risk_control c where c.risk = g.risk and c.removed is null), '[]') as measures
    from risk_gap g join risk r on r.id = g.risk left join risk_handling h on h.risk = g.risk
      left join person p on h.owner = 'person:' || p.id::text
    where r.closed is null order by g.at, g.risk`.execute(database);
  return rows.map(({ owner, ownerName, ...row }) => ({
    ...row,
    owner: owner === null ? null : { id: owner, name: ownerName ?? owner },
  }));
}

/** The gap is gone, or came back: one act of the server. @returns false where somebody else was first */
export async function moveGapRisk(
  transaction: Transaction<Tables>,
  risk: string,
  { isGone, at, why }: { isGone: boolean; at: number; why: string },
): Promise<boolean> {
  const closed = isGone ? at : null;
  const { numAffectedRows } = await sql`update risk set closed = ${closed}::bigint, changed = ${at}
    where id = ${risk} and (closed is null) = ${isGone}`.execute(transaction);
  if (numAffectedRows !== 1n) return false;
  const action = isGone ? 'compliance.gap-close' : 'compliance.gap-reopen';
  await append(transaction, { at, actor: 'server', action, subject: risk, changes: { why }, reason: null });
  return true;
}

/** How a risk of a gap came about; none for others. */
export async function gapSentences(database: Executor, risk: string): Promise<string[]> {
  const { rows } = await sql<{ gap: string; control: string; level: number; name: string; at: number }>`
    select g.gap, g.control, g.level, g.at, coalesce(p.name, g.opened_by) as name from risk_gap g
    left join person p on g.opened_by = 'person:' || p.id::text where g.risk = ${risk}`.execute(database);
  return rows.flatMap(({ gap, control, level, name, at }) => [
    `${name} opened it for ${control} on ${formatMicros(at).slice(0, 10)}, and graded it ${riskLevels[level]!}.`,
    gap === control
      ? 'It closes when the control is met, or decided not to apply.'
      : `It closes when the evidence shows the opposite (${gap}), and opens again when that fails.`,
  ]);
}
