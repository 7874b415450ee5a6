import {
  type Advisory,
  type AdvisoryFault,
  readAdvisory,
  readKev,
  type Vulnerability,
} from '@wardline/formats';
import type { AdvisoryImport } from '@wardline/model';
import { advisoryKeys } from '@wardline/vulnerabilities';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { act } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';

export interface AdvisoryFile {
  name: string;
  text: string;
  reason: string;
}

/** Takes one file in. What cannot be read is quarantined with the place of its fault, and stands in no one's way. */
export async function importAdvisory(
  context: Context,
  actor: string,
  file: AdvisoryFile,
): Promise<AdvisoryImport> {
  if (/"catalogVersion"/.test(file.text.slice(0, 2000))) return await importKev(context, actor, file);
  const reading = await readAdvisory(file.text.replaceAll('\u0000', ''));
  if (!reading.ok) return await quarantine(context, actor, file, reading.faults);
  const { advisory } = reading;
  const known = await readKnown(context.database, advisory.id);
  if (known !== undefined && known.updated > advisory.updated) return answer('older', advisory.id);
  if (known?.same(advisory)) return answer('unchanged', advisory.id);
  const changes = {
    issuer: advisory.issuer,
    revision: advisory.revision,
    statements: advisory.statements.length,
  };
  const entry = {
    at: context.now(),
    actor,
    action: 'advisory.import',
    subject: advisory.id,
    changes,
    reason: file.reason,
  };
  await act(context.database, entry, (transaction) =>
    keepAdvisory(transaction, context, advisory, file.name),
  );
  return answer(known === undefined ? 'added' : 'updated', advisory.id);
}

const answer = (
  outcome: AdvisoryImport['outcome'],
  id: string | null,
  faults: readonly AdvisoryFault[] = [],
): AdvisoryImport => ({ outcome, id, faults: [...faults] });

async function readKnown(database: Executor, id: string) {
  const { rows } = await sql<{ updated: number; revision: string; document: Advisory }>`
    select updated, revision, document from advisory where id = ${id}`.execute(database);
  const [row] = rows;
  if (row === undefined) return undefined;
  const same = (other: Advisory) =>
    row.updated === other.updated &&
    row.revision === other.revision &&
    row.document.statements.length === other.statements.length;
  return { updated: row.updated, same };
}

async function quarantine(
  context: Context,
  actor: string,
  { name, reason }: AdvisoryFile,
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

async function keepAdvisory(
  transaction: Executor,
  context: Context,
  advisory: Advisory,
  name: string,
): Promise<void> {
  const keys = [...advisoryKeys(context.knowledge.vendors, advisory)];
  const { id, format, title, issuer, revision, published, updated, statements } = advisory;
  await sql`insert into advisory (id, format, title, issuer, revision, published, updated, document, keys, statements, imported_at)
    values (${id}, ${format}, ${title}, ${issuer}, ${revision}, ${published}, ${updated},
      ${JSON.stringify(advisory)}::jsonb, ${keys}::text[], ${statements.length}, ${context.now()})
    on conflict (id) do update set format = excluded.format, title = excluded.title, issuer = excluded.issuer,
      revision = excluded.revision, published = excluded.published, updated = excluded.updated, document = excluded.document,
      keys = excluded.keys, statements = excluded.statements, imported_at = excluded.imported_at, matched_at = null`.execute(
    transaction,
  );
  await sql`delete from advisory_quarantine where name = ${name}`.execute(transaction);
  for (const vulnerability of advisory.vulnerabilities)
    await keepVulnerability(transaction, vulnerability, id);
}

/** What several documents tell of one weakness adds up; a title or summary once known stays. */
async function keepVulnerability(
  transaction: Executor,
  vulnerability: Vulnerability,
  advisory: string,
): Promise<void> {
  const { id, title, summary, scores, weaknesses, ssvc, exploitedSince } = vulnerability;
  const score = Math.max(-1, ...scores.map(({ base }) => base));
  await sql`insert into vulnerability as v (id, title, summary, score, scores, weaknesses, ssvc, exploited_since, advisories)
    values (${id}, ${title ?? ''}, ${summary ?? ''}, ${score}, ${JSON.stringify(scores)}::jsonb,
      ${[...weaknesses]}::text[], ${JSON.stringify(ssvc)}::jsonb, ${exploitedSince}, ${[advisory]}::text[])
    on conflict (id) do update set
      title = case when v.title = '' then excluded.title else v.title end,
      summary = case when v.summary = '' then excluded.summary else v.summary end,
      score = greatest(v.score, excluded.score),
      scores = case when excluded.score > v.score then excluded.scores else v.scores end,
      weaknesses = (select coalesce(array_agg(distinct w), '{}') from unnest(v.weaknesses || excluded.weaknesses) as w),
      ssvc = v.ssvc || excluded.ssvc, exploited_since = coalesce(v.exploited_since, excluded.exploited_since),
      advisories = (select array_agg(distinct a) from unnest(v.advisories || excluded.advisories) as a)`.execute(
    transaction,
  );
}

async function importKev(context: Context, actor: string, file: AdvisoryFile): Promise<AdvisoryImport> {
  const reading = readKev(file.text);
  if (!reading.ok) return await quarantine(context, actor, file, reading.faults);
  const changes = { kev: reading.version, exploited: reading.exploited.length };
  const entry = {
    at: context.now(),
    actor,
    action: 'advisory.import',
    subject: 'kev',
    changes,
    reason: file.reason,
  };
  await act(context.database, entry, (transaction) =>
    sql`insert into vulnerability (id, title, summary, score, scores, weaknesses, ssvc, exploited_since, advisories)
      select e ->> 'vulnerability', '', '', -1, '[]', '{}', '{}', e ->> 'since', '{}'
      from jsonb_array_elements(${JSON.stringify(reading.exploited)}::jsonb) as e
      on conflict (id) do update set exploited_since = excluded.exploited_since`.execute(transaction),
  );
  return answer('enriched', `KEV ${reading.version}`);
}
