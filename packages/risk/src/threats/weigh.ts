import type { Knowledge } from '@wardline/knowledge';
import type { AssetExposure, Micros, Threat, ThreatTrait } from '@wardline/model';
import { severityOf } from './harm.ts';
import { deviceTrait, flowTrait, protectionOf, type TraitAnswer } from './traits.ts';
import type {
  RuledOut,
  ThreatAnswer,
  ThreatFlow,
  ThreatGround,
  ThreatSubject,
  WeighedThreat,
} from './words.ts';

type Tables = Pick<Knowledge, 'baselines' | 'protocols' | 'threats'>;

export interface ThreatModel {
  threats: WeighedThreat[];
  ruledOut: RuledOut[];
}

/** The threats to a device by its class, with where each stands by what was seen there and by what persons verified. */
export function deviceThreats(subject: ThreatSubject, tables: Tables, at: Micros): ThreatModel {
  const threats = tables.threats
    .ofDevice(subject.deviceClass)
    .filter(({ data }) => data.length === 0 || data.includes(subject.dataSensitivity));
  return modelOf(threats, subject, (trait) => deviceTrait(subject, trait, tables), at);
}

/** The threats to what passes between two devices. */
export function flowThreats(flow: ThreatFlow, tables: Tables, at: Micros): ThreatModel {
  return modelOf(tables.threats.ofFlow(), flow, (trait) => flowTrait(flow, trait, tables), at);
}

type Weighable = Pick<ThreatSubject, 'exposure' | 'grounds' | 'answers' | 'hazards'> & {
  protections?: readonly string[];
};

function modelOf(
  threats: readonly Threat[],
  subject: Weighable,
  traitOf: (trait: ThreatTrait) => TraitAnswer,
  at: Micros,
): ThreatModel {
  const model: ThreatModel = { threats: [], ruledOut: [] };
  for (const threat of threats) {
    const grounds = subject.grounds.filter((ground) => isGround(threat, ground));
    const met = conditionOf(threat, traitOf);
    // What was seen to happen is not ruled out by what a scan did not find.
    if (met.has === 'no' && grounds.length === 0) model.ruledOut.push({ threat, because: met.because });
    else model.threats.push(weigh(threat, subject, grounds, met, at));
  }
  return model;
}

const isGround = ({ opened, weaknesses }: Threat, { kind, source }: ThreatGround): boolean =>
  kind === 'weakness' ? weaknesses : opened.includes(source);

/** Any one trait makes a threat possible; it is ruled out only where each of them is. */
function conditionOf({ when }: Threat, traitOf: (trait: ThreatTrait) => TraitAnswer): TraitAnswer {
  if (when.length === 0) return { has: 'yes', because: '' };
  const told = when.map(traitOf);
  return told.find(({ has }) => has === 'yes') ?? told.find(({ has }) => has === 'unknown') ?? told[0]!;
}

function weigh(
  threat: Threat,
  subject: Weighable,
  grounds: ThreatGround[],
  met: TraitAnswer,
  at: Micros,
): WeighedThreat {
  const answers = subject.answers.filter((answer) => answer.threat === threat.id);
  const common = { threat, grounds, answers, ...severityOf(threat, subject.hazards) };
  const possible = { ...common, isOnlyPossible: met.has === 'unknown' && grounds.length === 0 };
  const answer = latestOf(answers, at);
  const left = grounds.filter((ground) => !isAnswered(ground, answer));
  const certain = left.filter(({ presence }) => presence === 'affected');
  if (certain.length > 0) return { ...possible, standing: 'open', because: sentencesOf(certain) };
  const weak = threat.shown.includes('protection') && isWeak(subject);
  if (weak && answer === undefined) return { ...possible, standing: 'open', because: [met.because, WEAK] };
  if (left.length > 0)
    return {
      ...possible,
      standing: 'unknown',
      because: sentencesOf(left).map((text) => `Perhaps: ${text}`),
    };
  return { ...possible, ...withoutGround(threat, subject, grounds, answer, met) };
}

/** A control is verified, and that has not run out. */
const holds = ({ verification }: ThreatAnswer, at: Micros): boolean =>
  verification !== null && verification.at <= at && at < verification.until;

/** The look that counts: of several that hold, the latest. */
const latestOf = (answers: readonly ThreatAnswer[], at: Micros): ThreatAnswer | undefined =>
  answers
    .filter((one) => holds(one, at))
    .toSorted((a, b) => (b.verification?.at ?? 0) - (a.verification?.at ?? 0))[0];

/** What came to light after somebody looked was not looked at. */
const isAnswered = (ground: ThreatGround, answer: ThreatAnswer | undefined): boolean =>
  ground.isCompensated || (answer !== undefined && ground.since <= (answer.verification?.at ?? 0));

const WEAK = 'It was seen to pass in clear, or by encryption that is broken.';
const isWeak = ({ protections }: Weighable): boolean =>
  protections !== undefined && protectionOf({ protections }) === 'weak';

/** One for each rule or weakness, however often it was found. */
const sentencesOf = (grounds: readonly ThreatGround[]): string[] => [...new Set(grounds.map(sentenceOf))];

const sentenceOf = ({ kind, source, title }: ThreatGround): string =>
  kind === 'weakness' ? `${source}: ${title}.` : `Found: ${title}.`;

function withoutGround(
  threat: Threat,
  subject: Weighable,
  grounds: readonly ThreatGround[],
  answer: ThreatAnswer | undefined,
  met: TraitAnswer,
): Pick<WeighedThreat, 'standing' | 'because'> {
  const because = [
    ...(answer === undefined ? [] : [`Verified: ${answer.text} (${answer.verification?.evidence}).`]),
    ...(grounds.length > 0 && answer === undefined
      ? ['Controls on the risks that belong to it are verified.']
      : []),
    ...shownBy(threat, subject),
  ];
  if (because.length > 0) return { standing: 'mitigated', because };
  return {
    standing: 'unknown',
    because: [met.because, 'Nothing shows that it was done, and no control against it is verified.'].filter(
      (text) => text !== '',
    ),
  };
}

/** What was seen that answers a threat by itself. */
function shownBy({ shown }: Threat, subject: Weighable): string[] {
  return [
    ...(shown.includes('reach') && isShut(subject.exposure)
      ? ['No way is left by which an attacker’s packets get there, by what was seen and by what is excluded.']
      : []),
    ...(shown.includes('protection') &&
    subject.protections !== undefined &&
    protectionOf({ protections: subject.protections }) === 'strong'
      ? ['It was encrypted wherever it was seen.']
      : []),
  ];
}

/** Shut by what nothing excludes, not only by what was seen. */
const isShut = (exposure: AssetExposure | null): boolean =>
  exposure !== null && (exposure.notExcluded === 'excluded' || exposure.notExcluded === 'small');
