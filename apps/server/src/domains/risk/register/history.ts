import { formatMicros, type RiskDetail, riskLevels } from '@wardline/model';
import { sql } from 'kysely';
import type { Executor } from '../../../store/database.ts';
import { HISTORY_SHOWN } from './limits.ts';

interface Entry {
  at: number;
  actor: string;
  what: string;
  detail: Record<string, unknown>;
  reason: string | null;
}

/** Acts of persons from the ledger, and what happened by itself, the latest first. */
export async function historyOf(database: Executor, risk: string): Promise<RiskDetail['history']> {
  const { rows } = await sql<Entry>`
    select l.at, l.actor, l.action as what, l.changes as detail, t.value as reason
    from ledger l left join ledger_personal t on t.sequence = l.sequence and t.name = 'reason'
    where (l.action like 'risk.%' or l.action like 'compliance.gap-%') and (l.subject = ${risk} or l.changes -> 'risks' ? ${risk})
    union all select at, 'server', what, detail, null::text from risk_event where risk = ${risk}
    order by at desc limit ${HISTORY_SHOWN}`.execute(database);
  return rows.map(({ at, actor, what, detail, reason }) => ({
    at: formatMicros(at),
    actor,
    text: `${sentences[what]?.(detail) ?? `${what}.`}${reason === null ? '' : ` ${reason}`}`,
  }));
}

const day = (value: unknown): string =>
  typeof value === 'number' ? formatMicros(value).slice(0, 10) : String(value);
const levelWord = (value: unknown): string => riskLevels[Number(value)] ?? 'unknown';

const sentences: Readonly<Record<string, (detail: Record<string, unknown>) => string>> = {
  opened: ({ assets, to }) =>
    `Found on ${String(assets)} assets; the risk to patients is up to ${levelWord(to)}.`,
  closed: () => 'Nothing shows it any more on any asset.',
  graver: ({ from, to }) => `The risk to patients rose from ${levelWord(from)} to ${levelWord(to)}.`,
  lighter: ({ from, to }) => `The risk to patients fell from ${levelWord(from)} to ${levelWord(to)}.`,
  'risk.assign': ({ owner, deadline }) =>
    `Given to ${String(owner)}${deadline === null ? '' : `, until ${day(deadline)}`}.`,
  'risk.treat': ({ treatment, deadline }) => `To ${String(treatment)}, until ${day(deadline)}.`,
  'risk.decide': ({ decision }) => (decision === 'approve' ? 'Acceptance approved.' : 'Acceptance refused.'),
  'risk.complete': () => 'Treatment carried out.',
  'risk.comment': () => 'Commented.',
  'risk.control-add': () => 'A control was named.',
  'risk.control-verify': ({ until }) => `A control was verified, until ${day(until)}.`,
  'risk.control-remove': () => 'A control was taken away.',
  'risk.join': () => 'Risks were joined.',
  'risk.part': () => 'Parted from the risk that it was joined into.',
  'risk.expire': ({ until }) => `The acceptance ran out on ${day(until)}.`,
  'compliance.gap-open': ({ control }) => `Opened for ${String(control)}.`,
  'compliance.gap-close': ({ why }) => `Closed: ${String(why)}`,
  'compliance.gap-reopen': ({ why }) => `Opened again: ${String(why)}`,
  'risk.escalate': ({ deadline }) => `Overdue since ${day(deadline)}: escalated.`,
};
