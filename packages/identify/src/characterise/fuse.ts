import { type Knowledge, nounOf, withArticle } from '@wardline/knowledge';
import type { Attribute, Claim, Conclusion, Strength } from '@wardline/model';
import { type Relation, relate } from './relation.ts';

/** What one independent ground is worth (docs/decisions/0003-confidence-fusion.md). */
const WEIGHT: Record<Strength, number> = { strong: 0.9, medium: 0.65, weak: 0.35 };
/**
 * Where labelled captures show a kind of ground to be worth more (docs/benchmarks-identify.md): the maker of a network card, with
 * makers of parts left out, is the device's own far more often than a name tells its class. It stays below medium, so that what a
 * device says of itself wins.
 */
const MEASURED_WEAK: Partial<Record<Claim['attribute'], number>> = { vendor: 0.55 };
/** However many weak grounds there are, together they are worth no more than this; likewise for medium. */
const CEILING: Record<Strength, number> = { strong: 0.99, medium: 0.92, weak: 0.6 };
/** How far full support of a contrary value takes confidence away. */
const CONTRADICTION = 0.6;
/** Below, the answer is "unknown". A vendor may rest on one weak ground, what a device does may not. */
const THRESHOLD: Partial<Record<Attribute, number>> = { vendor: 0.3, hostname: 0.3, location: 0.3 };
const USUAL_THRESHOLD = 0.45;
/** A conclusion gives the strongest of its reasons; the claims hold them all. */
const REASONS_GIVEN = 2;
/** Two contrary values this close together are a draw, and a draw is no answer. */
const DRAW = 0.02;

interface Candidate {
  value: string;
  claims: Claim[];
  confidence: number;
}

const UNKNOWN: Conclusion = { value: null, confidence: 0, reason: 'Nothing seen says it.', conflicts: [] };

/**
 * Draws the conclusion of one attribute from its claims. Claims of one group count once, with the strongest of them;
 * independent groups add up as 1 − Π(1 − weight), up to the ceiling of the strongest kind; support of contrary values takes
 * away. The order of the claims does not matter.
 */
export function fuse(attribute: Attribute, claims: readonly Claim[], knowledge: Knowledge): Conclusion {
  const relation = (a: string, b: string) => relate(attribute, a, b, knowledge);
  const candidates = weigh(claims, relation);
  const best = choose(candidates, relation);
  if (best === null) return UNKNOWN;
  const contrary = candidates.filter((other) => relation(best.value, other.value) === 'contrary');
  const [rival] = contrary;
  const threshold = THRESHOLD[attribute] ?? USUAL_THRESHOLD;
  const draw = rival !== undefined && best.confidence - rival.confidence < DRAW;
  if (draw || best.confidence < threshold) return undecided([best, ...contrary], draw, attribute, knowledge);
  return {
    value: best.value,
    confidence: round(best.confidence),
    reason: reasonOf(best, contrary),
    conflicts: contrary.map(asConflict),
  };
}

/** The support of a set of claims of one attribute without looking at what contradicts it. */
export function support(claims: readonly Claim[]): number {
  const strongest = new Map<string, Strength>();
  for (const { group, strength } of claims) {
    const known = strongest.get(group);
    if (known === undefined || WEIGHT[strength] > WEIGHT[known]) strongest.set(group, strength);
  }
  let total = 0;
  for (const kind of ['weak', 'medium', 'strong'] as const) {
    const count = [...strongest.values()].filter((strength) => strength === kind).length;
    if (count === 0) continue;
    const doubt = (1 - total) * (1 - weightOf(kind, claims[0]!.attribute)) ** count;
    total = Math.min(1 - doubt, CEILING[kind]);
  }
  return total;
}

function weightOf(strength: Strength, attribute: Claim['attribute']): number {
  return strength === 'weak' ? (MEASURED_WEAK[attribute] ?? WEIGHT.weak) : WEIGHT[strength];
}

type Relate = (a: string, b: string) => Relation;

function weigh(claims: readonly Claim[], relation: Relate): Candidate[] {
  const values = spellings(claims, relation);
  const supported = values.map((value) => {
    const own = claims.filter((claim) => ['equal', 'implies'].includes(relation(claim.value, value)));
    return { value, claims: own, confidence: support(own) };
  });
  const weighed = supported.map((candidate) => ({
    ...candidate,
    confidence: candidate.confidence * (1 - CONTRADICTION * opposition(candidate, supported, relation)),
  }));
  return weighed.sort((a, b) => b.confidence - a.confidence || (a.value < b.value ? -1 : 1));
}

/** One spelling for equal values: that of the strongest claim. */
function spellings(claims: readonly Claim[], relation: Relate): string[] {
  const sorted = [...claims].sort(
    (a, b) => WEIGHT[b.strength] - WEIGHT[a.strength] || (a.value < b.value ? -1 : 1),
  );
  const values: string[] = [];
  for (const { value } of sorted) {
    if (!values.some((known) => relation(known, value) === 'equal')) values.push(value);
  }
  return values;
}

function opposition(candidate: Candidate, all: readonly Candidate[], relation: Relate): number {
  const contrary = all.filter((other) => relation(candidate.value, other.value) === 'contrary');
  return Math.max(0, ...contrary.map((other) => other.confidence));
}

/** The best supported value; what tells it more closely is preferred while it is not much less sure. */
function choose(candidates: readonly Candidate[], relation: Relate): Candidate | null {
  let best = candidates[0] ?? null;
  for (const candidate of candidates.slice(1)) {
    if (best === null) break;
    const closer = relation(candidate.value, best.value) === 'implies';
    if (closer && candidate.confidence >= USUAL_THRESHOLD) best = candidate;
  }
  return best;
}

function undecided(
  candidates: readonly Candidate[],
  draw: boolean,
  attribute: Attribute,
  { taxonomy }: Knowledge,
): Conclusion {
  const shown = (value: string) =>
    attribute === 'class' ? withArticle(nounOf(taxonomy.label(value))) : value;
  const what = candidates.map((candidate) => shown(candidate.value)).slice(0, 3);
  const reason = draw
    ? `The evidence contradicts itself: ${what.join(' or ')}.`
    : `There is a hint of ${what[0]}, too weak to call it the ${attribute}.`;
  return { value: null, confidence: 0, reason, conflicts: candidates.map(asConflict) };
}

function reasonOf(best: Candidate, contrary: readonly Candidate[]): string {
  const groups = new Set<string>();
  const reasons: string[] = [];
  for (const claim of strongestFirst(best.claims)) {
    if (!groups.has(claim.group) && !reasons.includes(claim.reason)) reasons.push(claim.reason);
    groups.add(claim.group);
  }
  const [against] = contrary.length > 0 ? strongestFirst(contrary[0]!.claims) : [];
  if (against !== undefined) return `${reasons[0] ?? ''} Against it: ${against.reason}`.trim();
  return reasons.slice(0, REASONS_GIVEN).join(' ');
}

function strongestFirst(claims: readonly Claim[]): Claim[] {
  return [...claims].sort(
    (a, b) => WEIGHT[b.strength] - WEIGHT[a.strength] || (a.reason < b.reason ? -1 : 1),
  );
}

function asConflict(candidate: Candidate): Conclusion['conflicts'][number] {
  return {
    value: candidate.value,
    confidence: round(candidate.confidence),
    reason: strongestFirst(candidate.claims)[0]?.reason ?? '',
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
