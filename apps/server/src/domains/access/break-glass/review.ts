import { type emergencyVerdicts, formatMicros } from '@wardline/model';
import { sql } from 'kysely';
import { append } from '../../../ledger/append.ts';
import type { Database } from '../../../store/database.ts';
import type { Refused } from './plans.ts';

export interface Review {
  id: string;
  verdict: (typeof emergencyVerdicts)[number];
  reason: string;
}

/**
 * What somebody else found when they looked at it afterwards. Not whoever broke the glass, and not before it is over.
 * Null where no such one is unreviewed.
 */
export async function reviewEmergency(
  database: Database,
  actor: string,
  { id, verdict, reason }: Review,
  now: number,
): Promise<{ id: string } | Refused | null> {
  return database.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ holder: string; over: number | null; until: number }>`
      select g.holder, coalesce(g.ended, case when g.until <= ${now} then g.until end) as over, g.until
      from emergency e join role_grant g on g.id = e.role_grant
      where e.id = ${id} and e.reviewed is null for update of e`.execute(transaction);
    const [open] = rows;
    if (open === undefined) return null;
    if (open.holder === actor) return { refused: 'Nobody reviews their own emergency access' };
    if (open.over === null)
      return { refused: `It still runs, until ${formatMicros(open.until)}; end it first` };
    const what = { subject: open.holder, changes: { emergency: id, verdict }, reason };
    const act = await append(transaction, { at: now, actor, action: 'emergency.review', ...what });
    await sql`update emergency set reviewed = ${now}, reviewed_by = ${actor}, verdict = ${verdict},
      reviewed_act = ${act} where id = ${id}`.execute(transaction);
    return { id };
  });
}
