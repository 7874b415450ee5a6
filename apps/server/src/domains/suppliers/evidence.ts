import type { EvidenceFact, EvidenceMember, Supplier } from '@wardline/model';
import { sql } from 'kysely';
import { factOf, type Gatherer, lastHeard, MEMBERS_TOLD } from '../../evidence/index.ts';
import type { Executor } from '../../store/database.ts';
import { loadStatements, type StatedProduct, statementFor } from './forms/statements.ts';
import { loadSuppliers } from './suppliers.ts';

/** What is known of suppliers, what they signed, and what makers state of their products. */
export const suppliersEvidence: Gatherer = async ({ database, knowledge }, at) => {
  const suppliers = await loadSuppliers(database, at);
  const stated = await loadStatements(database);
  const devices = await devicesOf(database);
  const statements = devices.map((one) => ({ ...one, form: statementFor(stated, knowledge, one) }));
  const none = suppliers.length === 0 ? 'No supplier is entered yet.' : null;
  const known = { asOf: at, population: suppliers.length, hindrance: none };
  return [
    agreementsFact(suppliers, at, none),
    factOf('suppliers.known', {
      ...known,
      members: suppliers
        .filter(({ details }) => details.contacts.length === 0)
        .map((one) => supplierMember(one, 'fails', 'Nobody to call is known.')),
    }),
    factOf('suppliers.disclosure', {
      ...known,
      members: suppliers
        .filter(({ disclosure }) => disclosure === null)
        .map((one) => supplierMember(one, 'fails', 'Where it takes reports of weaknesses is not known.')),
    }),
    statedFact('procurement.statements', statements, at, () => 'yes'),
    await claimsFact(
      database,
      statements.filter(({ form }) => form !== null),
    ),
    // HN 1-2019: ALOF-1 and STCF-1.
    statedFact('devices.log-off', statements.filter(holdsData), at, answerTo('ALOF-1')),
    statedFact('devices.encrypt-at-rest', statements.filter(holdsData), at, answerTo('STCF-1')),
  ];
};

const supplierMember = (
  { id, details }: Supplier,
  answer: EvidenceMember['answer'],
  note: string,
): EvidenceMember => ({ kind: 'supplier', id, name: details.name, answer, note });

/** 45 CFR 164.308(b): whoever touches patients' data has an agreement that is in force. */
function agreementsFact(suppliers: readonly Supplier[], at: number, hindrance: string | null): EvidenceFact {
  const concerned = suppliers.filter(({ details }) => details.handlesPatientData !== 'no');
  const members = concerned.flatMap((one): EvidenceMember[] => {
    const lack = one.reminders.find(
      ({ kind, state }) => (kind === 'agreement' || kind === 'no-agreement') && state !== 'soon',
    );
    if (lack !== undefined) return [supplierMember(one, 'fails', lack.text)];
    if (one.details.handlesPatientData === 'yes') return [];
    return [supplierMember(one, 'unknown', 'It is not known whether it touches data of patients.')];
  });
  return factOf('suppliers.agreements', {
    asOf: at,
    population: concerned.length,
    members,
    holdsOfNone: true,
    hindrance,
  });
}

/** Of devices whose maker's form is held: what it states against what was seen of them. */
async function claimsFact(database: Executor, stated: readonly Device[]): Promise<EvidenceFact> {
  const { rows } = await sql<{ id: string; note: string }>`
    select asset_id as id, (array_agg(summary order by severity_rank, id))[1] as note from finding
    where closed_at is null and rule = 'statement-contradicted' group by asset_id`.execute(database);
  const notes = new Map(rows.map(({ id, note }) => [id, note]));
  const members = stated.flatMap(({ id, name }): EvidenceMember[] => {
    const note = notes.get(id);
    return note === undefined
      ? []
      : [{ kind: 'asset', id, name, answer: 'fails', note: note.slice(0, 2000) }];
  });
  const asOf = await lastHeard(database);
  return factOf('procurement.claims-hold', { asOf, population: stated.length, members });
}

interface Device {
  id: string;
  name: string;
  vendor: string;
  model: string;
  sensitivity: string;
}
type Stated = Device & { form: StatedProduct | null };

const holdsData = ({ sensitivity }: Device): boolean => sensitivity !== 'no-phi';

async function devicesOf(database: Executor): Promise<Device[]> {
  const { rows } = await sql<Device>`
    select id, name, vendor, model, data_sensitivity as sensitivity from asset
    where not gone and model <> '' order by criticality_rank, name`.execute(database);
  return rows;
}

type Answer = 'yes' | 'no' | 'unknown';

const answerTo =
  (question: string) =>
  ({ statement }: StatedProduct): Answer => {
    const value = statement.answers.find(({ id }) => id === question)?.value;
    return value === 'yes' || value === 'no' ? value : 'unknown';
  };

/** What makers state of the devices whose product is known. A form that is not held says nothing. */
function statedFact(
  query: string,
  devices: readonly Stated[],
  at: number,
  said: (form: StatedProduct) => Answer,
): EvidenceFact {
  const open = devices.flatMap(({ id, name, form }): EvidenceMember[] => {
    const answer = form === null ? 'unknown' : said(form);
    if (answer === 'yes') return [];
    const note =
      form === null ? 'No form of its maker is held.' : `By ${form.statement.document}: ${answer}.`;
    return [{ kind: 'asset', id, name, answer: answer === 'no' ? 'fails' : 'unknown', note }];
  });
  const count = (answer: EvidenceMember['answer']) => open.filter((one) => one.answer === answer).length;
  return factOf(query, {
    asOf: at,
    population: devices.length,
    failing: count('fails'),
    undetermined: count('unknown'),
    members: open.toSorted((a, b) => (a.answer < b.answer ? -1 : 1)).slice(0, MEMBERS_TOLD),
  });
}
