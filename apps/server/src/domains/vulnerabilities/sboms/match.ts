import { type Advisory, linkTo, type SbomVulnerability } from '@wardline/formats';
import {
  type MatchedAsset,
  matchParts,
  ownMatches,
  type Part,
  type PartFinding,
  type PartMatch,
  partFindings,
} from '@wardline/vulnerabilities';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import type { Executor } from '../../../store/database.ts';
import { relink } from './links.ts';
import { spreadDue } from './spread.ts';
import type { Statement } from './vex.ts';

/** Documents that are read at once, and keys that one question to the database has. */
const DOCUMENTS = 200;
const KEYS = 2000;

/**
 * Brings what is said of the parts of products up to date: bills of materials that are new or that a new advisory can concern, assets
 * that are now of another one. Resolves to the number of answers that changed.
 */
export async function matchSboms(
  context: Context,
  assets: ReadonlyMap<string, MatchedAsset>,
): Promise<number> {
  for (;;) {
    const { rows } = await sql<{
      id: string;
    }>`select id from sbom where matched_at is null and replaced_at is null
      order by id limit 1`.execute(context.database);
    if (rows.length === 0) break;
    await matchSbom(context, rows[0]!.id);
  }
  await relink(context, assets);
  return await spreadDue(context, assets);
}

/** Parts of which an advisory may speak are worked out anew, in the transaction that takes the advisory as matched. */
export async function sbomsAreDue(transaction: Executor, advisories: readonly string[]): Promise<void> {
  await sql`update sbom set matched_at = null where matched_at is not null and replaced_at is null and id in (
    select p.sbom from advisory a cross join unnest(a.keys) as k join component c on c.keys @> array[k]
    join sbom_part p on p.component = c.id
    where a.id = any(${[...advisories]}::text[]) and k ~ '^(pkg|cpe|name):')`.execute(transaction);
}

interface Head {
  vendor: string;
  author: string | null;
  main: string | null;
  added_at: number;
  created: number | null;
  statements: Statement[];
  document_id: string | null;
  revision: string;
}

type StoredPart = Part & { keys: string[] };

async function matchSbom(context: Context, id: string): Promise<void> {
  const { database } = context;
  const heads =
    await sql<Head>`select vendor, author, main, added_at, created, statements, document_id, revision from sbom where id = ${id}`.execute(
      database,
    );
  const { rows: parts } =
    await sql<StoredPart>`select p.ref, c.name, c."group", c.version, c.purl, c.cpes, c.keys
    from sbom_part p join component c on c.id = p.component where p.sbom = ${id}`.execute(database);
  const head = heads.rows[0]!;
  const own = ownMatches(parts, {
    id,
    link: linkTo({ id: head.document_id, revision: head.revision }),
    issuer: head.vendor || head.author || 'its author',
    at: head.created ?? head.added_at,
    main: head.main,
    vulnerabilities: head.statements,
  });
  const findings = partFindings(await saidOf(database, parts), own);
  await database.transaction().execute(async (transaction) => {
    await keepFindings(transaction, id, findings, head.statements);
    await sql`update sbom set matched_at = ${context.now()} where id = ${id}`.execute(transaction);
    await sql`update asset_sbom set due = true where sbom = ${id}`.execute(transaction);
  });
}

/** Each document that can concern one of the parts is read once. */
async function saidOf(database: Executor, parts: readonly StoredPart[]): Promise<PartMatch[]> {
  const keys = [...new Set(parts.flatMap((part) => part.keys))];
  const named = new Set<string>();
  for (let start = 0; start < keys.length; start += KEYS) {
    const { rows } = await sql<{ id: string }>`
      select id from advisory where keys && ${keys.slice(start, start + KEYS)}::text[]`.execute(database);
    for (const { id } of rows) named.add(id);
  }
  const ids = [...named];
  const found: PartMatch[] = [];
  for (let start = 0; start < ids.length; start += DOCUMENTS) {
    const { rows } = await sql<{ document: Advisory }>`
      select document from advisory where id = any(${ids.slice(start, start + DOCUMENTS)}::text[]) order by id`.execute(
      database,
    );
    for (const { document } of rows) found.push(...matchParts(parts, document));
  }
  return found;
}

/** A weakness that only the bill of materials names is known from then on. */
async function keepFindings(
  transaction: Executor,
  id: string,
  findings: readonly PartFinding[],
  statements: readonly SbomVulnerability[],
): Promise<void> {
  const told = JSON.stringify(statements.map((one) => ({ id: one.id, title: one.title ?? '' })));
  await sql`insert into vulnerability (id, title, summary, score, scores, weaknesses, ssvc, advisories)
    select distinct on (e ->> 'id') e ->> 'id', left(e ->> 'title', 300), '', -1, '[]', '{}', '{}', '{}'
    from jsonb_array_elements(${told}::jsonb) as e order by e ->> 'id' on conflict (id) do nothing`.execute(
    transaction,
  );
  await sql`delete from sbom_finding where sbom = ${id}`.execute(transaction);
  await sql`insert into sbom_finding (sbom, vulnerability, finding)
    select ${id}, e ->> 'vulnerability', e from jsonb_array_elements(${JSON.stringify(findings)}::jsonb) as e`.execute(
    transaction,
  );
}
