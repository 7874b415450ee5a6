import { formatMicros, type StoryDetail } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { whereAll } from '../../http/list.ts';
import { Refusal } from '../../http/problems.ts';
import type { Scope } from '../access/index.ts';
import { playbookFor } from './acts.ts';
import {
  alertColumns,
  alertRow,
  alertTables,
  type StoredAlertRow,
  type StoredStory,
  storyColumns,
  storyRow,
  storyTables,
  watchedWithin,
} from './plan.ts';

/** Alerts that a page of a story shows; the list of alerts has all. */
const ALERTS_SHOWN = 100;

/** @throws Refusal where there is no such story within the scope */
export async function storyDetail(
  { database, now }: Context,
  id: string,
  scope: readonly Scope[] | null,
): Promise<StoryDetail> {
  const where = whereAll([sql`s.id = ${id}`, ...watchedWithin(scope)]);
  const { rows } = await sql<StoredStory>`select ${storyColumns} from ${storyTables} ${where}`.execute(
    database,
  );
  const [row] = rows;
  if (row === undefined) throw new Refusal('not-found');
  const { rows: alerts } = await sql<StoredAlertRow>`
    select ${alertColumns} from ${alertTables} where s.story = ${id}
    order by s.severity_rank, s.first_seen, s.id limit ${ALERTS_SHOWN}`.execute(database);
  const { rows: entries } = await sql<
    Omit<StoryDetail['entries'][number], 'at'> & { at: number }
  >`select sequence, at, actor as by, kind, text from watch_story_entry where story = ${id} order by sequence`.execute(
    database,
  );
  return {
    ...storyRow(row),
    asOf: formatMicros(now()),
    playbook: playbookFor(row.body),
    shown: alerts.toSorted((a, b) => a.body.firstSeen - b.body.firstSeen).map(alertRow),
    entries: entries.map((entry) => ({ ...entry, at: formatMicros(entry.at) })),
  };
}
