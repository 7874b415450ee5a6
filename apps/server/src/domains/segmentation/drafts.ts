import { randomUUID } from 'node:crypto';
import { type DraftRow, formatMicros } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';
import { sha256 } from './unanswerable.ts';

/** What a draft begins as. */
export interface Beginning {
  action: 'segmentation.draft' | 'segmentation.learn';
  name: string;
  text: string;
  basedOn: number | null;
  reason: string;
}

export async function addDraft(context: Context, actor: string, beginning: Beginning): Promise<string> {
  const { action, name, text, basedOn, reason } = beginning;
  const [id, at] = [randomUUID(), context.now()];
  const changes = { name, digest: sha256(text), basedOn };
  const entry = { at, actor, action, subject: `policy-draft:${id}`, changes, reason };
  await act(context.database, entry, (transaction) =>
    keepDraft(transaction, { id, actor, at, ...beginning }),
  );
  return id;
}

/** Writes a draft down within the act of another domain that makes it. */
export async function keepDraft(
  transaction: Executor,
  draft: Pick<Beginning, 'name' | 'text' | 'basedOn'> & { id: string; actor: string; at: number },
): Promise<void> {
  const { id, name, text, basedOn, actor, at } = draft;
  await sql`insert into policy_draft (id, name, text, revision, based_on, authors, created, modified, modified_by)
    values (${id}, ${name}, ${text}, 1, ${basedOn}, ${[actor]}::text[], ${at}, ${at}, ${actor})`.execute(
    transaction,
  );
}

export interface Saved {
  id: string;
  name: string;
  text: string;
  /** The revision that whoever saves began from. */
  revision: number;
}

/** @throws Refusal where somebody else saved meanwhile: nothing of theirs is lost */
export async function saveDraft(context: Context, actor: string, saved: Saved): Promise<number> {
  const { id, name, text, revision } = saved;
  const at = context.now();
  const changes = { name, digest: sha256(text), revision: revision + 1 };
  const entry = {
    at,
    actor,
    action: 'segmentation.save',
    subject: `policy-draft:${id}`,
    changes,
    reason: null,
  };
  return act(context.database, entry, async (transaction) => {
    const { rows } = await sql<{ revision: number; modified_by: string }>`
      select revision, modified_by from policy_draft where id = ${id} for update`.execute(transaction);
    const [stored] = rows;
    if (stored === undefined) throw new Refusal('not-found');
    if (stored.revision !== revision)
      throw new Refusal(
        'conflict',
        'Somebody saved this draft meanwhile: open it again, and take over what you need.',
      );
    await sql`update policy_draft set name = ${name}, text = ${text}, revision = revision + 1, modified = ${at},
      modified_by = ${actor}, authors = array(select distinct unnest(authors || ${actor}::text)) where id = ${id}`.execute(
      transaction,
    );
    return revision + 1;
  });
}

export async function dropDraft(context: Context, actor: string, id: string, reason: string): Promise<void> {
  const entry = {
    at: context.now(),
    actor,
    action: 'segmentation.drop',
    subject: `policy-draft:${id}`,
    changes: {},
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    const { numAffectedRows } = await sql`delete from policy_draft where id = ${id}`.execute(transaction);
    if (numAffectedRows === 0n) throw new Refusal('not-found');
  });
}

interface Stored {
  id: string;
  name: string;
  text: string;
  revision: number;
  based_on: number | null;
  authors: string[];
  created: number;
  modified: number;
  modified_by: string;
  modified_by_name: string;
}

export async function readDrafts(database: Executor): Promise<DraftRow[]> {
  const { rows } = await sql<Stored>`select d.*, coalesce(p.name, d.modified_by) as modified_by_name
    from policy_draft d left join person p on d.modified_by = 'person:' || p.id::text
    order by d.modified desc, d.id`.execute(database);
  return rows.map(draftRow);
}

/** @throws Refusal where there is no such draft */
export async function readDraft(
  database: Executor,
  id: string,
): Promise<DraftRow & { text: string; authors: string[] }> {
  const { rows } = await sql<Stored>`select d.*, coalesce(p.name, d.modified_by) as modified_by_name
    from policy_draft d left join person p on d.modified_by = 'person:' || p.id::text where d.id = ${id}`.execute(
    database,
  );
  if (rows[0] === undefined) throw new Refusal('not-found');
  return { ...draftRow(rows[0]), text: rows[0].text, authors: rows[0].authors };
}

const draftRow = (row: Stored): DraftRow => ({
  id: row.id,
  name: row.name,
  revision: row.revision,
  basedOn: row.based_on,
  created: formatMicros(row.created),
  modified: formatMicros(row.modified),
  modifiedBy: row.modified_by,
  modifiedByName: row.modified_by_name,
});
