import { randomBytes } from 'node:crypto';
import { commitmentOf, entryText, leafHash } from '@wardline/ledger';
import { sql } from 'kysely';
import type { Database } from '../store/database.ts';
import { growTree, keepPersonal, LEDGER_LOCK } from './append.ts';

interface OldRow {
  sequence: number;
  at: number;
  actor: string;
  action: string;
  subject: string;
  changes: Record<string, unknown>;
  reason: string | null;
}

/** Acts that are taken into the tree in one transaction. */
const CHUNK = 500;

/** Takes acts of before the tree into it, in their order. Resolves to how many there were. */
export async function takeOldActsIn(database: Database): Promise<number> {
  for (let taken = 0; ; ) {
    const now = await takeChunk(database);
    if (now === 0) return taken;
    taken += now;
  }
}

function takeChunk(database: Database): Promise<number> {
  return database.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${LEDGER_LOCK})`.execute(transaction);
    const { rows } = await sql<OldRow>`
      select sequence, at, actor, action, subject, changes, reason from ledger
      where entry is null order by sequence limit ${CHUNK}`.execute(transaction);
    for (const { reason, ...act } of rows) {
      const texts = reason === null ? [] : [{ name: 'reason', salt: randomBytes(32), value: reason }];
      const commitments = Object.fromEntries(
        texts.map(({ name, salt, value }) => [name, commitmentOf(salt, value)]),
      );
      const entry = entryText({ ...act, commitments });
      await sql`update ledger set entry = ${entry}, reason = null where sequence = ${act.sequence}`.execute(
        transaction,
      );
      await keepPersonal(transaction, act.sequence, texts);
      await growTree(transaction, act.sequence - 1, leafHash(Buffer.from(entry, 'utf8')));
    }
    return rows.length;
  });
}
