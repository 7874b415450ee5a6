import { sql } from 'kysely';
import { append } from '../../../ledger/append.ts';
import type { Database } from '../../../store/database.ts';

/**
 * What happens to risks by the clock alone: an acceptance runs out, and what is due and not done is escalated, once for each deadline. One act
 * for each. Resolves to how many.
 */
export async function sweepDeadlines(database: Database, at: number): Promise<number> {
  return database.transaction().execute(async (transaction) => {
    const expired = await sql<{ risk: string; until: number }>`
      with due as (select risk, accepted_until as until from risk_handling
        where accepted_until <= ${at} and state in ('accepted', 'waiting') for update)
      update risk_handling h set state = 'triaged', accepted_until = null, approver = null, treated = null,
        deadline = due.until, changed = ${at} from due where h.risk = due.risk returning h.risk, due.until`.execute(
      transaction,
    );
    for (const { risk, until } of expired.rows)
      await append(transaction, {
        at,
        actor: 'server',
        action: 'risk.expire',
        subject: risk,
        changes: { until },
        reason: null,
      });
    const overdue = await sql<{ risk: string; deadline: number; owner: string | null }>`
      update risk_handling h set escalated = ${at}, changed = ${at} from risk r where r.id = h.risk and r.closed is null
        and h.deadline <= ${at} and h.escalated is null and h.state in ('triaged', 'treating')
      returning h.risk, h.deadline, h.owner`.execute(transaction);
    for (const { risk, deadline, owner } of overdue.rows)
      await append(transaction, {
        at,
        actor: 'server',
        action: 'risk.escalate',
        subject: risk,
        changes: { deadline, owner },
        reason: null,
      });
    return expired.rows.length + overdue.rows.length;
  });
}
