import { linkedPart, linkOf, type ProductStatus, type SbomVulnerability } from '@wardline/formats';
import type { Verdict } from '../match.ts';
import { placeOf } from './part-version.ts';
import { type Part, type PartMatch, partWords } from './parts.ts';

/** The one answer for a product and a weakness of its parts. */
export interface PartFinding extends PartMatch {
  /** Other parts with the same answer. */
  further: number;
}

/** The document's own word on its parts (VEX): it holds within this product alone. */
export interface OwnStatements {
  id: string;
  /** How other documents name this one (BOM-Link, `urn:cdx:…/1`); null where they cannot. */
  link: string | null;
  issuer: string;
  at: number;
  main: string | null;
  /** Each by the document's author, where nobody else is named. */
  vulnerabilities: readonly (SbomVulnerability & { issuer?: string })[];
}

const verdicts: Readonly<Record<ProductStatus, Verdict>> = {
  affected: 'affected',
  fixed: 'not-affected',
  'not-affected': 'not-affected',
  'under-investigation': 'unknown',
};

const words: Readonly<Record<ProductStatus, string>> = {
  affected: 'exploitable in this product',
  fixed: 'resolved in this product',
  'not-affected': 'not exploitable in this product',
  'under-investigation': 'under investigation for this product',
};

/** What the document itself says of each of its parts; a statement on the product as a whole is one on every part. */
export function ownMatches(parts: readonly Part[], own: OwnStatements): PartMatch[] {
  const byRef = new Map(parts.map((part) => [part.ref, part]));
  return own.vulnerabilities.flatMap((told) =>
    told.affects.flatMap(({ ref, versions }) => {
      const part = byRef.get(localRef(own.link, ref) ?? '') ?? null;
      const status = part === null ? null : statusFor(told.status, part, versions);
      if (part === null || status === null) return [];
      const why = [told.justification, told.detail].filter(Boolean).join(': ').slice(0, 300);
      return [
        {
          ref: part.ref,
          part: part.ref === own.main ? '' : partWords(part),
          vulnerability: told.id,
          advisory: own.id,
          issuer: told.issuer ?? own.issuer,
          at: told.at ?? own.at,
          verdict: verdicts[status],
          confidence: 0.95,
          reason: `The bill of materials calls it ${words[status]}${why === '' ? '' : ` (${why})`}.`,
          stated: status !== 'under-investigation',
        },
      ];
    }),
  );
}

/** A BOM-Link (`urn:cdx:…#ref`) names a part of one document: of another one it says nothing here. */
function localRef(link: string | null, ref: string): string | null {
  const linked = linkOf(ref);
  if (linked === null) return ref;
  return linked === link ? linkedPart(ref) : null;
}

type Versions = SbomVulnerability['affects'][number]['versions'];

/** Where versions are named, the analysis holds for them; what is listed without an analysis is known to be there. */
function statusFor(status: ProductStatus | null, part: Part, versions: Versions): ProductStatus | null {
  const named = versions.filter((one) => placeOf('generic', [one.text], part.version) === 'in');
  if (versions.length > 0 && named.length === 0) return null;
  if (status !== null) return status;
  return versions.length === 0 ? 'affected' : (named[0]!.status ?? 'under-investigation');
}

/**
 * Brings what advisories and the document say of the parts together: the document's own word on a part and a weakness stands over what
 * others say of that part anywhere; of the parts, harm outweighs. What nobody but a range has excluded is left out.
 */
export function partFindings(matches: readonly PartMatch[], own: readonly PartMatch[]): PartFinding[] {
  const later = [...own].sort((a, b) => a.at - b.at);
  const stated = new Map(later.map((match) => [keyOf(match), match]));
  const whole = new Map(later.filter(({ part }) => part === '').map((match) => [match.vulnerability, match]));
  const perPart = Map.groupBy(matches, keyOf);
  const answers = [...new Set([...perPart.keys(), ...stated.keys()])].flatMap((key) => {
    const said = stated.get(key) ?? whole.get(key.slice(key.indexOf('\n') + 1));
    return said ?? reconciled(perPart.get(key)!);
  });
  const groups = Map.groupBy(answers, ({ vulnerability }) => vulnerability);
  return [...groups.values()]
    .map(worst)
    .filter(({ verdict, stated: plainly }) => verdict !== 'not-affected' || plainly);
}

const keyOf = ({ ref, vulnerability }: PartMatch): string => `${ref}\n${vulnerability}`;

/** Between documents on one part: a decided answer counts more than an open one, and harm more than its absence. */
function reconciled(matches: readonly PartMatch[]): PartMatch {
  const latest = [...Map.groupBy(matches, ({ issuer }) => issuer).values()].map((some) =>
    some.reduce((best, one) =>
      one.at > best.at || (one.at === best.at && order(one) > order(best)) ? one : best,
    ),
  );
  return latest.reduce((best, one) => (order(one) > order(best) ? one : best));
}

const order = ({ verdict, confidence }: PartMatch): number =>
  (verdict === 'affected' ? 2 : verdict === 'not-affected' ? 1 : 0) + confidence / 2;

/** Of several parts the worst: affected, unknown, not affected. */
function worst(answers: readonly PartMatch[]): PartFinding {
  const weight = ({ verdict, confidence }: PartMatch) =>
    (verdict === 'affected' ? 2 : verdict === 'unknown' ? 1 : 0) + confidence / 2;
  const chosen = answers.reduce((best, one) => (weight(one) > weight(best) ? one : best));
  const further = answers.filter((one) => one !== chosen && one.verdict === chosen.verdict).length;
  return { ...chosen, further };
}
