import type { Controls, PlacedControl } from '@wardline/knowledge';
import type {
  Attestation,
  ComplianceState,
  ControlDecision,
  ControlStatus,
  EvidenceAnswer,
  JudgedControl,
} from '@wardline/model';
import { answerOf } from './answer.ts';

/** The status of every control of every catalogue at the moment of the state, each with how it came about. */
export function judge(controls: Controls, state: ComplianceState): ReadonlyMap<string, JudgedControl> {
  const facts = new Map(state.facts.map((fact) => [fact.query, fact]));
  const attested = inForce(state.attestations, state.at);
  const decided = inForce(state.decisions, state.at);
  const judged = new Map<string, JudgedControl>();
  for (const control of controls.controls.values()) {
    if (control.children.length > 0) continue;
    const answers = controls
      .queriesOf(control.ref)
      .map(({ query, covers }) => ({ ...answerOf(query, facts.get(query.id), state.at), covers }));
    const unanswered = new Set(answers.filter(({ query }) => !facts.has(query)));
    const said = {
      attestation: attested.get(control.ref),
      decision: decided.get(control.ref),
      asks: (query: string) => controls.queries.get(query)!.asks,
    };
    judged.set(control.ref, judgeOne(control, answers, unanswered, said));
  }
  for (const control of controls.controls.values())
    if (control.children.length > 0)
      judged.set(
        control.ref,
        judgeStandard(
          control.ref,
          control.children.map((child) => judged.get(child)!),
        ),
      );
  return judged;
}

/** By control, the newest of those that hold at a moment. */
function inForce<T extends { control: string; since: number; until: number }>(
  all: readonly T[],
  at: number,
): ReadonlyMap<string, T> {
  const holding = all.filter(({ since, until }) => since <= at && at < until);
  return new Map(holding.toSorted((a, b) => a.since - b.since).map((one) => [one.control, one]));
}

interface Said {
  attestation: Attestation | undefined;
  decision: ControlDecision | undefined;
  /** The words of a question. */
  asks: (query: string) => string;
}

function judgeOne(
  { ref, obligation }: PlacedControl,
  answers: readonly EvidenceAnswer[],
  unanswered: ReadonlySet<EvidenceAnswer>,
  { attestation, decision, asks }: Said,
): JudgedControl {
  const failing = answers.filter(({ outcome }) => outcome === 'fails');
  const say = (status: ControlStatus, basis: JudgedControl['basis'], reason: string): JudgedControl => ({
    ref,
    status,
    basis,
    reason,
    answers: [...answers],
    attestation: attestation?.id ?? null,
    decision: decision?.id ?? null,
    contradicted: attestation !== undefined && failing.length > 0,
    oldest: oldestOf(answers),
  });
  const left = leftOut(decision, obligation);
  if (left !== null) return say('not-applicable', 'decided', left);
  // 45 CFR 164.306(d)(3)(ii)(B)(2): an equivalent measure, which somebody vouches for.
  if (decision?.decision === 'alternative' && obligation === 'addressable')
    return attestation === undefined
      ? say(
          'unknown',
          'decided',
          `Something else is done instead: ${decision.alternative ?? ''}. Nobody vouches for it yet.`,
        )
      : say(
          'met',
          'attested',
          `Something else is done instead, and vouched for by “${attestation.document.name}”.`,
        );
  if (failing.length > 0)
    return say(
      'not-met',
      attestation === undefined ? 'computed' : 'computed and attested',
      reasonsOf(failing, asks),
    );
  // A person can vouch for what nothing here answers; never for what was looked at and is open.
  const open = answers.filter(
    (one) => one.outcome === 'unknown' && !(attestation !== undefined && unanswered.has(one)),
  );
  if (open.length > 0) return say('unknown', 'computed', reasonsOf(open, asks));
  return judgeHolding(
    answers.filter((one) => !unanswered.has(one)),
    unanswered.size === 0,
    attestation,
    say,
  );
}

type Say = (status: ControlStatus, basis: JudgedControl['basis'], reason: string) => JudgedControl;

/** Nothing fails, and nothing is open. */
function judgeHolding(
  answers: readonly EvidenceAnswer[],
  isAllAnswered: boolean,
  attestation: Attestation | undefined,
  say: Say,
): JudgedControl {
  const words = attestation === undefined ? '' : `“${attestation.document.name}” vouches for`;
  if (isAllAnswered && answers.some(({ covers }) => covers === 'whole'))
    return say(
      'met',
      'computed',
      answers.length === 1 ? 'The evidence shows it.' : 'All the evidence shows it.',
    );
  if (answers.length > 0 && attestation === undefined)
    return say('unknown', 'computed', 'The evidence shows a part of it; nobody vouches for the rest.');
  if (answers.length > 0)
    return say('met', 'computed and attested', `The evidence shows a part of it, and ${words} the rest.`);
  if (attestation === undefined)
    return say('unknown', 'none', 'No evidence speaks of it, and nobody vouches for it.');
  return say('met', 'attested', `${words} it; no evidence speaks of it.`);
}

/** Why it is left out by a person's decision; null where it is not. A required specification cannot be found unreasonable. */
function leftOut(
  decision: ControlDecision | undefined,
  obligation: PlacedControl['obligation'],
): string | null {
  if (decision?.decision === 'not-applicable') return `Decided that it does not apply: ${decision.rationale}`;
  // 45 CFR 164.306(d)(3)(ii)(B)(1)
  if (decision?.decision === 'not-reasonable' && obligation === 'addressable')
    return `Decided that it is not reasonable and appropriate here: ${decision.rationale}`;
  return null;
}

const reasonsOf = (answers: readonly EvidenceAnswer[], asks: Said['asks']): string =>
  answers
    .map(({ query, reason }) => `${asks(query)} ${reason}`)
    .join(' ')
    .slice(0, 2000);

function oldestOf(answers: readonly { asOf: number | null }[]): number | null {
  const times = answers.flatMap(({ asOf }) => (asOf === null ? [] : [asOf]));
  return times.length === 0 ? null : Math.min(...times);
}

/** A standard is as its worst specification is; those that do not apply do not count. */
function judgeStandard(ref: string, below: readonly JudgedControl[]): JudgedControl {
  const count = (status: ControlStatus) => below.filter((one) => one.status === status).length;
  const status =
    count('not-met') > 0
      ? 'not-met'
      : count('unknown') > 0
        ? 'unknown'
        : count('met') > 0
          ? 'met'
          : 'not-applicable';
  const times = below.map(({ oldest }) => ({ asOf: oldest }));
  return {
    ref,
    status,
    basis: 'standard',
    reason: `Of ${below.length} specifications ${count('met')} are met, ${count('not-met')} not met, ${count('unknown')} unknown, ${count('not-applicable')} not applicable.`,
    answers: [],
    attestation: null,
    decision: null,
    contradicted: below.some(({ contradicted }) => contradicted),
    oldest: oldestOf(times),
  };
}
