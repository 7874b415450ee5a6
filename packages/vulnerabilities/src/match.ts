import type { Advisory, ProductStatement } from '@wardline/formats';
import type { VendorNames } from '@wardline/knowledge';
import type { MatchedAsset } from './asset.ts';
import { makerWords, sameMaker } from './makers.ts';
import { isPackage } from './packages.ts';
import { compareNames, type NameAnswer, nameParts } from './product-name.ts';
import { type Containment, contains, readVersions } from './range.ts';

export type Verdict = 'affected' | 'not-affected' | 'unknown';

/** The answer for one asset and one weakness, with why. */
export interface Match {
  asset: string;
  vulnerability: string;
  advisory: string;
  verdict: Verdict;
  /** 0 to 1: how firmly product and version were recognised. */
  confidence: number;
  reason: string;
  issuer: string;
  at: number;
  /** The maker of the device said so in so many words. */
  byMaker?: boolean;
  /** The part of the product that it is about, and the bill of materials that names it. */
  component?: string;
  sbom?: string;
}

interface Answer extends Pick<Match, 'verdict' | 'confidence' | 'reason'> {
  /** The issuer said so in so many words; what lies outside of a range is only concluded. */
  stated: boolean;
  /** Only a part of the product's name agrees. */
  doubtful?: true;
}

/** What one advisory says of one asset, weakness by weakness. Nothing is said where it does not name the asset. */
export function matchAdvisory(vendors: VendorNames, asset: MatchedAsset, advisory: Advisory): Match[] {
  const answers = new Map<string, Answer[]>();
  const recognised = new Map<unknown, NameAnswer>();
  for (const statement of advisory.statements) {
    const answer = answerOf(vendors, asset, statement, recognised);
    if (answer === null) continue;
    const known = answers.get(statement.vulnerability);
    if (known === undefined) answers.set(statement.vulnerability, [answer]);
    else known.push(answer);
  }
  const { id, issuer, updated } = advisory;
  return [...answers].map(([vulnerability, found]) => {
    const { verdict, confidence, reason, stated } = weigh(undoubted(found));
    const byMaker = stated && asset.vendor !== null && sameMaker(vendors, issuer, asset.vendor);
    const match = {
      asset: asset.id,
      vulnerability,
      advisory: id,
      verdict,
      confidence,
      reason,
      issuer,
      at: updated,
    };
    return byMaker ? { ...match, byMaker } : match;
  });
}

/** Where the advisory names the very product, its other products of like names are not this device. */
function undoubted(answers: readonly Answer[]): readonly Answer[] {
  const sure = answers.filter((answer) => answer.doubtful !== true);
  return sure.length > 0 ? sure : answers;
}

/** Harm outweighs: affected, then a stated not affected, then unknown, then what is concluded from a range. */
function weigh(answers: readonly Answer[]): Answer {
  const rank = (answer: Answer): number => {
    if (answer.verdict === 'affected') return 3;
    if (answer.verdict === 'unknown') return 1;
    return answer.stated ? 2 : 0;
  };
  return answers.reduce((best, answer) =>
    rank(answer) > rank(best) || (rank(answer) === rank(best) && answer.confidence > best.confidence)
      ? answer
      : best,
  );
}

function answerOf(
  vendors: VendorNames,
  asset: MatchedAsset,
  statement: ProductStatement,
  recognised: Map<unknown, NameAnswer>,
): Answer | null {
  const identity = statement.within ?? statement.product;
  const name = recognised.get(identity) ?? recognise(vendors, asset, identity);
  recognised.set(identity, name);
  if (name === 'other') return null;
  const place = placeOf(asset, identity.versions);
  const words = { product: nameOf(identity), version: versionWords(asset, identity.versions) };
  return conclude(statement, name, place, words, asset.vendor === null ? 0.75 : 1);
}

const nameOf = ({ vendor, name }: ProductStatement['product']): string =>
  vendor === null || name.toLowerCase().startsWith(vendor.toLowerCase()) ? name : `${vendor} ${name}`;

/** Is the named product this device? */
function recognise(
  vendors: VendorNames,
  asset: MatchedAsset,
  identity: ProductStatement['product'],
): NameAnswer {
  const { vendor } = identity;
  if (isPackage(identity.purl)) return 'other';
  if (vendor !== null && asset.vendor !== null && !sameMaker(vendors, vendor, asset.vendor)) return 'other';
  if (asset.model === null && asset.family === null)
    return vendor !== null && asset.vendor !== null ? 'possible' : 'other';
  const model = squeezed(asset.model ?? '');
  if (model !== '' && identity.models.some((one) => squeezed(one) === model)) return 'same';
  const makers = makerWords(vendors, [
    vendor,
    asset.vendor,
    houseIn(vendors, identity.name, asset.vendor ?? vendor),
  ]);
  const known = `${asset.family ?? ''} ${asset.model ?? ''}`;
  const answer = compareNames(nameParts(identity.name, makers), nameParts(known, makers));
  return answer === 'same' && (vendor === null || asset.vendor === null) && !/\d/.test(known)
    ? 'possible'
    : answer;
}

/** A sister house that the product's name begins with (`Welch Allyn Connex` of Hillrom). */
function houseIn(vendors: VendorNames, name: string, house: string | null): string | null {
  const found = vendors.find(name);
  return found !== null && house !== null && vendors.agree(found.name, house) ? found.name : null;
}

const squeezed = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Where the device's version (or serial number) lies in what the statement names; several texts are alternatives. */
function placeOf(asset: MatchedAsset, versions: readonly string[]): Containment {
  if (versions.length === 0) return 'in';
  const places = versions.map((text) => {
    const set = readVersions(text);
    return contains(set, set.kind === 'ranges' && set.of === 'serial' ? asset.serial : asset.software);
  });
  if (places.includes('in')) return 'in';
  if (places.includes('unknown')) return 'unknown';
  return places.every((place) => place === 'above') ? 'above' : 'out';
}

function versionWords(asset: MatchedAsset, versions: readonly string[]): { named: string; known: string } {
  const named = versions.length === 0 ? 'every version' : versions.slice(0, 3).join(', ').slice(0, 200);
  return { named, known: asset.software === null ? 'its version is not known' : `it runs ${asset.software}` };
}

interface Words {
  product: string;
  version: { named: string; known: string };
}

function conclude(
  statement: ProductStatement,
  name: NameAnswer,
  place: Containment,
  { product, version }: Words,
  trust: number,
): Answer {
  const says = `${statement.issuer} names ${product} (${version.named}) as ${statusWords[statement.status]}`;
  if (name === 'possible')
    return {
      ...openAnswer(`${says}; whether this device is that product is not sure.`, 0.3),
      doubtful: true,
    };
  if (statement.status === 'under-investigation') return openAnswer(`${says}.`, 0.6);
  if (place === 'unknown') return openAnswer(`${says}; ${version.known}, which does not decide it.`, 0.5);
  const confidence = trust * (version.named === 'every version' ? 0.9 : 0.95);
  if (place === 'in') {
    const why = statement.justification ?? statement.impact;
    const verdict = statement.status === 'affected' ? 'affected' : 'not-affected';
    const reason = `${says}${why === null ? '' : ` (${why.slice(0, 200)})`}; ${version.known}.`;
    return { verdict, confidence, reason, stated: true };
  }
  if (statement.status !== 'affected')
    return openAnswer(`${says}; ${version.known}, of which it says nothing.`, 0.4);
  const reason = `${says}; ${version.known}, which is outside of that.`;
  return { verdict: 'not-affected', confidence: confidence * 0.9, reason, stated: false };
}

const openAnswer = (reason: string, confidence: number): Answer => ({
  verdict: 'unknown',
  confidence,
  reason,
  stated: false,
});

const statusWords: Readonly<Record<ProductStatement['status'], string>> = {
  affected: 'affected',
  'not-affected': 'not affected',
  fixed: 'fixed',
  'under-investigation': 'under investigation',
};
