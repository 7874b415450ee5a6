import type { classReviewBody } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { act } from '../../../ledger/append.ts';
import { CLASS_REVIEWS } from '../../../limits.ts';

/**
 * A person says that a habit is normal for devices of a class, that it is not, or takes back what was said. It counts from the next run of
 * the watch on.
 * @throws Refusal where nothing of the site was watched, nothing was said that could be taken back, or too much was said
 */
export async function reviewClass(
  context: Context,
  actor: string,
  site: number,
  { class: name, habit, verdict, reason }: z.infer<typeof classReviewBody>,
): Promise<void> {
  const at = context.now();
  const changes = { class: name, habit, verdict };
  const entry = { at, actor, action: 'watch.review-class', subject: `site:${site}`, changes, reason };
  await act(context.database, entry, async (transaction) => {
    const { rows } = await sql<{ reviews: number }>`
      select (select count(*)::int from watch_class_review r where r.site = w.site) as reviews
      from watch_site w where w.site = ${site} for update`.execute(transaction);
    if (rows[0] === undefined) throw new Refusal('not-found');
    if (verdict !== null && rows[0].reviews >= CLASS_REVIEWS)
      throw new Refusal('conflict', `More than ${CLASS_REVIEWS} habits of classes are not kept for a site.`);
    const { numAffectedRows } =
      verdict === null
        ? await sql`delete from watch_class_review where site = ${site} and class = ${name} and habit = ${habit}`.execute(
            transaction,
          )
        : await sql`insert into watch_class_review (site, class, habit, verdict, at, actor, reason)
            values (${site}, ${name}, ${habit}, ${verdict}, ${at}, ${actor}, ${reason})
            on conflict (site, class, habit) do update set verdict = excluded.verdict, at = excluded.at,
              actor = excluded.actor, reason = excluded.reason`.execute(transaction);
    if (numAffectedRows !== 1n) throw new Refusal('conflict', 'Nothing was said of this habit.');
  });
  context.watchSoon();
  context.events.emit('watch', 'ledger');
}
