import { randomUUID } from 'node:crypto';
import { readSecurityTxt } from '@wardline/formats';
import { formatMicros, type Reminder, type Supplier, type SupplierDetails } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { changedMeanwhile, Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';
import { mostUrgentFirst, remindersOf } from './reminders.ts';

interface Stored {
  id: string;
  revision: number;
  details: SupplierDetails;
  disclosure: Supplier['disclosure'];
  added: number;
  modified: number;
}

/** Every supplier with what runs out there; a hospital has some hundred. */
export async function loadSuppliers(database: Executor, now: number): Promise<Supplier[]> {
  const { rows } = await sql<Stored>`
    select id, revision, details, disclosure, added, modified from supplier order by lower(name)`.execute(
    database,
  );
  const today = formatMicros(now).slice(0, 10);
  return rows.map(({ added, modified, ...row }) => ({
    ...row,
    reminders: remindersOf(row, today).toSorted(mostUrgentFirst),
    added: formatMicros(added),
    modified: formatMicros(modified),
  }));
}

/** What runs out, has run out or is missing at any supplier, most urgent first. */
export const allReminders = (suppliers: readonly Supplier[]): Reminder[] =>
  suppliers.flatMap(({ reminders }) => reminders).toSorted(mostUrgentFirst);

/** What of an act stays for ever: no name of a person is in it. */
const changesOf = ({
  name,
  handlesPatientData,
  contacts,
  channels,
  agreements,
  products,
}: SupplierDetails) => ({
  name,
  handlesPatientData,
  contacts: contacts.length,
  channels: channels.map((one) => `${one.kind} ${one.name}`),
  agreements: agreements.map((one) => `${one.kind} ${one.title} until ${one.expires ?? 'no end'}`),
  products: products.length,
});

const takenName = (name: string) => new Refusal('conflict', `There is a supplier "${name}" already`);

async function isNameTaken(database: Executor, name: string, id: string): Promise<boolean> {
  const { rows } =
    await sql`select 1 from supplier where lower(name) = lower(${name}) and id <> ${id}`.execute(database);
  return rows.length > 0;
}

export async function addSupplier(
  context: Context,
  actor: string,
  details: SupplierDetails,
  reason: string,
): Promise<string> {
  const id = randomUUID();
  const at = context.now();
  if (await isNameTaken(context.database, details.name, id)) throw takenName(details.name);
  const entry = {
    at,
    actor,
    action: 'supplier.add',
    subject: `supplier:${id}`,
    changes: changesOf(details),
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    await sql`insert into supplier (id, revision, name, details, added, modified)
      values (${id}, 1, ${details.name}, ${JSON.stringify(details)}::jsonb, ${at}, ${at})`.execute(
      transaction,
    );
  });
  return id;
}

/** Whoever changed it meanwhile is not written over. */
export async function changeSupplier(
  context: Context,
  actor: string,
  {
    id,
    revision,
    details,
    reason,
  }: { id: string; revision: number; details: SupplierDetails; reason: string },
): Promise<void> {
  const at = context.now();
  if (await isNameTaken(context.database, details.name, id)) throw takenName(details.name);
  await expectRevision(context.database, id, revision);
  const entry = {
    at,
    actor,
    action: 'supplier.change',
    subject: `supplier:${id}`,
    changes: changesOf(details),
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    const changed =
      await sql`update supplier set revision = revision + 1, name = ${details.name}, modified = ${at},
      details = ${JSON.stringify(details)}::jsonb where id = ${id} and revision = ${revision}`.execute(
        transaction,
      );
    if (changed.numAffectedRows !== 1n) throw changedMeanwhile();
  });
}

async function expectRevision(database: Executor, id: string, revision: number): Promise<void> {
  const { rows } = await sql<{ revision: number }>`select revision from supplier where id = ${id}`.execute(
    database,
  );
  if (rows[0] === undefined) throw new Refusal('not-found', `There is no supplier ${id}`);
  if (rows[0].revision !== revision) throw changedMeanwhile();
}

/** Keeps how a supplier is told of vulnerabilities, from the text of its `security.txt`. Nothing is fetched. */
export async function takeSecurityTxt(
  context: Context,
  actor: string,
  { id, text, reason }: { id: string; text: string; reason: string },
): Promise<void> {
  const at = context.now();
  const { contacts, expires, policy, csaf, faults } = readSecurityTxt(text);
  if (contacts.length === 0)
    throw new Refusal(
      'invalid-request',
      `text: this is no security.txt: ${faults[0]?.message ?? 'it names nobody'}`,
    );
  const { rows } = await sql`select 1 from supplier where id = ${id}`.execute(context.database);
  if (rows.length === 0) throw new Refusal('not-found', `There is no supplier ${id}`);
  const disclosure = {
    contacts,
    expires,
    policy,
    csaf,
    faults: faults.slice(0, 50),
    readAt: formatMicros(at),
  };
  const changes = { contacts: contacts.length, expires, faults: faults.length };
  const entry = { at, actor, action: 'supplier.disclosure', subject: `supplier:${id}`, changes, reason };
  await act(context.database, entry, async (transaction) => {
    await sql`update supplier set disclosure = ${JSON.stringify(disclosure)}::jsonb, revision = revision + 1, modified = ${at}
      where id = ${id}`.execute(transaction);
  });
}
