import { randomUUID } from 'node:crypto';
import {
  type Attestation,
  type AttestationRow,
  type attestBody,
  type ControlDecision,
  type ControlDecisionRow,
  type decideControlBody,
  formatMicros,
} from '@wardline/model';
import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';
import { LONGEST_DAYS } from './limits.ts';

const DAY_MICROS = 86_400_000_000;

/** The end of a day that is not over, within a year. @throws Refusal */
function endOf(day: string, at: number): number {
  const end = Date.parse(`${day}T00:00:00Z`) * 1000 + DAY_MICROS;
  if (Number.isNaN(end)) throw new Refusal('invalid-request', `${day} is no day`);
  if (end <= at) throw new Refusal('invalid-request', `${day} is over`);
  if (end > at + LONGEST_DAYS * DAY_MICROS)
    throw new Refusal(
      'invalid-request',
      `${day} is more than a year away; it is looked at again within a year`,
    );
  return end;
}

/** The control by its name, where it is one that a person can speak of. @throws Refusal */
export function mustBeControl({ knowledge }: Context, ref: string) {
  const control = knowledge.controls.controls.get(ref);
  if (control === undefined) throw new Refusal('invalid-request', `There is no control ${ref}`);
  if (control.children.length > 0)
    throw new Refusal('invalid-request', `${ref} is as its specifications are; speak of those`);
  return control;
}

/** @throws Refusal where the owner is nobody here, the control is none, or the time is not as it must be */
export async function attest(
  context: Context,
  actor: string,
  body: z.infer<typeof attestBody>,
): Promise<string> {
  const { control, statement, owner, document, sha256, reason } = body;
  mustBeControl(context, control);
  const [id, at] = [randomUUID(), context.now()];
  const until = endOf(body.until, at);
  const changes = { attestation: id, owner, sha256, until };
  const entry = { at, actor, action: 'compliance.attest', subject: control, changes, reason };
  await act(context.database, { ...entry, personal: { statement, document } }, async (transaction) => {
    const { rows } =
      await sql`select 1 from person where 'person:' || id::text = ${owner} and active`.execute(transaction);
    if (rows.length === 0)
      throw new Refusal('invalid-request', 'The owner has to be a person who is active here');
    await sql`insert into compliance_attestation (id, control, statement, owner, given_by, document, sha256, since, until)
      values (${id}, ${control}, ${statement}, ${owner}, ${actor}, ${document}, ${sha256}, ${at}, ${until})`.execute(
      transaction,
    );
  });
  return id;
}

/** @throws Refusal where what is required is to be left out, or an alternative has no words */
export async function decideControl(
  context: Context,
  actor: string,
  body: z.infer<typeof decideControlBody>,
): Promise<string> {
  const { control, decision, rationale, alternative, reason } = body;
  const { obligation } = mustBeControl(context, control);
  // 45 CFR 164.306(d): only what is addressable can be found unreasonable or be answered otherwise.
  if (obligation !== 'addressable' && (decision === 'alternative' || decision === 'not-reasonable'))
    throw new Refusal(
      'invalid-request',
      `${control} is not addressable: it is carried out, or does not apply at all`,
    );
  if ((decision === 'alternative') !== (alternative !== undefined))
    throw new Refusal(
      'invalid-request',
      'An alternative has words that say what is done instead, and nothing else has',
    );
  const [id, at] = [randomUUID(), context.now()];
  const until = endOf(body.until, at);
  const changes = { decision: id, kind: decision, until };
  const entry = { at, actor, action: 'compliance.decide', subject: control, changes, reason };
  const personal = { rationale, ...(alternative === undefined ? {} : { alternative }) };
  await act(context.database, { ...entry, personal }, async (transaction) => {
    await sql`insert into compliance_decision (id, control, decision, rationale, alternative, given_by, since, until)
      values (${id}, ${control}, ${decision}, ${rationale}, ${alternative ?? null}, ${actor}, ${at}, ${until})`.execute(
      transaction,
    );
  });
  return id;
}

/** Takes back what was said of a control; what was true until now stays. @throws Refusal where nothing of it holds */
export async function takeBack(
  context: Context,
  actor: string,
  what: { table: 'attestation' | 'decision'; id: string; reason: string },
): Promise<void> {
  const { table, id, reason } = what;
  const at = context.now();
  const from = sql.table(`compliance_${table}`);
  const action = table === 'attestation' ? 'compliance.attest-end' : 'compliance.decide-end';
  const { rows } = await sql<{ control: string }>`select control from ${from} where id = ${id}`.execute(
    context.database,
  );
  if (rows[0] === undefined) throw new Refusal('not-found');
  const entry = { at, actor, action, subject: rows[0].control, changes: { [table]: id }, reason };
  await act(context.database, entry, async (transaction) => {
    const { numAffectedRows } = await sql`update ${from} set ended = ${at}
      where id = ${id} and ended is null and until > ${at}`.execute(transaction);
    if (numAffectedRows !== 1n) throw new Refusal('conflict', 'It does not hold any more');
  });
}

/** What persons said that holds at a moment. */
export async function saidAt(
  database: Executor,
  at: number,
): Promise<{ attestations: Attestation[]; decisions: ControlDecision[] }> {
  const holds = sql`since <= ${at} and until > ${at} and (ended is null or ended > ${at})`;
  const attested = await sql<Omit<Attestation, 'document'> & { document: string; sha256: string }>`
    select id, control, statement, owner, given_by as by, document, sha256, since, until
    from compliance_attestation where ${holds} order by since, id`.execute(database);
  const decided = await sql<ControlDecision>`
    select id, control, decision, rationale, alternative, given_by as by, since, until
    from compliance_decision where ${holds} order by since, id`.execute(database);
  return {
    attestations: attested.rows.map(({ document: name, sha256, ...rest }) => ({
      ...rest,
      document: { name, sha256 },
    })),
    decisions: decided.rows,
  };
}

interface Times {
  since: number;
  until: number;
  ended: number | null;
}

const told = <T extends Times>({ since, until, ended, ...rest }: T) => ({
  ...rest,
  since: formatMicros(since),
  until: formatMicros(until),
  ended: ended === null ? null : formatMicros(ended),
});

const nameOf = (column: string): RawBuilder<string> =>
  sql`coalesce((select p.name from person p where 'person:' || p.id::text = ${sql.ref(column)}), ${sql.ref(column)})`;

/** Everything that was ever said of a control, the newest first. */
export async function saidOf(
  database: Executor,
  control: string,
): Promise<{ attestations: AttestationRow[]; decisions: ControlDecisionRow[] }> {
  const attested = await sql<Omit<AttestationRow, keyof Times> & Times>`
    select id, control, statement, owner, ${nameOf('owner')} as "ownerName", ${nameOf('given_by')} as "byName", document,
      sha256, since, until, ended from compliance_attestation where control = ${control} order by since desc`.execute(
    database,
  );
  const decided = await sql<Omit<ControlDecisionRow, keyof Times> & Times>`
    select id, control, decision, rationale, alternative, ${nameOf('given_by')} as "byName", since, until, ended
    from compliance_decision where control = ${control} order by since desc`.execute(database);
  return { attestations: attested.rows.map(told), decisions: decided.rows.map(told) };
}
