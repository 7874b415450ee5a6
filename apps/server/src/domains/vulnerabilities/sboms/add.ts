import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { readSbom, type Sbom } from '@wardline/formats';
import type { SbomAdded, sbomAddBody } from '@wardline/model';
import { sql, type Transaction } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { append } from '../../../ledger/append.ts';
import type { Executor } from '../../../store/database.ts';
import type { Tables } from '../../../store/tables.ts';
import { keepSbom } from './keep.ts';
import { type Product, productOf } from './product.ts';
import { addVex, spokenOf } from './vex.ts';

const refused = (place: string, message: string): SbomAdded => ({
  outcome: 'refused',
  id: null,
  faults: [{ place, message }],
});

/** Takes a bill of materials in, whole or not at all; what violates its format is refused with the places. */
export async function addSbom(
  context: Context,
  actor: string,
  { name, text, reason, ...stated }: z.infer<typeof sbomAddBody>,
): Promise<SbomAdded> {
  const reading = await readSbom(text);
  if (!reading.ok) return { outcome: 'refused', id: null, faults: [...reading.faults] };
  if (spokenOf(reading.sbom).length > 0) return await addVex(context, actor, { name, reason }, reading.sbom);
  const product = productOf(stated, reading.sbom);
  if (product.model === '')
    return refused(
      '',
      'the document names no product: say whose bill of materials it is (vendor, model, software)',
    );
  const id = idOf(product, text);
  if (await isThere(context.database, id)) return { outcome: 'unchanged', id, faults: [] };
  const added = { product, name, text, sbom: reading.sbom, actor, at: context.now(), reason };
  await context.database.transaction().execute((transaction) => keepProducts(transaction, added));
  return { outcome: 'added', id, faults: [] };
}

interface Added {
  product: Product;
  name: string;
  text: string;
  sbom: Sbom;
  actor: string;
  at: number;
  reason: string | null;
}

/** Keeps the bill of materials of a product, with its act; nothing where the same counts already. */
async function keepProducts(transaction: Transaction<Tables>, added: Added): Promise<void> {
  const { product, text, sbom, actor, at, reason } = added;
  const id = idOf(product, text);
  if (await isThere(transaction, id)) return;
  const document = await promisify(gzip)(Buffer.from(text, 'utf8'));
  await keepSbom(transaction, { ...added, id, document });
  const changes = changesOf(product, sbom);
  await append(transaction, { at, actor, action: 'sbom.add', subject: id, changes, reason });
}

/**
 * Keeps the bill of materials that was signed with a release, as that of its maker, model and version.
 * @throws Refusal where it is none
 */
export async function keepReleaseSbom(
  transaction: Transaction<Tables>,
  added: Omit<Added, 'sbom'>,
): Promise<void> {
  const reading = await readSbom(added.text);
  if (!reading.ok)
    throw new Refusal('conflict', `${added.name}: ${reading.faults[0]?.message ?? 'no bill of materials'}.`);
  await keepProducts(transaction, { ...added, sbom: reading.sbom });
}

/** The same text of the same product is the same bill of materials. */
const idOf = ({ vendor, model, software }: Product, text: string): string =>
  `S-${createHash('sha256')
    .update(JSON.stringify([vendor, model, software, text]))
    .digest('hex')
    .slice(0, 24)}`;

const changesOf = (product: Product, { format, specVersion, components }: Sbom) => ({
  ...product,
  format: `${format} ${specVersion}`,
  components: components.length,
});

async function isThere(database: Executor, id: string): Promise<boolean> {
  const { rows } = await sql`select 1 from sbom where id = ${id} and replaced_at is null`.execute(database);
  return rows.length > 0;
}
