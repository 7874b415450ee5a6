import { type CvssVector, readCvss } from '../cvss/index.ts';
import { EPSS_LIKELY } from './limits.ts';
import { placeIn, topOf } from './scales.ts';
import { between, exactly, type Span } from './span.ts';
import type { FindingSource, RiskSource, WeaknessSource } from './words.ts';

/** What a source tells of how it is exploited and what it does, as spans of grades. */
export interface SourceGrades {
  activity: Span;
  effort: Span;
  /** What it does to the device. */
  effect: Span;
  /** What of its service is lost, without what only somebody who controls it would do. */
  outage: Span;
  disclosure: Span;
}

export const gradesOf = (source: RiskSource): SourceGrades =>
  source.kind === 'weakness' ? weaknessGrades(source) : findingGrades(source);

function weaknessGrades(source: WeaknessSource): SourceGrades {
  const reading = source.vector === null ? null : readCvss(source.vector);
  const activity = activityOf(source);
  return reading?.ok ? { activity, ...vectorGrades(reading.vector) } : { activity, ...untold };
}

/** Nobody tells, or tells it so that it cannot be read: everything is possible. */
const untold: Omit<SourceGrades, 'activity'> = {
  effort: between(0, topOf('effort')),
  effect: between(0, topOf('effect')),
  outage: between(0, topOf('effect')),
  disclosure: between(0, topOf('disclosure')),
};

const [NONE_KNOWN, PROOF, LIKELY, ACTIVE] = [0, 1, 2, 3] as const;

/** KEV is certain, EPSS and SSVC are told at a day; what nobody tells stays possible. */
export function activityOf({ kev, epss, ssvc }: WeaknessSource): Span {
  const told = Object.entries(ssvc)
    .find(([name]) => name.toLowerCase() === 'exploitation')?.[1]
    ?.toLowerCase();
  if ((kev !== null && kev !== 'not-listed') || told === 'active') return exactly(ACTIVE);
  const likely = epss !== null && epss.probability >= EPSS_LIKELY;
  const proved = told === 'poc' || told === 'public poc';
  const from = likely ? LIKELY : proved ? PROOF : NONE_KNOWN;
  const unread = kev === null ? ACTIVE : epss === null ? LIKELY : told === undefined ? PROOF : NONE_KNOWN;
  return between(from, Math.max(from, unread));
}

/** What a vector says of the effort, and of what is lost; the environment's own values stand over the issuer's. */
export function vectorGrades({ version, metrics }: CvssVector): Omit<SourceGrades, 'activity'> {
  const of = (key: string): string => {
    const here = metrics.get(`M${key}`) ?? 'X';
    return here === 'X' ? (metrics.get(key) ?? 'N') : here;
  };
  const lost = (key: string): string => of(version === '4.0' ? `V${key}` : key);
  const safety = of('SI') === 'S' || of('SA') === 'S';
  const [confidentiality, integrity, availability] = ['C', 'I', 'A'].map((key) => rankOf(lost(key)));
  const outage = availability!;
  return {
    effort: exactly(effortOf(version, of)),
    effect: exactly(safety || integrity === 2 ? 3 : Math.max(outage, integrity!)),
    outage: exactly(Math.max(outage, integrity === 2 ? 2 : 0)),
    disclosure: exactly(confidentiality!),
  };
}

/** None, low or partial, high or complete. */
const rankOf = (value: string): number => (value === 'H' || value === 'C' ? 2 : value === 'N' ? 0 : 1);

function effortOf(version: string, of: (key: string) => string): number {
  if (of('AV') === 'L' || of('AV') === 'P') return placeIn('effort', 'at the device');
  const free = version === '2.0' ? of('Au') === 'N' : of('PR') === 'N' && of('UI') === 'N';
  const simple = of('AC') === 'L' && of('AT') === 'N';
  return placeIn('effort', of('AV') === 'N' && free && simple ? 'unaided' : 'demanding');
}

/** How a finding's fault is used: what was seen is there for certain, so that no exploit has to be written. */
const uses: Readonly<Record<string, Pick<SourceGrades, 'activity' | 'effort'>>> = {
  'default-credential-accepted': { activity: exactly(ACTIVE), effort: exactly(2) },
  'unauthenticated-service': { activity: exactly(LIKELY), effort: exactly(2) },
  'telnet-service': { activity: exactly(LIKELY), effort: exactly(1) },
  'internet-exposure': { activity: exactly(LIKELY), effort: between(1, 2) },
  'obsolete-smb': { activity: between(PROOF, ACTIVE), effort: between(1, 2) },
  'end-of-life-os': { activity: between(PROOF, ACTIVE), effort: between(1, 2) },
  'default-credential': { activity: between(NONE_KNOWN, ACTIVE), effort: between(1, 2) },
  'snmp-community': { activity: exactly(PROOF), effort: exactly(2) },
};
const listening = { activity: exactly(PROOF), effort: exactly(1) };

/** By the rule's severity how much of the device, or of its data, is given away. */
const shares = { critical: 2, high: 2, medium: 1, low: 1, info: 0 } as const;
/** Rules after which somebody else decides what the device does. */
const takeovers: ReadonlySet<string> = new Set([
  'default-credential-accepted',
  'default-credential',
  'telnet-service',
  'obsolete-smb',
  'end-of-life-os',
]);

function findingGrades({ rule, severity, harms }: FindingSource): SourceGrades {
  const share = shares[severity];
  const reaches = harms.includes('patient') || harms.includes('operations');
  const takeover = takeovers.has(rule) && reaches;
  return {
    ...(uses[rule] ?? listening),
    effect: takeover ? between(share, topOf('effect')) : exactly(reaches ? share : 0),
    outage: exactly(reaches ? share : 0),
    disclosure: exactly(harms.includes('privacy') ? share : 0),
  };
}
