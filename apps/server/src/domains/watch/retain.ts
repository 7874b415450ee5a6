import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { append } from '../../ledger/append.ts';
import { LOG_DAYS, LOG_LINES, WATCH_REVISION_DAYS, WATCH_STORY_DAYS } from '../../limits.ts';

const DAY = 86_400_000_000;
/** Stories that one round forgets, so that no transaction is long. */
const AT_ONCE = 1000;

/**
 * Forgets stories that were resolved long ago, with their alerts, and numbered states that no receiver will ask for any more. What nobody
 * has resolved is kept, however old it is. What people decided stays in the ledger.
 */
export async function forgetOld({ database, now }: Context): Promise<number> {
  const at = now();
  return database.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ id: string }>`
      delete from watch_story where id in (select id from watch_story
        where state = 'resolved' and greatest(resolved_at, last_seen) < ${at - WATCH_STORY_DAYS * DAY}
        order by resolved_at limit ${AT_ONCE} for update skip locked) returning id`.execute(transaction);
    await sql`delete from watch_alert_revision where at < ${at - WATCH_REVISION_DAYS * DAY}`.execute(
      transaction,
    );
    await sql`delete from watch_loss where last_at < ${at - WATCH_STORY_DAYS * DAY}`.execute(transaction);
    // The oldest first, where a site logs more than is kept; the days bound the others.
    await sql`delete from log_line where at < ${at - LOG_DAYS * DAY}`.execute(transaction);
    await sql`delete from log_line l using site s where l.site = s.id and l.id <= (
      select id from log_line m where m.site = s.id order by id desc offset ${LOG_LINES} limit 1)`.execute(
      transaction,
    );
    if (rows.length > 0) {
      const changes = { stories: rows.length, olderThanDays: WATCH_STORY_DAYS };
      const what = { action: 'watch.forget', subject: 'stories', changes, reason: null };
      await append(transaction, { at, actor: 'server', ...what });
    }
    return rows.length;
  });
}
