import type { Playbook } from '@wardline/knowledge';
import {
  type DutyContact,
  type incidentBreachBody,
  type incidentNoteBody,
  type incidentOpenBody,
  type incidentStepBody,
  parseMicros,
} from '@wardline/model';
import { assessBreach } from '@wardline/risk';
import { sql, type Transaction } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import type { Tables } from '../../store/tables.ts';
import { addEntry, happen, type StoredIncident } from './records.ts';

/**
 * `also` is carried out with it: what the incident comes from hears of its number in the same transaction.
 * @throws Refusal where an asset is not known
 */
export async function openIncident(
  context: Context,
  actor: string,
  playbook: Playbook,
  { title, drill, began, assets, reason }: z.infer<typeof incidentOpenBody>,
  also: (transaction: Transaction<Tables>, number: number) => Promise<void> = async () => {},
): Promise<number> {
  const at = context.now();
  const number = await nextNumber(context);
  const changes = { playbook: playbook.id, drill, assets };
  const entry = { at, actor, action: 'incident.open', subject: `incident:${number}`, changes, reason };
  await act(context.database, entry, async (transaction) => {
    await knownAssets(transaction, assets);
    const start = (began === undefined ? null : parseMicros(began)) ?? at;
    const { numAffectedRows } = await sql`
      insert into incident (number, playbook, title, drill, state, began, opened, opened_by, changed, assets)
      values (${number}, ${JSON.stringify(playbook)}::jsonb, ${title}, ${drill}, 'open', ${start}, ${at}, ${actor}, ${at}, ${assets}::text[])
      on conflict (number) do nothing`.execute(transaction);
    if (numAffectedRows !== 1n)
      throw new Refusal(
        'conflict',
        'Somebody opened another incident at the same moment: look whether it is this one.',
      );
    await addEntry(transaction, { number, at, actor, kind: 'opened', text: reason, evidence: null });
    await also(transaction, number);
  });
  context.events.emit('incidents', 'ledger');
  return number;
}

/** Of two that are opened at the same moment the second finds its number taken, and is refused. */
async function nextNumber({ database }: Context): Promise<number> {
  const { rows } = await sql<{
    next: number;
  }>`select coalesce(max(number), 0)::int + 1 as next from incident`.execute(database);
  return rows[0]!.next;
}

async function knownAssets(transaction: Transaction<Tables>, assets: readonly string[]): Promise<void> {
  const { rows } = await sql<{
    id: string;
  }>`select id from asset where id = any(${[...assets]}::text[])`.execute(transaction);
  const missing = assets.find((id) => !rows.some((row) => row.id === id));
  if (missing !== undefined) throw new Refusal('conflict', `There is no asset ${missing}.`);
}

export function addNote(
  context: Context,
  actor: string,
  number: number,
  { kind, text, evidence }: z.infer<typeof incidentNoteBody>,
): Promise<void> {
  if ((kind === 'evidence') !== (evidence !== null))
    throw new Refusal(
      'invalid-request',
      'evidence: a file with its hash belongs to evidence, and to nothing else',
    );
  const changes = evidence === null ? { kind } : { kind, sha256: evidence.sha256, bytes: evidence.bytes };
  return happen(
    context,
    { number, actor, action: 'incident.note', kind, text, changes, evidence },
    async () => {},
  );
}

/** @throws Refusal where another step comes first, or nobody is said to be at the bedside */
export function settleStep(
  context: Context,
  actor: string,
  { number, step }: { number: number; step: string },
  { state, note, atBedside }: z.infer<typeof incidentStepBody>,
): Promise<void> {
  const said = `${state === 'done' ? 'Done' : 'Left out'}: ${step}${note === '' ? '' : `. ${note}`}`;
  const happening = {
    number,
    actor,
    action: 'incident.step',
    kind: 'step' as const,
    text: said,
    changes: { step, state },
  };
  return happen(context, happening, async (transaction, incident) => {
    await mayBeSettled(transaction, incident, step, { state, note, atBedside });
    const at = context.now();
    await sql`insert into incident_step (incident, step, state, at, actor, note, at_bedside)
      values (${number}, ${step}, ${state}, ${at}, ${actor}, ${note}, ${atBedside})
      on conflict (incident, step) do update set state = excluded.state, at = excluded.at, actor = excluded.actor,
        note = excluded.note, at_bedside = excluded.at_bedside`.execute(transaction);
  });
}

async function mayBeSettled(
  transaction: Transaction<Tables>,
  { number, playbook }: StoredIncident,
  id: string,
  { state, note, atBedside }: z.infer<typeof incidentStepBody>,
): Promise<void> {
  const step = playbook.steps.find((one) => one.id === id);
  if (step === undefined) throw new Refusal('not-found');
  if (state === 'skipped' && note.length < 3) throw new Refusal('conflict', 'Say why the step is left out.');
  if (state === 'done' && step.bedside !== undefined && atBedside.length < 3)
    throw new Refusal('conflict', `Say who is at the bedside: ${step.bedside.who}. ${step.bedside.why}`);
  const { rows } = await sql<{
    step: string;
  }>`select step from incident_step where incident = ${number}`.execute(transaction);
  const first = step.after.find((other) => !rows.some((row) => row.step === other));
  const title = playbook.steps.find((one) => one.id === first)?.title;
  if (state === 'done' && first !== undefined) throw new Refusal('conflict', `First: ${title}`);
}

export function assignDuty(
  context: Context,
  actor: string,
  number: number,
  { role, person }: { role: string; person: string },
) {
  const happening = {
    number,
    actor,
    action: 'incident.duty',
    kind: 'duty' as const,
    text: `${role}: ${person}`,
    changes: { role },
  };
  return happen(context, happening, (transaction) =>
    sql`update incident set duties = duties || ${JSON.stringify({ [role]: person })}::jsonb where number = ${number}`.execute(
      transaction,
    ),
  );
}

/** @throws Refusal where it is in that state already, or is to be closed with steps that nobody settled */
export function changeState(
  context: Context,
  actor: string,
  number: number,
  { state, reason }: { state: StoredIncident['state']; reason: string },
): Promise<void> {
  const happening = {
    number,
    actor,
    action: 'incident.state',
    kind: 'state' as const,
    text: `${state}: ${reason}`,
    changes: { state },
  };
  return happen(context, happening, async (transaction, incident) => {
    if (incident.state === state) throw new Refusal('conflict', `The incident is ${state} already.`);
    if (state === 'closed') await allSettled(transaction, incident);
    await sql`update incident set state = ${state} where number = ${number}`.execute(transaction);
  });
}

async function allSettled(
  transaction: Transaction<Tables>,
  { number, playbook }: StoredIncident,
): Promise<void> {
  const { rows } = await sql<{
    step: string;
  }>`select step from incident_step where incident = ${number}`.execute(transaction);
  const open = playbook.steps.filter(({ id }) => !rows.some(({ step }) => step === id));
  if (open.length > 0)
    throw new Refusal(
      'conflict',
      `${open.length} steps are open, the first: ${open[0]!.title}. Do them, or leave them out with a reason.`,
    );
}

export function assess(
  context: Context,
  actor: string,
  number: number,
  { facts, given }: z.infer<typeof incidentBreachBody>,
): Promise<void> {
  const { verdict, notifiable, because } = assessBreach(facts);
  const text = `Breach assessment: ${verdict}. ${because.join(' ')}`;
  const changes = { verdict, notifiable, given };
  return happen(
    context,
    { number, actor, action: 'incident.breach', kind: 'breach', text: text.slice(0, 4000), changes },
    (transaction) =>
      sql`update incident set breach = ${JSON.stringify(facts)}::jsonb, notices = ${JSON.stringify(given)}::jsonb where number = ${number}`.execute(
        transaction,
      ),
  );
}

/** Who is on duty for a role, and how to reach them; the names are personal, and can be erased from the ledger. */
export async function setContact(
  context: Context,
  actor: string,
  { role, name, reach }: DutyContact,
): Promise<void> {
  const entry = {
    at: context.now(),
    actor,
    action: 'incident.contact',
    subject: `duty:${role}`,
    changes: { role },
    reason: null,
    personal: { name, reach },
  };
  await act(context.database, entry, (transaction) =>
    sql`insert into duty_contact (role, name, reach) values (${role}, ${name}, ${reach})
      on conflict (role) do update set name = excluded.name, reach = excluded.reach`.execute(transaction),
  );
  context.events.emit('incidents', 'ledger');
}
