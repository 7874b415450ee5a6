import { createHash } from 'node:crypto';
import type { Mds2Form } from '@wardline/formats';
import type { Mds2Added, mds2AddBody } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { act } from '../../../ledger/append.ts';
import type { Executor } from '../../../store/database.ts';
import { assetsOfProduct } from './product.ts';
import { readForm } from './reader.ts';

const refused = (place: string, message: string): Mds2Added => ({
  outcome: 'refused',
  id: null,
  fault: { place, message },
  warnings: 0,
});

/** Takes a form in; the one that held for the product before is kept. What was seen of its assets is held against it at once. */
export async function addForm(
  context: Context,
  actor: string,
  body: z.infer<typeof mds2AddBody>,
): Promise<Mds2Added> {
  const bytes = Buffer.from(body.content, 'base64');
  const reading = await readForm(bytes);
  if ('fault' in reading) return refused(reading.fault.place, reading.fault.message);
  const { form } = reading;
  const vendor = (body.vendor ?? form.product.manufacturer ?? '').slice(0, 200);
  const model = (body.model ?? form.product.model ?? '').slice(0, 200);
  if (vendor === '' || model === '')
    return refused('', 'the form names no product: say whose form it is (vendor, model)');
  const id = `M-${createHash('sha256')
    .update(JSON.stringify([vendor, model]))
    .update(bytes)
    .digest('hex')
    .slice(0, 24)}`;
  const { rows } = await sql`select 1 from mds2_form where id = ${id} and replaced_at is null`.execute(
    context.database,
  );
  if (rows.length > 0) return { outcome: 'unchanged', id, fault: null, warnings: form.warnings.length };
  const changes = {
    vendor,
    model,
    edition: form.edition,
    answers: form.answers.length,
    warnings: form.warnings.length,
  };
  const at = context.now();
  const entry = { at, actor, action: 'mds2.add', subject: id, changes, reason: body.reason };
  await act(context.database, entry, async (transaction) => {
    await keep(transaction, { id, vendor, model, name: body.name, form, bytes, at, actor });
    await judgeAnew(transaction, context, vendor, model);
  });
  return { outcome: 'added', id, fault: null, warnings: form.warnings.length };
}

interface Kept {
  id: string;
  vendor: string;
  model: string;
  name: string;
  form: Mds2Form;
  bytes: Buffer;
  at: number;
  actor: string;
}

async function keep(
  transaction: Executor,
  { id, vendor, model, name, form, bytes, at, actor }: Kept,
): Promise<void> {
  await sql`update mds2_form set replaced_at = ${at} where replaced_at is null
    and lower(vendor) = lower(${vendor}) and lower(model) = lower(${model})`.execute(transaction);
  const text = JSON.stringify(form).replaceAll('\\u0000', '');
  await sql`insert into mds2_form (id, vendor, model, edition, name, released, form, document, added_at, added_by)
    values (${id}, ${vendor}, ${model}, ${form.edition}, ${name}, ${form.product.released}, ${text}::jsonb, ${bytes}, ${at}, ${actor})
    on conflict (id) do update set replaced_at = null, added_at = excluded.added_at, added_by = excluded.added_by`.execute(
    transaction,
  );
}

/** Endpoints that wait have their assets judged in the next run of identification. */
async function judgeAnew(
  transaction: Executor,
  context: Context,
  vendor: string,
  model: string,
): Promise<void> {
  const assets = await assetsOfProduct(transaction, context.knowledge, { vendor, model });
  if (assets.length > 0)
    await sql`update endpoint set revision = revision + 1 where asset_id = any(${assets}::text[])`.execute(
      transaction,
    );
}
