import { randomUUID } from 'node:crypto';
import {
  type Condition,
  formatMicros,
  type Purchase,
  type PurchaseDetails,
  type PurchaseState,
  type purchaseDecisionBody,
} from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { changedMeanwhile, Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';
import { assessedFor } from './assessed.ts';
import { scoreOf } from './score.ts';

interface Stored {
  id: string;
  revision: number;
  state: PurchaseState;
  details: PurchaseDetails;
  conditions: Condition[];
  decidedBy: string | null;
  assets: string[];
  added: number;
  modified: number;
}

const columns =
  sql.raw(`p.id, p.revision, p.state, p.details, p.conditions, p.decided_by as "decidedBy", p.added, p.modified,
  array(select l.asset_id from lifecycle l where l.purchase = p.id order by 1) as assets`);

/** Assessments, newest first, each scored by what is known now. */
export async function loadPurchases(context: Context): Promise<Purchase[]> {
  const { rows } =
    await sql<Stored>`select ${columns} from purchase p order by p.added desc, p.id limit 500`.execute(
      context.database,
    );
  return await scored(context, rows);
}

export async function loadPurchase(context: Context, id: string): Promise<Purchase> {
  return (await scored(context, [await stored(context.database, id)]))[0]!;
}

async function stored(database: Executor, id: string): Promise<Stored> {
  const { rows } = await sql<Stored>`select ${columns} from purchase p where p.id = ${id}`.execute(database);
  if (rows[0] === undefined) throw new Refusal('not-found', `There is no assessment ${id}`);
  return rows[0];
}

async function scored(context: Context, rows: readonly Stored[]): Promise<Purchase[]> {
  const known = await assessedFor(
    context,
    rows.map(({ details }) => details),
  );
  return rows.map((row, index) => ({
    ...row,
    score: scoreOf(known[index]!),
    mds2: known[index]!.mds2,
    sbom: known[index]!.sbom?.id ?? null,
    added: formatMicros(row.added),
    modified: formatMicros(row.modified),
  }));
}

const changesOf = ({ title, vendor, model, software }: PurchaseDetails) => ({
  title,
  vendor,
  model,
  software,
});

export async function addPurchase(
  context: Context,
  actor: string,
  details: PurchaseDetails,
  reason: string,
): Promise<string> {
  const id = randomUUID();
  const at = context.now();
  const entry = {
    at,
    actor,
    action: 'purchase.add',
    subject: `purchase:${id}`,
    changes: changesOf(details),
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    await sql`insert into purchase (id, revision, state, details, conditions, added, modified)
      values (${id}, 1, 'requested', ${JSON.stringify(details)}::jsonb, '[]', ${at}, ${at})`.execute(
      transaction,
    );
  });
  return id;
}

/** What is said of a product changes; once decided, it stays as it was decided on. */
export async function changePurchase(
  context: Context,
  actor: string,
  {
    id,
    revision,
    details,
    reason,
  }: { id: string; revision: number; details: PurchaseDetails; reason: string },
): Promise<void> {
  const before = await stored(context.database, id);
  if (before.state !== 'requested' && before.state !== 'assessed')
    throw new Refusal(
      'conflict',
      'It is decided: what it was decided on stays. Assess the product anew instead.',
    );
  const at = context.now();
  const entry = {
    at,
    actor,
    action: 'purchase.change',
    subject: `purchase:${id}`,
    changes: changesOf(details),
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    const changed =
      await sql`update purchase set revision = revision + 1, state = 'assessed', modified = ${at},
      details = ${JSON.stringify(details)}::jsonb where id = ${id} and revision = ${revision}`.execute(
        transaction,
      );
    if (changed.numAffectedRows !== 1n) throw changedMeanwhile();
  });
}

/** Approves, approves under conditions, or rejects; the score of this moment goes into the record. */
export async function decidePurchase(
  context: Context,
  actor: string,
  id: string,
  { decision, conditions, reason }: z.infer<typeof purchaseDecisionBody>,
): Promise<void> {
  if ((decision === 'conditional') !== conditions.length > 0)
    throw new Refusal(
      'invalid-request',
      'conditions: they come with the decision "conditional", and with no other',
    );
  const { state, score } = await loadPurchase(context, id);
  if (state === 'commissioned') throw new Refusal('conflict', 'It is in service already');
  const at = context.now();
  const kept: Condition[] = conditions.map((one) => ({ ...one, id: randomUUID(), met: false }));
  const changes = {
    decision,
    score: score.score,
    upTo: score.upTo,
    conditions: kept.map(({ text, due }) => `${text} (${due ?? 'no day'})`),
  };
  const entry = { at, actor, action: 'purchase.decide', subject: `purchase:${id}`, changes, reason };
  await act(context.database, entry, async (transaction) => {
    await sql`update purchase set revision = revision + 1, state = ${decision}, decided_by = ${actor}, modified = ${at},
      conditions = ${JSON.stringify(kept)}::jsonb where id = ${id}`.execute(transaction);
  });
}

/** A condition follows the devices into service; somebody says when it is met. */
export async function meetCondition(
  context: Context,
  actor: string,
  { id, condition, met, reason }: { id: string; condition: string; met: boolean; reason: string },
): Promise<void> {
  const { conditions } = await stored(context.database, id);
  if (!conditions.some((one) => one.id === condition))
    throw new Refusal('not-found', `There is no condition ${condition}`);
  const at = context.now();
  const changes = { condition: conditions.find((one) => one.id === condition)!.text, met };
  const entry = { at, actor, action: 'purchase.condition', subject: `purchase:${id}`, changes, reason };
  const kept = conditions.map((one) => (one.id === condition ? { ...one, met } : one));
  await act(context.database, entry, async (transaction) => {
    await sql`update purchase set revision = revision + 1, modified = ${at}, conditions = ${JSON.stringify(kept)}::jsonb
      where id = ${id}`.execute(transaction);
  });
}
