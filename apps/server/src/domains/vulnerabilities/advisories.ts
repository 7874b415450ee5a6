import { type Advisory, type AdvisoryFault, readWeaknessFile } from '@wardline/formats';
import type { AdvisoryImport } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { act } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';
import { importEpss, importKev, importSsvc } from './enrichment.ts';
import { keepAdvisories } from './keep.ts';

export interface AdvisoryFile {
  name: string;
  text: string;
  reason: string;
}

/** Documents of one file that go into one act: others wait for the ledger no longer than a moment. */
const TOGETHER = 500;

/** Takes one file in. What cannot be read is quarantined with the place of its fault, and stands in no one's way. */
export async function importAdvisory(
  context: Context,
  actor: string,
  file: AdvisoryFile,
): Promise<AdvisoryImport> {
  const reading = await readWeaknessFile(file.text.replaceAll('\u0000', ''));
  switch (reading.kind) {
    case 'unread':
      return await quarantine(context, actor, file, reading.faults);
    case 'kev':
      return answerOf(await importKev(context, actor, file, reading));
    case 'epss':
      return answerOf(await importEpss(context, actor, file, reading));
    case 'ssvc':
      return answerOf(await importSsvc(context, actor, file, reading.table));
    default:
      return await importAll(context, actor, file, reading.advisories, reading.faults);
  }
}

const answerOf = ({ outcome, id }: Pick<AdvisoryImport, 'outcome' | 'id'>): AdvisoryImport =>
  answer(outcome, id);

const answer = (
  outcome: AdvisoryImport['outcome'],
  id: string | null,
  faults: readonly AdvisoryFault[] = [],
): AdvisoryImport => ({ outcome, id, faults: [...faults] });

type Outcome = 'added' | 'updated' | 'unchanged' | 'older';

async function importAll(
  context: Context,
  actor: string,
  file: AdvisoryFile,
  advisories: readonly Advisory[],
  faults: readonly AdvisoryFault[],
): Promise<AdvisoryImport> {
  const outcomes: Outcome[] = [];
  for (let start = 0; start < advisories.length; start += TOGETHER)
    outcomes.push(...(await importSome(context, actor, file, advisories.slice(start, start + TOGETHER))));
  if (faults.length > 0) await quarantine(context, actor, file, faults);
  const order: Outcome[] = ['added', 'updated', 'unchanged', 'older'];
  const first = order.find((outcome) => outcomes.includes(outcome));
  if (first === undefined) return answer(faults.length > 0 ? 'quarantined' : 'unchanged', null, faults);
  return answer(
    first,
    advisories.length === 1 ? advisories[0]!.id : `${advisories.length} documents`,
    faults,
  );
}

async function importSome(
  context: Context,
  actor: string,
  { name, reason }: AdvisoryFile,
  advisories: readonly Advisory[],
): Promise<Outcome[]> {
  const known = await readKnown(
    context.database,
    advisories.map(({ id }) => id),
  );
  const outcomes = advisories.map((advisory) => outcomeOf(advisory, known.get(advisory.id)));
  const fresh = advisories.filter(
    (_one, index) => outcomes[index] === 'added' || outcomes[index] === 'updated',
  );
  if (fresh.length === 0) return outcomes;
  const at = context.now();
  const [only] = advisories;
  const subject = advisories.length === 1 ? only!.id : name;
  const changes =
    advisories.length === 1
      ? { issuer: only!.issuer, revision: only!.revision, statements: only!.statements.length }
      : { issuer: only!.issuer, documents: fresh.length };
  const entry = { at, actor, action: 'advisory.import', subject, changes, reason };
  await act(context.database, entry, (transaction) => keepAdvisories(transaction, context, fresh, name));
  return outcomes;
}

interface Known {
  updated: number;
  revision: string;
  statements: number;
}

async function readKnown(database: Executor, ids: readonly string[]): Promise<Map<string, Known>> {
  const { rows } = await sql<Known & { id: string }>`
    select id, updated, revision, statements from advisory where id = any(${ids}::text[])`.execute(database);
  return new Map(rows.map((row) => [row.id, row]));
}

function outcomeOf(advisory: Advisory, known: Known | undefined): Outcome {
  if (known === undefined) return 'added';
  if (known.updated > advisory.updated) return 'older';
  const same =
    known.updated === advisory.updated &&
    known.revision === advisory.revision &&
    known.statements === advisory.statements.length;
  return same ? 'unchanged' : 'updated';
}

/** Notes a file that could not be read, or not all of it, with the places of its faults. */
export async function quarantine(
  context: Context,
  actor: string,
  { name, reason }: Pick<AdvisoryFile, 'name' | 'reason'>,
  faults: readonly AdvisoryFault[],
): Promise<AdvisoryImport> {
  const at = context.now();
  const changes = { quarantined: name, faults: faults.length };
  const entry = { at, actor, action: 'advisory.import', subject: 'quarantine', changes, reason };
  await act(context.database, entry, (transaction) =>
    sql`insert into advisory_quarantine (name, faults, at) values (${name}, ${JSON.stringify(faults)}::jsonb, ${at})
      on conflict (name) do update set faults = excluded.faults, at = excluded.at`.execute(transaction),
  );
  return answer('quarantined', null, faults);
}
