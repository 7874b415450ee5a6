import type { VendorNames } from '@wardline/knowledge';
import {
  assetKeys,
  Candidates,
  chosenSbom,
  isProduct,
  type ListedSbom,
  type MatchedAsset,
} from '@wardline/vulnerabilities';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';

/** Links that are written at once. */
const TOGETHER = 5000;

interface Link {
  asset_id: string;
  /** Null where none is of this asset any more. */
  sbom: string | null;
  /** Of the very version that the device runs. */
  exact: boolean;
}

/** Which bill of materials is of which asset; an asset whose answer is another one is due to be answered for anew. */
export async function relink(context: Context, assets: ReadonlyMap<string, MatchedAsset>): Promise<void> {
  const { rows: sboms } =
    await sql<ListedSbom>`select id, vendor, model, software, added_at as added from sbom where replaced_at is null`.execute(
      context.database,
    );
  const { rows } = await sql<Link>`select asset_id, sbom, exact from asset_sbom`.execute(context.database);
  const before = new Map(rows.map((link) => [link.asset_id, link]));
  const now = linksOf(context.knowledge.vendors, sboms, assets);
  const changed = [...now.values()].filter((link) => {
    const known = before.get(link.asset_id);
    return known?.sbom !== link.sbom || known.exact !== link.exact;
  });
  const gone = rows
    .filter(({ asset_id: id, sbom }) => sbom !== null && !now.has(id))
    .map((link) => ({ ...link, sbom: null }));
  const all = [...changed, ...gone];
  for (let start = 0; start < all.length; start += TOGETHER)
    await sql`insert into asset_sbom (asset_id, sbom, exact, due)
      select e ->> 'asset_id', e ->> 'sbom', (e ->> 'exact')::boolean, true
      from jsonb_array_elements(${JSON.stringify(all.slice(start, start + TOGETHER))}::jsonb) as e
      on conflict (asset_id) do update set sbom = excluded.sbom, exact = excluded.exact, due = true`.execute(
      context.database,
    );
}

function linksOf(
  vendors: VendorNames,
  sboms: readonly ListedSbom[],
  assets: ReadonlyMap<string, MatchedAsset>,
): Map<string, Link> {
  const index = new Candidates<ListedSbom>();
  for (const one of sboms) index.add(assetKeys(vendors, deviceOf(one)), one);
  // Devices of one name are of the same products.
  const products = new Map<string, ListedSbom[]>();
  const links = new Map<string, Link>();
  for (const asset of assets.values()) {
    const name = JSON.stringify([asset.vendor, asset.family, asset.model]);
    const known =
      products.get(name) ??
      [...index.find(assetKeys(vendors, asset))].filter((one) => isProduct(vendors, one, asset));
    products.set(name, known);
    const chosen = chosenSbom(known, asset);
    if (chosen !== null)
      links.set(asset.id, { asset_id: asset.id, sbom: chosen.sbom.id, exact: chosen.exact });
  }
  return links;
}

const deviceOf = ({ vendor, model, software }: ListedSbom): MatchedAsset => ({
  id: '',
  vendor: vendor || null,
  family: null,
  model,
  serial: null,
  software: software || null,
});
