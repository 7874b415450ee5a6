import { randomUUID } from 'node:crypto';
import type { ProductDetails, productPlanBody } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../context.ts';
import { changedMeanwhile, Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import type { Executor } from '../../store/database.ts';
import { mustBeActive } from './owner.ts';

export interface StoredProduct {
  id: string;
  revision: number;
  details: ProductDetails;
  added: number;
  modified: number;
}

const columns = sql.raw('id, revision, details, added, modified');

export async function readProducts(database: Executor, most: number): Promise<StoredProduct[]> {
  const { rows } = await sql<StoredProduct>`
    select ${columns} from product order by lower(vendor), lower(model) limit ${most}`.execute(database);
  return rows;
}

/** @throws Refusal where there is none */
export async function readProduct(database: Executor, id: string): Promise<StoredProduct> {
  const { rows } = await sql<StoredProduct>`select ${columns} from product where id::text = ${id}`.execute(
    database,
  );
  if (rows[0] === undefined) throw new Refusal('not-found', `There is no product ${id}`);
  return rows[0];
}

function checkClass({ knowledge }: Context, { deviceClass }: ProductDetails): void {
  if (deviceClass !== '' && !knowledge.taxonomy.classes.has(deviceClass))
    throw new Refusal('invalid-request', `deviceClass: there is no class ${deviceClass}`);
}

const changesOf = ({ purpose: _purpose, rationale: _rationale, ...said }: ProductDetails) => said;

/** @throws Refusal where it is kept already */
export async function addProduct(
  context: Context,
  actor: string,
  details: ProductDetails,
  reason: string,
): Promise<string> {
  checkClass(context, details);
  const id = randomUUID();
  const at = context.now();
  const { vendor, model } = details;
  const entry = {
    at,
    actor,
    action: 'product.add',
    subject: `product:${id}`,
    changes: changesOf(details),
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    const made = await sql`insert into product (id, revision, vendor, model, details, added, modified)
      values (${id}, 1, ${vendor}, ${model}, ${JSON.stringify(details)}::jsonb, ${at}, ${at}) on conflict do nothing`.execute(
      transaction,
    );
    if (made.numAffectedRows !== 1n) throw new Refusal('conflict', `${vendor} ${model} has a file already`);
  });
  return id;
}

/** @throws Refusal where somebody else has changed it meanwhile */
export async function changeProduct(
  context: Context,
  actor: string,
  {
    id,
    revision,
    details,
    reason,
  }: { id: string; revision: number; details: ProductDetails; reason: string },
): Promise<void> {
  checkClass(context, details);
  await readProduct(context.database, id);
  const at = context.now();
  const { vendor, model } = details;
  const entry = {
    at,
    actor,
    action: 'product.change',
    subject: `product:${id}`,
    changes: changesOf(details),
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    const { rows } = await sql`select 1 from product where id <> ${id} and lower(vendor) = lower(${vendor})
      and lower(model) = lower(${model})`.execute(transaction);
    if (rows.length > 0) throw new Refusal('conflict', `${vendor} ${model} has a file already`);
    const changed =
      await sql`update product set revision = revision + 1, vendor = ${vendor}, model = ${model}, modified = ${at},
      details = ${JSON.stringify(details)}::jsonb where id = ${id} and revision = ${revision}`.execute(
        transaction,
      );
    if (changed.numAffectedRows !== 1n) throw changedMeanwhile();
  });
}

/** Which release answers a weakness, by whom and until when; a later plan takes the place of the one before, which the ledger keeps. */
export async function planFix(
  context: Context,
  actor: string,
  id: string,
  { weakness, version, day, owner, note, reason }: z.infer<typeof productPlanBody>,
): Promise<void> {
  await readProduct(context.database, id);
  const at = context.now();
  const changes = { weakness, version, day, owner };
  const entry = { at, actor, action: 'product.plan', subject: `product:${id}`, changes, reason };
  await act(context.database, entry, async (transaction) => {
    await mustBeActive(transaction, owner);
    await sql`insert into product_plan (product, weakness, version, day, owner, note, at, actor)
      values (${id}, ${weakness}, ${version}, ${day}, ${owner}, ${note}, ${at}, ${actor})
      on conflict (product, weakness) do update set version = excluded.version, day = excluded.day, owner = excluded.owner,
        note = excluded.note, at = excluded.at, actor = excluded.actor`.execute(transaction);
  });
}
