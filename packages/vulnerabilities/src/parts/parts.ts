import {
  type Advisory,
  type Cpe,
  type ProductIdentity,
  type ProductStatement,
  parseCpe,
  relate,
} from '@wardline/formats';
import type { Verdict } from '../match.ts';
import { cpeKey, nameKey, type PackageName, packageNameOf, packageNamesOf } from './package-key.ts';
import { type Place, placeOf, upstreamVersion } from './part-version.ts';

/** A part of a product, as its bill of materials names it. */
export interface Part {
  ref: string;
  name: string;
  group: string | null;
  version: string | null;
  purl: string | null;
  cpes: readonly string[];
}

/** What one advisory says of one part, whichever product it is in. */
export interface PartMatch {
  ref: string;
  part: string;
  vulnerability: string;
  advisory: string;
  verdict: Verdict;
  confidence: number;
  reason: string;
  issuer: string;
  at: number;
  /** The issuer said so in so many words; what lies outside of a range is only concluded. */
  stated: boolean;
}

/** By what a part is found in advisories: its package, its source, its CPE names, and its plain name. */
export function partKeys(part: Pick<Part, 'name' | 'purl' | 'cpes'>): string[] {
  const keys = [
    ...(part.purl === null ? [] : packageNamesOf(part.purl).map(({ key }) => key)),
    ...part.cpes.map(cpeKey),
    nameKey(part.name),
  ];
  return [...new Set(keys.filter((key) => key !== null))];
}

/** By what the parts that a statement is about are found. A statement on a part within a product is that product's alone. */
export function identityKeys({ purl, cpe, name }: ProductIdentity): string[] {
  const packaged = purl === null ? null : (packageNameOf(purl)?.key ?? null);
  const keys = [
    packaged,
    cpe === null ? null : cpeKey(cpe),
    purl === null && cpe !== null ? nameKey(name) : null,
  ];
  return keys.filter((key) => key !== null);
}

/** What an advisory says of each of these parts. Nothing is said of what it does not name. */
export function matchParts(parts: readonly Part[], advisory: Advisory): PartMatch[] {
  const byKey = new Map<string, Part[]>();
  for (const part of parts)
    for (const key of partKeys(part)) byKey.set(key, [...(byKey.get(key) ?? []), part]);
  const found: PartMatch[] = [];
  for (const statement of advisory.statements) {
    if (statement.within !== null) continue;
    const named = new Set(identityKeys(statement.product).flatMap((key) => byKey.get(key) ?? []));
    for (const part of named) {
      const answer = answerOf(part, statement);
      if (answer !== null) found.push(matchOf(part, statement, advisory, answer));
    }
  }
  return weighed(found);
}

export const partWords = ({ group, name, version }: Pick<Part, 'group' | 'name' | 'version'>): string =>
  [[group, name].filter(Boolean).join('/'), version].filter(Boolean).join(' ');

const matchOf = (
  part: Part,
  { vulnerability }: ProductStatement,
  advisory: Advisory,
  answer: Answer,
): PartMatch => ({
  ref: part.ref,
  part: partWords(part),
  vulnerability,
  advisory: advisory.id,
  issuer: advisory.issuer,
  at: advisory.updated,
  ...answer,
});

type Answer = Pick<PartMatch, 'verdict' | 'confidence' | 'reason' | 'stated'>;

/** How a part was recognised, and which of its versions counts. */
interface Recognised {
  by: string;
  scheme: string;
  version: string | null;
  sure: number;
  /** Why it stays open even where the version is within the range. */
  open: string | null;
}

function answerOf(part: Part, statement: ProductStatement): Answer | null {
  const recognised = recognise(part, statement.product);
  if (recognised === null) return null;
  const { purl, versions } = statement.product;
  const exact = purl === null ? null : (packageNameOf(purl)?.version ?? null);
  const texts = versions.length === 0 && exact !== null ? [exact] : versions;
  const place = placeOf(recognised.scheme, texts, recognised.version);
  return conclude(statement, recognised, place, texts);
}

function recognise(part: Part, product: ProductIdentity): Recognised | null {
  const packaged = product.purl === null ? null : packageNameOf(product.purl);
  if (packaged !== null) return asPackage(part, packaged);
  const named = product.cpe === null ? null : parseCpe(product.cpe);
  if (named === null) return null;
  const own = part.cpes.map(parseCpe).filter((cpe) => cpe !== null);
  if (own.length > 0) return asCpe(part, named, own);
  return asName(part, product);
}

function asPackage(part: Part, packaged: PackageName): Recognised | null {
  const own = part.purl === null ? [] : packageNamesOf(part.purl);
  const same = own.find(({ key }) => key === packaged.key);
  if (same === undefined) return null;
  const released = packaged.release !== null && same.release !== null;
  if (released && packaged.release !== same.release) return null;
  const unsure = packaged.release !== null && same.release === null;
  return {
    by: 'package URL',
    scheme: same.scheme,
    version: same.version ?? part.version,
    sure: 0.98,
    open: unsure
      ? `it is said of ${packaged.release}, and the bill of materials does not say of which release this is`
      : null,
  };
}

/** A CPE names all versions; which of them are meant is told beside it. */
const versioned = ['version', 'update'];
const attributes = [
  'part',
  'vendor',
  'product',
  'edition',
  'language',
  'swEdition',
  'targetSw',
  'targetHw',
  'other',
] as const;

function asCpe(part: Part, named: Cpe, own: readonly Cpe[]): Recognised | null {
  for (const cpe of own) {
    const relations = attributes.map((attribute) => relate(named[attribute], cpe[attribute]));
    if (relations.includes('disjoint')) continue;
    const wide = attributes.find(
      (_one, index) => relations[index] === 'subset' || relations[index] === 'undefined',
    );
    const distributed = part.purl === null ? false : (packageNameOf(part.purl)?.distributed ?? false);
    const stated = versionOf(cpe) ?? part.version;
    return {
      by: 'CPE',
      scheme: cpe.product.kind === 'text' && cpe.product.text === 'openssl' ? 'openssl' : 'generic',
      version: distributed && stated !== null ? upstreamVersion(stated) : stated,
      sure: 0.9,
      open: openWhy(wide, distributed),
    };
  }
  return null;
}

function openWhy(wide: string | undefined, distributed: boolean): string | null {
  if (wide !== undefined)
    return `it is said of one ${wide} only, and the bill of materials does not say which this is`;
  return distributed
    ? 'it is a distribution’s package, which may have been mended without a change of this version'
    : null;
}

const versionOf = (cpe: Cpe): string | null => {
  const texts = versioned.map((name) => cpe[name as 'version' | 'update']);
  const told = texts.flatMap((value) => (value.kind === 'text' && !value.wild ? [value.text] : []));
  return texts[0]!.kind === 'text' ? told.join(' ') : null;
};

/** Only the name agrees: who made it is not known, so that it stays open. */
function asName(part: Part, product: ProductIdentity): Recognised | null {
  if (part.purl !== null || nameKey(part.name) === null || nameKey(part.name) !== nameKey(product.name))
    return null;
  return { by: 'name', scheme: 'generic', version: part.version, sure: 0.4, open: 'only its name agrees' };
}

const statusWords: Readonly<Record<ProductStatement['status'], string>> = {
  affected: 'affected',
  'not-affected': 'not affected',
  fixed: 'fixed',
  'under-investigation': 'under investigation',
};

function conclude(
  statement: ProductStatement,
  found: Recognised,
  place: Place,
  texts: readonly string[],
): Answer | null {
  const { status, product, issuer } = statement;
  const named = texts.length === 0 ? 'every version' : texts.slice(0, 3).join(', ').slice(0, 200);
  const says = `${issuer} names ${product.name || product.purl} (${named}) as ${statusWords[status]}; recognised by its ${found.by}`;
  const open = (why: string): Answer => ({
    verdict: 'unknown',
    confidence: found.sure / 2,
    reason: `${says}; ${why}.`,
    stated: false,
  });
  if (place === 'unknown') return found.by === 'name' ? null : open('its version does not decide it');
  if (status === 'under-investigation') return place === 'in' ? open('nothing is decided yet') : null;
  if (place === 'in') {
    if (found.open !== null) return open(found.open);
    const verdict = status === 'affected' ? 'affected' : 'not-affected';
    return { verdict, confidence: found.sure, reason: `${says}.`, stated: true };
  }
  if (status !== 'affected' || found.by === 'name') return null;
  return {
    verdict: 'not-affected',
    confidence: found.sure * 0.9,
    reason: `${says}, which it is outside of.`,
    stated: false,
  };
}

/** Of one document, part and weakness one answer: affected, then what is stated, then unknown, then what is concluded. */
function weighed(matches: readonly PartMatch[]): PartMatch[] {
  const best = new Map<string, PartMatch>();
  for (const match of matches) {
    const key = `${match.ref}\n${match.vulnerability}`;
    const known = best.get(key);
    if (known === undefined || rank(match) > rank(known)) best.set(key, match);
  }
  return [...best.values()];
}

const rank = ({ verdict, stated, confidence }: PartMatch): number =>
  (verdict === 'affected' ? 3 : verdict === 'unknown' ? 1 : stated ? 2 : 0) + confidence / 2;
