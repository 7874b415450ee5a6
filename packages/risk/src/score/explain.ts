import { formatMicros, type Harm, type HazardKind, hazardKinds } from '@wardline/model';
import { counts, strengthOf } from './controls.ts';
import { gradesOf, type SourceGrades } from './evidence.ts';
import { scales } from './scales.ts';
import { assetGrades, axisNames, type Rated, type RiskScore } from './score.ts';
import { isExact, type Span } from './span.ts';
import type { RiskAsset, RiskControl, RiskInput, RiskSource } from './words.ts';

/** How a score came about, in sentences that a clinician can follow, in the order in which it was worked out. */
export function explainRisk(input: RiskInput, score: RiskScore): string[] {
  const source = gradesOf(input.source);
  return [
    deviceSentence(input.asset),
    presenceSentence(input),
    ...harmSentences(input.asset, source),
    activitySentence(input.source, source),
    effortSentence(input.source, source),
    exposureSentence(input.asset),
    exploitabilitySentence(input, score),
    ...input.controls.map((control) => controlSentence(control, input.at)),
    ...axisNames.map((axis) => axisSentence(axis, score)),
    controlledSentence(score),
  ];
}

const importance: Readonly<Record<string, string>> = {
  'life-critical': 'a patient’s life can hang on it within minutes',
  high: 'care suffers much where it fails',
  medium: 'care suffers where it fails, and there is another way',
  low: 'care goes on without it',
  unknown: 'how much care hangs on it is unknown, so that everything is taken for possible',
};

function deviceSentence({ name, classLabel, criticality }: RiskAsset): string {
  const what =
    classLabel === null ? 'a device of which it is unknown what it is' : `of the class “${classLabel}”`;
  return `${name} is ${what}; ${importance[criticality]}.`;
}

function presenceSentence({ asset, source, presence }: RiskInput): string {
  const what = source.kind === 'weakness' ? `the weakness ${source.id}` : `the fault “${source.title}”`;
  return presence === 'affected'
    ? `It has ${what}.`
    : `It is unknown whether ${asset.name} has ${what}; at the least it has not, at the most it has.`;
}

function harmSentences({ hazards }: RiskAsset, { effect }: SourceGrades): string[] {
  if (effect.to === 0)
    return ['It does not change what the device does, so that no patient is harmed by that.'];
  if (hazards === null)
    return ['What its misuse would do to a patient is unknown; every severity is possible.'];
  const sentences = kindsIn(effect).map((kind) => {
    const { severity, situation, harm } = hazards[kind];
    return `With it, it can happen that ${situation}: ${harm}. ISO 14971 calls that harm ${severity}.`;
  });
  return effect.from === 0 || !isExact(effect)
    ? ['How far it changes what the device does is not known for certain.', ...sentences]
    : sentences;
}

/** The gravest effect, and the least where that is another. */
function kindsIn({ from, to }: Span): HazardKind[] {
  const kinds = [hazardKinds[from - 1], hazardKinds[to - 1]].filter((kind) => kind !== undefined);
  return [...new Set(kinds)];
}

function activitySentence(source: RiskSource, { activity }: SourceGrades): string {
  const grade = `Exploitation is therefore graded ${quoted(activity, 'activity')}.`;
  if (source.kind === 'finding')
    return `It was seen on this device, so that no exploit has to be written. ${grade}`;
  const { kev, epss, ssvc } = source;
  const told = Object.entries(ssvc).find(([name]) => name.toLowerCase() === 'exploitation')?.[1];
  const parts = [
    kev === null
      ? 'no catalogue of exploited weaknesses (KEV) was read'
      : kev === 'not-listed'
        ? 'it is not in the catalogue of exploited weaknesses (KEV)'
        : `it is known to be exploited since ${kev} (KEV)`,
    epss === null
      ? 'EPSS tells nothing of it'
      : `EPSS of ${epss.date} gives ${percent(epss.probability)} that anybody is seen exploiting it within 30 days`,
    told === undefined ? 'nobody’s SSVC says how far exploitation is' : `SSVC says of exploitation: ${told}`,
  ];
  return `${capital(parts.join('; '))}. ${grade}`;
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.01 ? 2 : 1)} %`;

function effortSentence(source: RiskSource, { effort }: SourceGrades): string {
  const ground =
    source.kind === 'finding'
      ? 'by the rule of the finding'
      : source.vector === null
        ? 'nobody gives a CVSS vector'
        : `by ${source.vector}`;
  return `What stands in an attacker’s way is graded ${quoted(effort, 'effort')} (${ground}).`;
}

function exposureSentence(asset: RiskAsset): string {
  const { exposure } = asset;
  const grade = `Exposure is graded ${quoted(assetGrades(asset).exposure, 'exposure')}.`;
  return exposure === null
    ? `How it can be reached was not worked out. ${grade}`
    : `${exposure.because} ${grade}`;
}

function exploitabilitySentence({ presence }: RiskInput, { axes }: RiskScore): string {
  const { exploitability, residual } = axes.patient;
  const words = quoted(exploitability, 'exploitability');
  const unsure = presence === 'unknown' ? ', the least because it may not be there at all' : '';
  const left = quoted(residual.exploitability, 'exploitability');
  return `Together that makes an exploitability of ${words}${unsure}${left === words ? '' : `; ${left} with the controls that are verified`}.`;
}

const acts: Readonly<Record<string, string>> = {
  exposure: 'how it is reached',
  exploitability: 'how easily it is exploited',
  patient: 'harm to patients',
  privacy: 'harm to privacy',
  operations: 'harm to operations',
};

function controlSentence(control: RiskControl, at: number): string {
  const on = control.on.map((target) => acts[target]).join(' and ');
  const what = `The control “${control.text}” against ${on}`;
  const { verification } = control;
  if (verification === null) return `${what} is claimed but not verified, and does not count.`;
  if (!counts(control, at))
    return at < verification.until
      ? `${what} is verified only from ${formatMicros(verification.at)} on, and does not count yet.`
      : `${what} was verified until ${formatMicros(verification.until)} and does not count any more.`;
  return `${what} counts as ${strengthOf(control)}: ${verification.by} verified it (${verification.evidence}); that holds until ${formatMicros(verification.until)}.`;
}

const subjects: Readonly<Record<Harm, string>> = {
  patient: 'patients',
  privacy: 'privacy',
  operations: 'operations',
};

function axisSentence(axis: Harm, { axes }: RiskScore): string {
  const { residual, ...before } = axes[axis];
  const after = sameRated(before, residual)
    ? ''
    : ` With the controls that are verified, ${ratedWords(residual)} is left.`;
  return `Risk to ${subjects[axis]}: ${ratedWords(before)}.${after}`;
}

const ratedWords = ({ level, severity, exploitability }: Rated): string =>
  `${quoted(level, 'level')}, from a severity ${quoted(severity, 'severity')} and an exploitability ${quoted(exploitability, 'exploitability')}`;

const sameRated = (a: Rated, b: Rated): boolean =>
  (['severity', 'exploitability', 'level'] as const).every(
    (part) => a[part].from === b[part].from && a[part].to === b[part].to,
  );

function controlledSentence({ control }: RiskScore): string {
  if (control === 'unknown')
    return 'Whether the risk to patients is controlled in the FDA’s sense is unknown until what is open above is known.';
  return control === 'controlled'
    ? 'In the FDA’s postmarket sense the risk to patients that is left is controlled.'
    : 'In the FDA’s postmarket sense the risk to patients that is left is uncontrolled: it has to be brought down, and people told, without delay.';
}

const quoted = (span: Span, scale: keyof typeof scales): string => {
  const words: readonly string[] = scales[scale];
  return isExact(span) ? `“${words[span.from]}”` : `between “${words[span.from]}” and “${words[span.to]}”`;
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
