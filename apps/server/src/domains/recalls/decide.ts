import type { recallDecisionBody } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import { settleFindings } from './match.ts';

/** A person says whether a notice is about a device, or that what it asks for is done. */
export async function decideRecall(
  context: Context,
  actor: string,
  { asset, recall }: { asset: string; recall: string },
  { state, reason }: z.infer<typeof recallDecisionBody>,
): Promise<void> {
  const { rows } = await sql<{ certainty: string; state: string; number: string; firm: string }>`
    select m.certainty, m.state, r.number, r.firm from recall_match m join recall r on r.id = m.recall_id
    where m.recall_id = ${recall} and m.asset_id = ${asset}`.execute(context.database);
  if (rows[0] === undefined) throw new Refusal('not-found', `No notice ${recall} is matched with ${asset}`);
  const { certainty, number, firm, state: from } = rows[0];
  const at = context.now();
  const changes = { recall, number, firm, certainty, from, to: state };
  const entry = { at, actor, action: 'recall.decide', subject: `asset:${asset}`, changes, reason };
  await act(context.database, entry, async (transaction) => {
    await sql`update recall_match set state = ${state}, decided_by = ${actor}, decided_at = ${at}, decided_certainty = certainty,
      decided_reason = ${reason} where recall_id = ${recall} and asset_id = ${asset}`.execute(transaction);
    await settleFindings(transaction, context, [asset]);
  });
}
