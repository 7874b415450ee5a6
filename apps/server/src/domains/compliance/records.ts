import { gunzipSync, gzipSync } from 'node:zlib';
import { digestOfState, digestsOfKnowledge, judge } from '@wardline/compliance';
import {
  type ComplianceExport,
  type ComplianceRecordRow,
  type ComplianceState,
  type ControlCounts,
  type ControlStatus,
  complianceExportForm,
  complianceStateSchema,
  formatMicros,
  type JudgedControl,
} from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { append } from '../../ledger/append.ts';
import { includedAct } from '../../ledger/index.ts';
import type { Executor } from '../../store/database.ts';
import { gapPlans } from '../risk/index.ts';
import { RECORDS_SHOWN, STATE_BYTES } from './limits.ts';

export type Statuses = Record<string, ControlStatus>;

interface Row {
  id: number;
  at: number;
  digest: string;
  statuses: Statuses;
  sequence: number;
}

export function countOf(statuses: Iterable<ControlStatus>): ControlCounts {
  const counts = { met: 0, 'not-met': 0, unknown: 0, 'not-applicable': 0 };
  for (const status of statuses) counts[status] += 1;
  return counts;
}

export const statusesOf = (judged: ReadonlyMap<string, JudgedControl>): Statuses =>
  Object.fromEntries([...judged].map(([ref, { status }]) => [ref, status]));

/**
 * Records a judgement: the evidence as it is kept, its digest in the ledger, both or neither. Resolves to the record's number.
 */
export async function record(
  context: Context,
  actor: string,
  state: ComplianceState,
  reason: string | null,
): Promise<number> {
  const { controls } = context.knowledge;
  const statuses = statusesOf(judge(controls, state));
  const digest = digestOfState(state);
  const changes = { digest, ...countOf(Object.values(statuses)) };
  const entry = { at: state.at, actor, action: 'compliance.record', subject: 'compliance', changes, reason };
  return context.database.transaction().execute(async (transaction) => {
    const sequence = await append(transaction, entry);
    const { rows } = await sql<{ id: number }>`
      insert into compliance_run (at, digest, statuses, knowledge, state, sequence)
      values (${state.at}, ${digest}, ${JSON.stringify(statuses)}::jsonb,
        ${JSON.stringify(digestsOfKnowledge(controls))}::jsonb, ${gzipSync(JSON.stringify(state))}, ${sequence}) returning id`.execute(
      transaction,
    );
    return rows[0]!.id;
  });
}

/** The newest first. */
export async function listRecords(database: Executor): Promise<ComplianceRecordRow[]> {
  const { rows } = await sql<Row>`
    select id, at, digest, statuses, sequence from compliance_run order by id desc limit ${RECORDS_SHOWN}`.execute(
    database,
  );
  return rows.map(({ statuses, at, ...row }) => ({
    ...row,
    at: formatMicros(at),
    counts: countOf(Object.values(statuses)),
  }));
}

export async function lastRecordAt(database: Executor): Promise<number | null> {
  const { rows } = await sql<{ at: number | null }>`select max(at) as at from compliance_run`.execute(
    database,
  );
  return rows[0]?.at ?? null;
}

/** The last judgement that was recorded until the end of a day, in UTC. @throws Refusal where there is none */
export async function recordOfDay(
  database: Executor,
  day: string,
): Promise<{ id: number; state: ComplianceState; statuses: Statuses }> {
  const end = Date.parse(`${day}T00:00:00Z`) * 1000 + 86_400_000_000;
  if (Number.isNaN(end)) throw new Refusal('invalid-request', `${day} is no day`);
  const { rows } = await sql<{ id: number; state: Buffer; statuses: Statuses }>`
    select id, state, statuses from compliance_run where at < ${end} order by at desc, id desc limit 1`.execute(
    database,
  );
  if (rows[0] === undefined) throw new Refusal('not-found', `Nothing was recorded until ${day}`);
  return { ...rows[0], state: unpacked(rows[0].state) };
}

const unpacked = (packed: Buffer): ComplianceState =>
  complianceStateSchema.parse(
    JSON.parse(gunzipSync(packed, { maxOutputLength: STATE_BYTES }).toString('utf8')),
  );

/** What a control was at the records at which it changed. */
export async function historyOf(
  database: Executor,
  ref: string,
): Promise<{ record: number; at: string; status: ControlStatus }[]> {
  const { rows } = await sql<{ record: number; at: number; status: ControlStatus }>`
    select id as record, at, status from (
      select id, at, statuses ->> ${ref} as status, lag(statuses ->> ${ref}) over (order by id) as was from compliance_run
    ) r where status is not null and status is distinct from was order by id desc limit ${RECORDS_SHOWN}`.execute(
    database,
  );
  return rows.map((row) => ({ ...row, at: formatMicros(row.at) }));
}

/** A record as it can be judged again anywhere. @throws Refusal where there is none */
export async function exportRecord(context: Context, id: number): Promise<ComplianceExport> {
  const { rows } = await sql<Row & { state: Buffer; knowledge: Record<string, string> }>`
    select digest, statuses, knowledge, state, sequence from compliance_run where id = ${id}`.execute(
    context.database,
  );
  const [row] = rows;
  const ledger = row === undefined ? null : await includedAct(context, row.sequence);
  if (row === undefined || ledger === null) throw new Refusal('not-found');
  const { digest, statuses, knowledge, state } = row;
  return {
    form: complianceExportForm,
    hospital: context.config.hospital,
    run: id,
    digest,
    state: unpacked(state),
    statuses,
    knowledge,
    ledger,
    plans: await gapPlans(context.database),
  };
}
