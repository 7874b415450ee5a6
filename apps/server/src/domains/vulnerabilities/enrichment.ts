import type { DecisionTable, WeaknessFile } from '@wardline/formats';
import { type AdvisoryImport, formatMicros } from '@wardline/model';
import { outcomesOf, type TableOutcome } from '@wardline/vulnerabilities';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { act } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';

type Of<K extends WeaknessFile['kind']> = Extract<WeaknessFile, { kind: K }>;
type Taken = Pick<AdvisoryImport, 'outcome' | 'id'>;

interface Source {
  name: string;
  reason: string;
}

/** Scores that are written at once. */
const STEP = 20_000;

/** The KEV catalogue: what it lists is exploited; what an earlier one listed and this one does not was withdrawn. */
export async function importKev(
  context: Context,
  actor: string,
  file: Source,
  { version, exploited }: Of<'kev'>,
): Promise<Taken> {
  const current = await releaseOf(context.database, 'kev');
  if (current !== null && current > version) return { outcome: 'older', id: `KEV ${version}` };
  const changes = { kev: version, exploited: exploited.length };
  await act(context.database, entryOf(context, actor, file, 'kev', changes), async (transaction) => {
    await sql`update vulnerability set exploited_since = null, kev = null where kev is not null`.execute(
      transaction,
    );
    await sql`insert into vulnerability (id, title, summary, score, scores, weaknesses, ssvc, exploited_since, kev, advisories)
      select e ->> 'vulnerability', '', '', -1, '[]', '{}', '{}', e ->> 'since',
        jsonb_build_object('release', ${version}::text, 'ransomware', e -> 'ransomware'), '{}'
      from jsonb_array_elements(${JSON.stringify(exploited)}::jsonb) as e
      on conflict (id) do update set exploited_since = excluded.exploited_since, kev = excluded.kev`.execute(
      transaction,
    );
    await setRelease(transaction, context, {
      name: 'kev',
      release: version,
      model: '',
      entries: exploited.length,
    });
  });
  return { outcome: 'enriched', id: `KEV ${version}` };
}

/**
 * The scores of a day. They are written beside the current ones in steps, and the act only says which day counts: a run that is
 * broken off leaves the earlier day whole.
 */
export async function importEpss(
  context: Context,
  actor: string,
  file: Source,
  { date, model, scores }: Of<'epss'>,
): Promise<Taken> {
  const current = await releaseOf(context.database, 'epss');
  if (current !== null && current >= date)
    return { outcome: current === date ? 'unchanged' : 'older', id: `EPSS ${date}` };
  await sql`delete from epss_score where release <> ${current ?? ''}`.execute(context.database);
  for (let start = 0; start < scores.length; start += STEP)
    await sql`insert into epss_score (vulnerability, release, probability, percentile)
      select e ->> 'vulnerability', ${date}, (e ->> 'probability')::float8, (e ->> 'percentile')::float8
      from jsonb_array_elements(${JSON.stringify(scores.slice(start, start + STEP))}::jsonb) as e
      on conflict do nothing`.execute(context.database);
  const changes = { epss: date, model, scores: scores.length };
  await act(context.database, entryOf(context, actor, file, 'epss', changes), (transaction) =>
    setRelease(transaction, context, { name: 'epss', release: date, model, entries: scores.length }),
  );
  await sql`delete from epss_score where release <> ${date}`.execute(context.database);
  return { outcome: 'enriched', id: `EPSS ${date}` };
}

/** A decision table takes the place of an earlier one of its name. */
export async function importSsvc(
  context: Context,
  actor: string,
  file: Source,
  table: DecisionTable,
): Promise<Taken> {
  const { name, outcome, rows } = table;
  const known =
    await sql`select 1 from ssvc_table where name = ${name} and document = ${JSON.stringify(table)}::jsonb`.execute(
      context.database,
    );
  if (known.rows.length > 0) return { outcome: 'unchanged', id: `SSVC ${name}` };
  const changes = { ssvc: name, version: outcome.version, rows: rows.length };
  await act(context.database, entryOf(context, actor, file, 'ssvc', changes), (transaction) =>
    sql`insert into ssvc_table (name, document, imported_at)
      values (${name}, ${JSON.stringify(table)}::jsonb, ${context.now()})
      on conflict (name) do update set document = excluded.document, imported_at = excluded.imported_at`.execute(
      transaction,
    ),
  );
  return { outcome: 'enriched', id: `SSVC ${name}` };
}

const entryOf = (
  context: Context,
  actor: string,
  { reason }: Source,
  subject: string,
  changes: Record<string, unknown>,
) => ({ at: context.now(), actor, action: 'advisory.import', subject, changes, reason });

async function releaseOf(database: Executor, name: string): Promise<string | null> {
  const { rows } = await sql<{ release: string }>`
    select release from enrichment where name = ${name}`.execute(database);
  return rows[0]?.release ?? null;
}

interface Release {
  name: string;
  release: string;
  model: string;
  entries: number;
}

const setRelease = (
  transaction: Executor,
  context: Context,
  { name, release, model, entries }: Release,
): Promise<unknown> =>
  sql`insert into enrichment (name, release, model, entries, imported_at)
    values (${name}, ${release}, ${model}, ${entries}, ${context.now()})
    on conflict (name) do update set release = excluded.release, model = excluded.model, entries = excluded.entries,
      imported_at = excluded.imported_at`.execute(transaction);

/** Which release of each source counts, and SSVC tables, with when they were read. */
export async function readEnrichment(database: Executor) {
  const { rows } = await sql<Release & { importedAt: number }>`
    select name, release, model, entries, imported_at as "importedAt" from enrichment
    union all select 'ssvc: ' || name, document -> 'outcome' ->> 'version', '', jsonb_array_length(document -> 'rows'),
      imported_at from ssvc_table order by 1`.execute(database);
  return rows.map((row) => ({ ...row, importedAt: formatMicros(row.importedAt) }));
}

interface Judged {
  ssvc: Readonly<Record<string, string>>;
  exploitedSince: string | null;
}

/** What every SSVC table that was read comes to for a weakness; its place in this hospital is not known here and stays open. */
export async function decisionsFor(
  database: Executor,
  { ssvc, exploitedSince }: Judged,
): Promise<TableOutcome[]> {
  const listed = exploitedSince !== null;
  const catalogue = listed || (await releaseOf(database, 'kev')) !== null;
  const known = {
    ...ssvc,
    ...(listed ? { Exploitation: 'active' } : {}),
    ...(catalogue ? { 'In KEV': listed ? 'yes' : 'no' } : {}),
  };
  return await tableOutcomes(database, known);
}

/** What every SSVC table that was read comes to, by the answers that are given. */
export async function tableOutcomes(
  database: Executor,
  known: Readonly<Record<string, string>>,
): Promise<TableOutcome[]> {
  const { rows } = await sql<{ document: DecisionTable }>`
    select document from ssvc_table order by name`.execute(database);
  return rows.map(({ document }) => outcomesOf(document, known));
}
