import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { readSbom, type Sbom } from '@wardline/formats';
import type { SbomAdded, sbomAddBody } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { act } from '../../../ledger/append.ts';
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
  if (await isThere(context, id)) return { outcome: 'unchanged', id, faults: [] };
  const document = await promisify(gzip)(Buffer.from(text, 'utf8'));
  const kept = { id, name, product, sbom: reading.sbom, document, actor, at: context.now() };
  const entry = {
    at: kept.at,
    actor,
    action: 'sbom.add',
    subject: id,
    changes: changesOf(product, reading.sbom),
    reason,
  };
  await act(context.database, entry, (transaction) => keepSbom(transaction, kept));
  return { outcome: 'added', id, faults: [] };
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

async function isThere(context: Context, id: string): Promise<boolean> {
  const { rows } = await sql`select 1 from sbom where id = ${id} and replaced_at is null`.execute(
    context.database,
  );
  return rows.length > 0;
}
