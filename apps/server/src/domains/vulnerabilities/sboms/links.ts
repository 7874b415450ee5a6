import type { VendorNames } from '@wardline/knowledge';
import {
  assetKeys,
  Candidates,
  isOfVersion,
  isProduct,
  type MatchedAsset,
  type NamedProduct,
} from '@wardline/vulnerabilities';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';

/** Links that are written at once. */
const TOGETHER = 5000;

interface Listed extends NamedProduct {
  id: string;
  added_at: number;
}

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
    await sql<Listed>`select id, vendor, model, software, added_at from sbom where replaced_at is null`.execute(
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
  sboms: readonly Listed[],
  assets: ReadonlyMap<string, MatchedAsset>,
): Map<string, Link> {
  const index = new Candidates<Listed>();
  for (const one of sboms) index.add(assetKeys(vendors, deviceOf(one)), one);
  // Devices of one name are of the same products.
  const products = new Map<string, Listed[]>();
  const links = new Map<string, Link>();
  for (const asset of assets.values()) {
    const name = JSON.stringify([asset.vendor, asset.family, asset.model]);
    const known =
      products.get(name) ??
      [...index.find(assetKeys(vendors, asset))].filter((one) => isProduct(vendors, one, asset));
    products.set(name, known);
    const link = linkOf(known, asset);
    if (link !== null) links.set(asset.id, link);
  }
  return links;
}

const deviceOf = ({ vendor, model, software }: Listed): MatchedAsset => ({
  id: '',
  vendor: vendor || null,
  family: null,
  model,
  serial: null,
  software: software || null,
});

/** The one of its version, then one of every version, then the newest of another version, which leaves all answers open. */
function linkOf(sboms: readonly Listed[], asset: MatchedAsset): Link | null {
  const newest = (some: readonly Listed[]) =>
    some.reduce((best, one) => (one.added_at > best.added_at ? one : best));
  const exact = sboms.filter((one) => isOfVersion(one, asset) === 'yes');
  const own = exact.filter(({ software }) => software !== '');
  const best = own.length > 0 ? own : exact;
  if (best.length > 0) return { asset_id: asset.id, sbom: newest(best).id, exact: true };
  return sboms.length === 0 ? null : { asset_id: asset.id, sbom: newest(sboms).id, exact: false };
}
