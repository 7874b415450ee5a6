import { createHash } from 'node:crypto';
import type { Sbom, SbomComponent } from '@wardline/formats';
import { partKeys } from '@wardline/vulnerabilities';
import { sql } from 'kysely';
import type { Executor } from '../../../store/database.ts';
import { type Product, storable } from './product.ts';

export interface KeptSbom {
  id: string;
  name: string;
  product: Product;
  sbom: Sbom;
  document: Buffer;
  actor: string;
  at: number;
}

/** Components that go into one statement. */
const TOGETHER = 2000;

/**
 * Stores a bill of materials; the one that counted for the same product and version so far is kept, and counts no more. One that counts
 * again is held against what was published in between.
 */
export async function keepSbom(transaction: Executor, kept: KeptSbom): Promise<void> {
  const { id, product, sbom, at } = kept;
  await sql`update sbom set replaced_at = ${at} where lower(vendor) = lower(${product.vendor})
    and lower(model) = lower(${product.model}) and software = ${product.software} and replaced_at is null`.execute(
    transaction,
  );
  const { rows } = await sql<{ id: string }>`
    update sbom set replaced_at = null, matched_at = null where id = ${id} returning id`.execute(transaction);
  if (rows.length > 0) return;
  await insertHead(transaction, kept);
  for (let start = 0; start < sbom.components.length; start += TOGETHER)
    await keepParts(transaction, id, sbom.components.slice(start, start + TOGETHER), start);
}

const clean = (text: string | null): string | null => (text === null ? null : storable(text));

async function insertHead(transaction: Executor, { id, name, product, sbom, document, actor, at }: KeptSbom) {
  const { vendor, model, software } = product;
  const statements = storable(JSON.stringify(sbom.vulnerabilities)).replaceAll('\\u0000', '');
  await sql`insert into sbom (id, vendor, model, software, name, format, spec_version, document_id, revision, title, author,
      created, main, components, statements, document, added_at, added_by)
    values (${id}, ${vendor}, ${model}, ${software}, ${storable(name)}, ${sbom.format}, ${sbom.specVersion}, ${clean(sbom.id)},
      ${storable(sbom.revision)}, ${storable(sbom.title)}, ${clean(sbom.author)}, ${sbom.created}, ${clean(sbom.main)},
      ${sbom.components.length}, ${statements}::jsonb, ${document}, ${at}, ${actor})`.execute(transaction);
}

/** All that tells a component from others; the same in many products stands once. */
export function componentRow(one: SbomComponent) {
  const { type, supplier, group, name, version, purl, cpes } = one;
  const told = [type, supplier, group, name, version, purl].map(clean);
  const names = cpes.map(storable);
  const key = createHash('sha256')
    .update(JSON.stringify([told, names]))
    .digest('base64url')
    .slice(0, 32);
  const search = [...told, ...names].filter(Boolean).join(' ').toLowerCase();
  return {
    key,
    type: told[0],
    supplier: told[1],
    group: told[2],
    name: told[3],
    version: told[4],
    purl: told[5],
    cpes: names,
    search,
    keys: partKeys({ name: told[3]!, purl: told[5]!, cpes: names }),
  };
}

async function keepParts(
  transaction: Executor,
  sbom: string,
  components: readonly SbomComponent[],
  start: number,
): Promise<void> {
  const parts = components.map((one, index) => ({
    number: start + index,
    ref: storable(one.ref),
    parent: clean(one.parent),
    licenses: one.licenses.map(({ expression }) => storable(expression)),
    ...componentRow(one),
  }));
  const rows = JSON.stringify(parts);
  await sql`insert into component (key, type, supplier, "group", name, version, purl, cpes, search, keys)
    select distinct on (e ->> 'key') e ->> 'key', e ->> 'type', e ->> 'supplier', e ->> 'group', e ->> 'name', e ->> 'version',
      e ->> 'purl', array(select jsonb_array_elements_text(e -> 'cpes')), e ->> 'search',
      array(select jsonb_array_elements_text(e -> 'keys'))
    from jsonb_array_elements(${rows}::jsonb) as e order by e ->> 'key' on conflict (key) do nothing`.execute(
    transaction,
  );
  await sql`insert into sbom_part (sbom, number, component, ref, parent, licenses)
    select ${sbom}, (e ->> 'number')::int, c.id, e ->> 'ref', e ->> 'parent',
      array(select jsonb_array_elements_text(e -> 'licenses'))
    from jsonb_array_elements(${rows}::jsonb) as e join component c on c.key = e ->> 'key'`.execute(
    transaction,
  );
}
