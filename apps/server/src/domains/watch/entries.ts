import type { StoryEntryKind } from '@wardline/model';
import { sql } from 'kysely';
import type { Executor } from '../../store/database.ts';

/** One line of what people did with a story. */
export interface NewEntry {
  story: string;
  at: number;
  actor: string;
  kind: StoryEntryKind;
  text: string;
}

/** The story's row must be locked: lines are numbered one after the other. */
export async function addEntry(
  transaction: Executor,
  { story, at, actor, kind, text }: NewEntry,
): Promise<void> {
  await sql`insert into watch_story_entry (story, sequence, at, actor, kind, text)
    select ${story}, coalesce(max(sequence), 0) + 1, ${at}::bigint, ${actor}, ${kind}, ${text}
    from watch_story_entry where story = ${story}`.execute(transaction);
}
