import { createHash } from 'node:crypto';
import { type Recall, readRecalls } from '@wardline/formats';
import type { RecallImported, recallImportBody } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';
import { ROWS_AT_ONCE } from './limits.ts';
import { matchNotices } from './match.ts';

/** One notice keeps its id however often it comes; what its text says may change. */
const idOf = ({ source, firm, id }: Recall): string =>
  `N-${createHash('sha256')
    .update(JSON.stringify([source, firm, id]))
    .digest('hex')
    .slice(0, 20)}`;

/** Takes notices of a file over and holds them against all devices in the same transaction. */
export async function importRecalls(
  context: Context,
  actor: string,
  { name, text, reason }: z.infer<typeof recallImportBody>,
): Promise<RecallImported> {
  const { recalls, faults } = readRecalls(text);
  if (recalls.length === 0) {
    const { place, message } = faults[0] ?? { place: '', message: 'it has no notice' };
    throw new Refusal('invalid-request', `text: ${place === '' ? '' : `${place}: `}${message}`);
  }
  const at = context.now();
  const sha256 = createHash('sha256').update(text).digest('hex');
  const changes = { file: name, sha256, read: recalls.length, added: 0, changed: 0, faults: faults.length };
  const entry = { at, actor, action: 'recall.import', subject: 'recalls', changes, reason };
  let devices = 0;
  await act(context.database, entry, async (transaction) => {
    const notices = recalls.map((notice) => ({ id: idOf(notice), notice }));
    const kept = await keep(transaction, notices, { at, actor });
    const touched = new Set(kept.map(({ id }) => id));
    changes.added = kept.filter(({ isNew }) => isNew).length;
    changes.changed = kept.length - changes.added;
    devices = await matchNotices(
      transaction,
      context,
      notices.filter(({ id }) => touched.has(id)),
    );
  });
  return { read: recalls.length, added: changes.added, changed: changes.changed, devices, faults };
}

/** Answers those that are new or say something else than before. */
async function keep(
  transaction: Executor,
  notices: readonly { id: string; notice: Recall }[],
  { at, actor }: { at: number; actor: string },
): Promise<{ id: string; isNew: boolean }[]> {
  const kept: { id: string; isNew: boolean }[] = [];
  for (let start = 0; start < notices.length; start += ROWS_AT_ONCE) {
    const rows = JSON.stringify(notices.slice(start, start + ROWS_AT_ONCE)).replaceAll('\\u0000', '');
    const { rows: changed } = await sql<{ id: string; isNew: boolean }>`
      insert into recall (id, number, firm, notice, added_at, added_by, search)
      select r.id, r.notice ->> 'id', r.notice ->> 'firm', r.notice, ${at}, ${actor},
        lower(concat_ws(' ', r.notice ->> 'id', r.notice ->> 'firm', r.notice ->> 'product'))
      from jsonb_to_recordset(${rows}::jsonb) r (id text, notice jsonb)
      on conflict (id) do update set notice = excluded.notice, search = excluded.search where recall.notice <> excluded.notice
      returning id, xmax = 0 as "isNew"`.execute(transaction);
    kept.push(...changed);
  }
  return kept;
}
