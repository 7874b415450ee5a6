import type { riskJoinBody } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { act } from '../../../ledger/append.ts';
import { markDirty, mustBe } from './controls.ts';
import { settle } from './settle.ts';

export async function comment(
  context: Context,
  actor: string,
  risk: string,
  { text, reason }: { text: string; reason: string },
): Promise<void> {
  const at = context.now();
  const entry = {
    at,
    actor,
    action: 'risk.comment',
    subject: risk,
    changes: { characters: text.length },
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    await mustBe(transaction, risk);
    await sql`insert into risk_comment (risk, actor, text, at) values (${risk}, ${actor}, ${text}, ${at})`.execute(
      transaction,
    );
  });
}

/** Risks that are the same are handled as one; each keeps its members and its history. */
export async function join(
  context: Context,
  actor: string,
  { risks, into, reason }: z.infer<typeof riskJoinBody>,
): Promise<void> {
  const at = context.now();
  const wanted = [...new Set(risks)].sort();
  if (wanted.includes(into)) throw new Refusal('invalid-request', 'A risk cannot be joined into itself');
  const entry = { at, actor, action: 'risk.join', subject: into, changes: { risks: wanted }, reason };
  await act(context.database, entry, async (transaction) => {
    for (const risk of [...wanted, into]) await mustBe(transaction, risk);
    const { rows: gaps } =
      await sql`select 1 from risk_gap where risk = any(${[...wanted, into]}::text[])`.execute(transaction);
    if (gaps.length > 0)
      throw new Refusal('conflict', 'The risk of a gap stands by itself: it follows the evidence of its gap');
    const { rows } = await sql`
      select 1 from risk_joined where risk = ${into} or into_risk = any(${wanted}::text[]) or risk = any(${wanted}::text[])`.execute(
      transaction,
    );
    if (rows.length > 0) throw new Refusal('conflict', 'One of them is joined already; part it first');
    await sql`insert into risk_joined (risk, into_risk) select unnest(${wanted}::text[]), ${into}`.execute(
      transaction,
    );
    await markDirty(transaction, into);
    await settle(transaction, [into], at);
  });
}

/** Undoes a join. */
export async function part(context: Context, actor: string, risk: string, reason: string): Promise<void> {
  const at = context.now();
  const entry = { at, actor, action: 'risk.part', subject: risk, changes: {}, reason };
  await act(context.database, entry, async (transaction) => {
    const { rows } = await sql<{ into_risk: string }>`
      delete from risk_joined where risk = ${risk} returning into_risk`.execute(transaction);
    const [row] = rows;
    if (row === undefined) throw new Refusal('not-found', 'This risk is not joined into another');
    await markDirty(transaction, risk);
    await settle(transaction, [risk, row.into_risk], at);
  });
}
