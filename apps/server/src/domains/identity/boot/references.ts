import { randomUUID } from 'node:crypto';
import type { bootReferenceBody } from '@wardline/model';
import type { PcrReference, ReferenceValues } from '@wardline/pki';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { act } from '../../../ledger/append.ts';
import type { Executor } from '../../../store/database.ts';
import { BANK } from './asked.ts';

/** What reference values are of. */
export interface Product {
  vendor: string;
  model: string;
  software: string;
}

/** A device by what it is now. */
export async function productOf(database: Executor, asset: string): Promise<Product> {
  const { rows } = await sql<Product>`
    select coalesce(vendor, '') as vendor, coalesce(model, '') as model, coalesce(software, '') as software
    from asset where id = ${asset}`.execute(database);
  return rows[0] ?? { vendor: '', model: '', software: '' };
}

export interface StoredReference {
  id: string;
  values: ReferenceValues;
}

/** What a good boot of a product measures, as people said; nothing of what is not known by maker and model. */
export async function referencesFor(
  database: Executor,
  { vendor, model, software }: Product,
): Promise<StoredReference[]> {
  if (vendor === '' || model === '') return [];
  const { rows } = await sql<{ id: string; pcrs: Record<string, PcrReference> }>`
    select id, pcrs from boot_reference where removed is null and lower(vendor) = lower(${vendor}) and lower(model) = lower(${model})
      and software = ${software} order by added`.execute(database);
  return rows.map(({ id, pcrs }) => ({
    id,
    values: { bank: BANK, pcrs: new Map(Object.entries(pcrs).map(([pcr, known]) => [Number(pcr), known])) },
  }));
}

interface Origin extends Product {
  grade: number;
  status: string;
  pcrs: Record<string, string>;
  events: Record<string, string[]>;
}

/**
 * A person says that what a device booted is good, for its maker, model and version. Where its log holds, each measurement is known;
 * else the value. @throws Refusal where there was no quote that holds, or nobody knows what the device is
 */
export async function addReference(
  context: Context,
  actor: string,
  { appraisal, pcrs, reason }: z.infer<typeof bootReferenceBody>,
): Promise<string> {
  const { rows } =
    await sql<Origin>`select grade, status, pcrs, events, vendor, model, software from boot_appraisal
    where id = ${appraisal}`.execute(context.database);
  const [origin] = rows;
  if (origin === undefined) throw new Refusal('not-found');
  if (origin.grade < 2) throw new Refusal('conflict', 'There is no quote that holds of this boot');
  const { vendor, model, software } = origin;
  if (vendor === '' || model === '')
    throw new Refusal('conflict', 'The maker or the model of the device is not known');
  const values = Object.fromEntries(pcrs.map((pcr) => [pcr, knownOf(origin, pcr)]));
  const [id, at] = [randomUUID(), context.now()];
  const changes = { reference: id, appraisal, vendor, model, software, pcrs };
  const entry = { at, actor, action: 'boot.reference-add', subject: `boot-reference:${id}`, changes, reason };
  await act(context.database, entry, async (transaction) => {
    await sql`insert into boot_reference (id, vendor, model, software, pcrs, origin, added, added_by)
      values (${id}, ${vendor}, ${model}, ${software}, ${JSON.stringify(values)}::jsonb, ${appraisal}, ${at}, ${actor})`.execute(
      transaction,
    );
  });
  context.events.emit('trust', 'ledger');
  return id;
}

function knownOf({ pcrs, events }: Origin, pcr: number): PcrReference {
  const [value, measured] = [pcrs[pcr], events[pcr]];
  if (value === undefined) throw new Refusal('invalid-request', `PCR ${pcr} was not quoted`);
  return measured === undefined
    ? { by: 'value', values: [value] }
    : { by: 'events', required: [...new Set(measured)], allowed: [] };
}

/** Reference values count no more; what was judged by them stays on record. */
export async function removeReference(
  context: Context,
  actor: string,
  id: string,
  reason: string,
): Promise<void> {
  const at = context.now();
  const entry = {
    at,
    actor,
    action: 'boot.reference-remove',
    subject: `boot-reference:${id}`,
    changes: {},
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    const { rows } =
      await sql`update boot_reference set removed = ${at} where id = ${id} and removed is null returning id`.execute(
        transaction,
      );
    if (rows.length === 0) throw new Refusal('not-found');
  });
  context.events.emit('trust', 'ledger');
}
