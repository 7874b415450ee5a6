import {
  type Disclosure,
  type DisclosureDetail,
  type DisclosureStep,
  type disclosureAddBody,
  type disclosureStepBody,
  disclosureSteps,
  formatMicros,
} from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';
import { loadSuppliers } from '../suppliers/index.ts';
import { clocksOf, type DoneStep, isClosed } from './clocks.ts';
import { letterOf } from './letter.ts';

type Stored = Pick<Disclosure, 'number' | 'received' | 'details' | 'addedBy'> & {
  added: number;
  reporter: DisclosureDetail['reporter'];
  steps: DoneStep[];
};

async function stored(database: Executor, number: number | null): Promise<Stored[]> {
  const { rows } = await sql<Stored>`
    select d.number, to_char(d.received, 'YYYY-MM-DD') as received, d.details, d.reporter, d.added, d.added_by as "addedBy",
      coalesce((select jsonb_agg(jsonb_build_object('step', s.step, 'day', to_char(s.day, 'YYYY-MM-DD'), 'note', s.note,
        'outcome', s.outcome, 'supplierName', p.name, 'address', s.address, 'actor', s.actor))
        from disclosure_step s left join supplier p on p.id = s.supplier where s.disclosure = d.number), '[]') as steps
    from disclosure d where ${number}::bigint is null or d.number = ${number} order by d.number desc`.execute(
    database,
  );
  return rows;
}

function rowOf({ reporter: _reporter, steps, added, ...row }: Stored, now: number): Disclosure {
  const about = { received: row.received, hasProduct: row.details.vendor !== '' };
  const clocks = clocksOf(about, steps, formatMicros(now).slice(0, 10));
  return { ...row, clocks, closed: isClosed(clocks), added: formatMicros(added) };
}

/** Every report, the open ones first; a hospital has some dozens in a year. */
export async function loadDisclosures({
  database,
  now,
}: Pick<Context, 'database' | 'now'>): Promise<Disclosure[]> {
  const rows = (await stored(database, null)).map((row) => rowOf(row, now()));
  return rows.toSorted((a, b) => Number(a.closed) - Number(b.closed));
}

export const countOverdue = (rows: readonly Disclosure[]): number =>
  rows.filter(({ clocks }) => clocks.some(({ state }) => state === 'overdue')).length;

/** One report with who told it, and where it can be handed over to. */
export async function disclosureDetail(context: Context, number: number): Promise<DisclosureDetail> {
  const { database, knowledge, now } = context;
  const [found] = await stored(database, number);
  if (found === undefined) throw new Refusal('not-found', `There is no report ${number}`);
  const suppliers = await loadSuppliers(database, now());
  const today = formatMicros(now());
  const addresses = suppliers
    .filter(
      ({ details }) =>
        found.details.vendor !== '' && knowledge.vendors.agree(details.name, found.details.vendor),
    )
    .flatMap(({ id, details, disclosure }) =>
      (disclosure?.contacts ?? []).map((address) => ({
        supplier: id,
        supplierName: details.name,
        address,
        expired: disclosure?.expires !== null && disclosure!.expires < today,
      })),
    );
  return { ...rowOf(found, now()), reporter: found.reporter, addresses, letter: letterOf(found) };
}

/** Takes a report in. Who told it stays out of the ledger. */
export async function addDisclosure(
  context: Context,
  actor: string,
  { received, details, reporter, reason }: z.infer<typeof disclosureAddBody>,
): Promise<number> {
  const at = context.now();
  checkPast('received', received, at);
  const { title, vendor, model } = details;
  const changes = { received, title, vendor, model, hasReporter: reporter !== null };
  const entry = { at, actor, action: 'disclosure.add', subject: 'disclosures', changes, reason };
  let number = 0;
  await act(context.database, entry, async (transaction) => {
    const { rows } = await sql<{ number: number }>`
      insert into disclosure (received, title, details, reporter, added, added_by)
      values (${received}, ${title}, ${JSON.stringify(details)}::jsonb,
        ${reporter === null ? null : JSON.stringify(reporter)}::jsonb, ${at}, ${actor}) returning number`.execute(
      transaction,
    );
    ({ number } = rows[0]!);
  });
  return number;
}

function checkPast(field: string, day: string, now: number): void {
  // A day further east may have begun already.
  if (Date.parse(day) > now / 1000 + 86_400_000)
    throw new Refusal('invalid-request', `${field}: this day is still to come`);
}

type Step = z.infer<typeof disclosureStepBody>;

/** Enters that a step was done; what was entered stays, and each is entered once. */
export async function doStep(
  context: Context,
  actor: string,
  { number, step }: { number: number; step: DisclosureStep },
  body: Step,
): Promise<void> {
  const at = context.now();
  checkPast('day', body.day, at);
  const found = await disclosureDetail(context, number);
  checkStep(found, step, body);
  const { day, note, outcome = null, supplier = null, address = null } = body;
  const changes = { step, day, outcome, supplier, address };
  const entry = {
    at,
    actor,
    action: 'disclosure.step',
    subject: `disclosure:${number}`,
    changes,
    reason: body.reason,
  };
  await act(context.database, entry, async (transaction) => {
    const done =
      await sql`insert into disclosure_step (disclosure, step, day, note, outcome, supplier, address, at, actor)
      values (${number}, ${step}, ${day}, ${note}, ${outcome}, ${supplier}, ${address}, ${at}, ${actor})
      on conflict do nothing`.execute(transaction);
    if (done.numAffectedRows !== 1n)
      throw new Refusal('conflict', `This step of report ${number} was done already`);
  });
}

function checkStep(
  { received, clocks, addresses }: DisclosureDetail,
  step: DisclosureStep,
  body: Step,
): void {
  const clock = clocks.find((one) => one.step === step)!;
  if (body.day < received) throw new Refusal('invalid-request', 'day: it is before the report was received');
  if (clock.day !== null) throw new Refusal('conflict', 'This step was done already');
  if (clock.state === 'not-needed') throw new Refusal('conflict', 'This report needs no such step');
  if ((step === 'assess') !== (body.outcome !== undefined))
    throw new Refusal('invalid-request', 'outcome: it comes with the assessment, and with nothing else');
  const isAfterAssessment = disclosureSteps.indexOf(step) > disclosureSteps.indexOf('assess');
  if (isAfterAssessment && clocks.find((one) => one.step === 'assess')!.day === null)
    throw new Refusal('conflict', 'It has to be assessed before');
  checkAddress(addresses, step, body);
}

function checkAddress(
  addresses: DisclosureDetail['addresses'],
  step: DisclosureStep,
  { supplier, address }: Step,
): void {
  if ((step === 'hand-over') !== (supplier !== undefined && address !== undefined))
    throw new Refusal(
      'invalid-request',
      'supplier, address: they come with the hand-over, and with nothing else',
    );
  if (step !== 'hand-over') return;
  if (!addresses.some((one) => one.supplier === supplier && one.address === address))
    throw new Refusal(
      'invalid-request',
      "address: it is none of this product's supplier; keep its security.txt first",
    );
}
