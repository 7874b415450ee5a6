import { linkOf, type Sbom, type SbomVulnerability } from '@wardline/formats';
import type { SbomAdded } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { act } from '../../../ledger/append.ts';
import type { Executor } from '../../../store/database.ts';

/** A statement of a document of its own (VEX) on the parts of a bill of materials. */
export type Statement = SbomVulnerability & { issuer?: string; from?: string };

/** Bills of materials that a document speaks of by BOM-Link (`urn:cdx:…/1`), without parts of its own. */
export function spokenOf({ components, vulnerabilities }: Sbom): string[] {
  if (components.length > 0) return [];
  const links = vulnerabilities.flatMap(({ affects }) => affects.map(({ ref }) => linkOf(ref)));
  return [...new Set(links.filter((link) => link !== null))];
}

interface Named {
  id: string;
  statements: Statement[];
  link: string;
}

/** Lays what the document says over the bills of materials that it names; what it said before falls away. */
export async function addVex(
  context: Context,
  actor: string,
  { name, reason }: { name: string; reason: string },
  sbom: Sbom,
): Promise<SbomAdded> {
  const links = spokenOf(sbom);
  const named = await namedBy(context.database, links);
  if (named.length === 0) {
    const message = `it speaks of ${links.slice(0, 3).join(', ')}, which is no bill of materials here: add that one first`;
    return { outcome: 'refused', id: null, faults: [{ place: '/vulnerabilities', message }] };
  }
  const from = sbom.id ?? name;
  const at = context.now();
  const changes = {
    document: from,
    statements: sbom.vulnerabilities.length,
    of: named.map(({ id }) => id).slice(0, 50),
  };
  const entry = { at, actor, action: 'sbom.add', subject: named[0]!.id, changes, reason };
  await act(context.database, entry, async (transaction) => {
    for (const one of named) await lay(transaction, one, statementsFor(sbom, one.link, from));
  });
  return { outcome: 'added', id: named[0]!.id, faults: [] };
}

async function namedBy(database: Executor, links: readonly string[]): Promise<Named[]> {
  const { rows } = await sql<Named>`select id, statements, link from sbom,
      lateral (select lower(replace(document_id, 'urn:uuid:', 'urn:cdx:') || '/' || revision) as link) as linked
    where replaced_at is null and link = any(${[...links]}::text[]) order by id`.execute(database);
  return rows;
}

const statementsFor = ({ vulnerabilities, author }: Sbom, link: string, from: string): Statement[] =>
  vulnerabilities.flatMap((told) => {
    const affects = told.affects.filter(({ ref }) => linkOf(ref) === link);
    return affects.length === 0
      ? []
      : [{ ...told, affects, from, ...(author === null ? {} : { issuer: author }) }];
  });

async function lay(
  transaction: Executor,
  { id, statements }: Named,
  added: readonly Statement[],
): Promise<void> {
  const kept = statements.filter(({ from }) => from !== added[0]?.from);
  const text = JSON.stringify([...kept, ...added])
    .toWellFormed()
    .replaceAll('\\u0000', '');
  await sql`update sbom set statements = ${text}::jsonb, matched_at = null where id = ${id}`.execute(
    transaction,
  );
}
