import type { PurchaseDetails, Supplier } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { assetsOfProduct, loadStatements, loadSuppliers, statementFor } from '../suppliers/index.ts';
import type { Assessed, SbomFacts } from './assessed-product.ts';

/** All that is known of a product, with the ids of what it rests on. */
export interface KnownProduct extends Assessed {
  mds2: string | null;
}

/** Gathers what a score rests on for several products at once. */
export async function assessedFor(
  context: Context,
  products: readonly PurchaseDetails[],
): Promise<KnownProduct[]> {
  const { database, knowledge, now } = context;
  const [stated, suppliers] = [await loadStatements(database), await loadSuppliers(database, now())];
  const found: KnownProduct[] = [];
  for (const product of products) {
    const form = statementFor(stated, knowledge, product);
    const assets = await assetsOfProduct(database, knowledge, product);
    found.push({
      mds2: form?.id ?? null,
      form: form && {
        name: form.statement.document,
        answers: form.statement.answers,
        open: form.statement.answers.filter(({ value }) => value === 'blank' || value === 'unclear').length,
      },
      sbom: await sbomFacts(context, product),
      commitments: product.commitments,
      seen: { assets: assets.length, contradictions: await contradictionsAt(context, assets) },
      hasServiceAgreement: suppliers.some((one) => isInForce(context, one, product, now())),
    });
  }
  return found;
}

function isInForce(
  { knowledge }: Context,
  { details }: Supplier,
  { vendor }: PurchaseDetails,
  now: number,
): boolean {
  const today = new Date(now / 1000).toISOString().slice(0, 10);
  return (
    knowledge.vendors.agree(details.name, vendor) &&
    details.agreements.some(
      ({ kind, expires }) => kind === 'service' && (expires === null || expires >= today),
    )
  );
}

async function contradictionsAt({ database }: Context, assets: readonly string[]): Promise<number> {
  if (assets.length === 0) return 0;
  const { rows } = await sql<{ n: number }>`select count(*) as n from finding where closed_at is null
    and rule = 'statement-contradicted' and asset_id = any(${assets}::text[])`.execute(database);
  return rows[0]!.n;
}

/** Of the bill of materials that counts for the product and version, or for the product in every version. */
async function sbomFacts(
  { database }: Context,
  { vendor, model, software }: PurchaseDetails,
): Promise<SbomFacts | null> {
  const { rows } = await sql<SbomFacts>`
    select s.id, s.components, count(*) filter (where coalesce(c.version, '') <> '') as "withVersion",
      count(*) filter (where c.purl is not null or cardinality(c.cpes) > 0) as "withIdentifier",
      count(*) filter (where coalesce(c.supplier, '') <> '') as "withSupplier"
    from sbom s left join sbom_part p on p.sbom = s.id left join component c on c.id = p.component
    where s.replaced_at is null and lower(s.vendor) = lower(${vendor}) and lower(s.model) = lower(${model})
      and s.software in ('', ${software})
    group by s.id, s.components, s.software order by s.software desc limit 1`.execute(database);
  return rows[0] ?? null;
}
