import { sql } from 'kysely';
import type { Database } from '../store/database.ts';
import { append } from './append.ts';

/**
 * Erases every personal text of the acts of which somebody is the actor or the subject. The acts and their commitments stay,
 * and so do all proofs. Resolves to how many texts went.
 */
export async function erasePersonal(
  database: Database,
  by: { actor: string; who: string; reason: string },
  now: number,
): Promise<number> {
  return database.transaction().execute(async (transaction) => {
    const { numAffectedRows } = await sql`
      delete from ledger_personal p using ledger l
      where l.sequence = p.sequence and (l.actor = ${by.who} or l.subject = ${by.who})`.execute(transaction);
    const texts = Number(numAffectedRows ?? 0);
    const what = { action: 'ledger.erase', subject: by.who, changes: { texts } };
    await append(transaction, { at: now, actor: by.actor, reason: by.reason, ...what });
    return texts;
  });
}
