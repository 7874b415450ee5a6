import { type Attribute, criticalities, dataSensitivities } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { assetColumns } from '../../identification/asset-columns.ts';
import { loadApprovals } from '../../identification/load.ts';
import { act } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';
import { loadAsset } from './detail.ts';

export interface Approval {
  attribute: Attribute;
  value: string;
  reason: string;
}

/** Writes a person's word on an attribute into the approved plane; an earlier one is withdrawn by it and kept. */
export async function approve(
  context: Context,
  id: string,
  actor: string,
  approval: Approval,
): Promise<void> {
  const { attribute, value, reason } = approval;
  checkValue(context, attribute, value);
  const before = (await loadApprovals(context.database)).get(id)?.get(attribute) ?? null;
  await loadAsset(context.database, id);
  const entry = { at: context.now(), actor, action: 'inventory.approve', subject: `asset:${id}`, reason };
  await act(
    context.database,
    { ...entry, changes: { attribute, from: before, to: value } },
    async (transaction) => {
      await withdrawCurrent(transaction, id, attribute, entry.at);
      await sql`insert into approval (asset_id, attribute, value, actor, reason, at)
      values (${id}, ${attribute}, ${value}, ${actor}, ${reason}, ${entry.at})`.execute(transaction);
      await refreshColumns(context, transaction, id);
    },
  );
}

export async function withdraw(
  context: Context,
  id: string,
  actor: string,
  { attribute, reason }: { attribute: Attribute; reason: string },
): Promise<void> {
  const before = (await loadApprovals(context.database)).get(id)?.get(attribute);
  if (before === undefined) throw new Refusal('not-found', `Nobody approved a ${attribute} of this asset`);
  const entry = { at: context.now(), actor, action: 'inventory.withdraw', subject: `asset:${id}`, reason };
  await act(
    context.database,
    { ...entry, changes: { attribute, from: before, to: null } },
    async (transaction) => {
      await withdrawCurrent(transaction, id, attribute, entry.at);
      await refreshColumns(context, transaction, id);
    },
  );
}

function checkValue(context: Context, attribute: Attribute, value: string): void {
  const allowed: Partial<Record<Attribute, readonly string[]>> = {
    class: [...context.knowledge.taxonomy.classes.keys()],
    criticality: criticalities,
    dataSensitivity: dataSensitivities,
  };
  const values = allowed[attribute];
  if (values && !values.includes(value))
    throw new Refusal('invalid-request', `value: "${value}" is no ${attribute} that Wardline knows`);
}

async function withdrawCurrent(
  transaction: Executor,
  id: string,
  attribute: string,
  at: number,
): Promise<void> {
  await sql`update approval set withdrawn_at = ${at}
    where asset_id = ${id} and attribute = ${attribute} and withdrawn_at is null`.execute(transaction);
}

/** Lists show the approved value at once; what was observed stays as it was. */
async function refreshColumns(context: Context, transaction: Executor, id: string): Promise<void> {
  const { document } = await loadAsset(transaction, id);
  const approved = (await loadApprovals(transaction)).get(id) ?? new Map();
  const {
    applications: _a,
    protections: _p,
    ...columns
  } = assetColumns(document, approved, context.knowledge, []);
  const names = sql.raw(Object.keys(columns).join(', '));
  const values = sql.raw(
    Object.keys(columns)
      .map((name) => `n.${name}`)
      .join(', '),
  );
  await sql`update asset a set (${names}) = (select ${values}
    from jsonb_populate_record(null::asset, ${JSON.stringify(columns)}::jsonb) n) where a.id = ${id}`.execute(
    transaction,
  );
}
