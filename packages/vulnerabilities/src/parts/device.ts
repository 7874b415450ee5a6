import type { MatchedAsset } from '../asset.ts';
import type { Match } from '../match.ts';
import type { PartFinding } from './findings.ts';
import { isOfVersion, type NamedProduct } from './product.ts';

/** A bill of materials by the product that it is of. */
export interface ListedSbom extends NamedProduct {
  id: string;
  /** When it was taken in; of several that fit the latest counts. */
  added: number;
}

/** Of these that are of the device's model: the one of its version, then one of every version, then the newest, which decides nothing. */
export function chosenSbom<T extends ListedSbom>(
  sboms: readonly T[],
  asset: MatchedAsset,
): { sbom: T; exact: boolean } | null {
  const newest = (some: readonly T[]) => some.reduce((best, one) => (one.added > best.added ? one : best));
  const fitting = sboms.filter((one) => isOfVersion(one, asset) === 'yes');
  const own = fitting.filter(({ software }) => software !== '');
  const best = own.length > 0 ? own : fitting;
  if (best.length > 0) return { sbom: newest(best), exact: true };
  return sboms.length === 0 ? null : { sbom: newest(sboms), exact: false };
}

/** What was found of a product, as the answer for one device; a bill of materials of another version leaves it open. */
export function deviceMatch(
  asset: Pick<MatchedAsset, 'id' | 'software'>,
  product: NamedProduct & { id: string },
  exact: boolean,
  finding: PartFinding,
): Match {
  const { vulnerability, advisory, issuer, at, part, further, verdict, confidence, reason } = finding;
  const name = [product.vendor, product.model, product.software].filter(Boolean).join(' ');
  const inside = part === '' ? name : `${part}${further > 0 ? ` (and ${further} more)` : ''} inside ${name}`;
  return {
    asset: asset.id,
    vulnerability,
    advisory,
    issuer,
    at,
    verdict: exact ? verdict : 'unknown',
    confidence: exact ? confidence : confidence / 2,
    reason: `${inside}: ${reason}${exact ? '' : openWords(asset.software)}`,
    component: part || name,
    sbom: product.id,
  };
}

const openWords = (running: string | null): string =>
  ` ${running === null ? 'Which version the device runs is not known' : `The device runs ${running}`}, so that this stays open.`;
