import type { VendorNames } from '@wardline/knowledge';
import type { MatchedAsset } from '../asset.ts';
import { makerWords, sameMaker } from '../makers.ts';
import { compareNames, nameParts } from '../product-name.ts';
import { compareVersions, reportedVersion, versionParts } from '../version.ts';

export interface NamedProduct {
  vendor: string;
  model: string;
  /** Empty: every version. */
  software: string;
}

const squeezed = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Is the device this product? Makers must agree, and the whole name. */
export function isProduct(
  vendors: VendorNames,
  { vendor, model }: NamedProduct,
  asset: MatchedAsset,
): boolean {
  if (asset.model === null || asset.vendor === null || vendor === '') return false;
  if (!sameMaker(vendors, vendor, asset.vendor)) return false;
  if (squeezed(model) === squeezed(asset.model)) return true;
  const makers = makerWords(vendors, [vendor, asset.vendor]);
  const known = `${asset.family ?? ''} ${asset.model}`;
  return /\d/.test(model) && compareNames(nameParts(model, makers), nameParts(known, makers)) === 'same';
}

/** Is the bill of materials of the version that the device runs? */
export function isOfVersion({ software }: NamedProduct, asset: MatchedAsset): 'yes' | 'no' | 'unknown' {
  if (software === '') return 'yes';
  if (asset.software === null) return 'unknown';
  const [stated, running] = [software, asset.software].map((text) => versionParts(reportedVersion(text)));
  return compareVersions(stated!, running!) === 0 ? 'yes' : 'no';
}
