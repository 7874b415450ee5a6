import type { Knowledge } from '@wardline/knowledge';
import {
  type Criticality,
  type Drift,
  type Examined,
  formatMicros,
  type PolicyCompiled,
  type PolicyEffect,
  type PolicySimulation,
  type Proposals,
} from '@wardline/model';
import {
  compareDrafts,
  contradictions,
  type Declaration,
  type Effect,
  holdDeclared,
  learn,
  type Policy,
  type PolicyAsset,
  parsePolicy,
  type Recorded,
  resolvePolicy,
  type Simulation,
  simulate,
} from '@wardline/policy';
import type { Database, Executor } from '../../store/database.ts';
import { readAuthorisedAssets } from './authorised.ts';
import { compiledAndProved } from './compiled.ts';
import { declarationsOf } from './declarations.ts';
import { type DriftQuestion, driftOf } from './drift.ts';
import { effectRow } from './effects.ts';
import { daysOf, rangeOf, readPolicyAssets, readRecorded, type Span } from './evidence.ts';
import { examined } from './examined.ts';
import { draftOf, proposed } from './proposed.ts';
import {
  type ForeseenTurn,
  foreseenHold,
  foreseenTurn,
  type HoldQuestion,
  type TurnQuestion,
} from './turning.ts';
import { Unanswerable } from './unanswerable.ts';

/** What is asked of policies; all of it is read from the database as it is at one moment. */
export type Question =
  | { ask: 'examine'; text: string }
  | { ask: 'effect'; text: string }
  | { ask: 'propose'; span: Span }
  | { ask: 'draft'; span: Span; name: string; conduits: readonly string[]; narrow: boolean }
  | {
      ask: 'simulate';
      text: string;
      enforced: boolean;
      span: Span;
      /** The version in force. */
      against: { version: number; text: string } | null;
    }
  | { ask: 'compile'; text: string; target: string; budget: number | null }
  | DriftQuestion
  | TurnQuestion
  | HoldQuestion;

export interface Answers {
  examine: Examined;
  effect: PolicyEffect;
  propose: Proposals;
  draft: { text: string; missing: string[] };
  simulate: PolicySimulation;
  compile: PolicyCompiled;
  drift: Drift[];
  turn: ForeseenTurn;
  hold: ForeseenTurn;
}

/** Effects that are told one by one; the counts are of all. */
const TOLD = 500;

interface Desk {
  knowledge: Knowledge;
  /** Microseconds since the epoch. */
  now: number;
}

/** Answers within one snapshot, so that assets and conversations are of the same moment. */
export async function answer(database: Database, desk: Desk, question: Question): Promise<unknown> {
  return database
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute((snapshot) => answerWithin(snapshot, desk, question));
}

const asksOfPoints: ReadonlySet<Question['ask']> = new Set(['drift', 'turn', 'hold'] as const);

/** What questions are answered from. */
interface Scene {
  assets: readonly PolicyAsset[];
  criticality: ReadonlyMap<string, Criticality>;
  recorded: (span: Span) => Promise<Recorded[]>;
  declarations: () => Promise<(asset: string) => Declaration | null>;
  now: number;
}

async function answerWithin(
  snapshot: Executor,
  { knowledge, now }: Desk,
  question: Question,
): Promise<unknown> {
  // What points run and what they are to run is worked out over devices as they count; what people write, over devices as they are.
  const read = asksOfPoints.has(question.ask) ? readAuthorisedAssets : readPolicyAssets;
  const { assets, criticality } = await read(snapshot, knowledge);
  const scene: Scene = {
    assets,
    criticality,
    now,
    recorded: (span) => readRecorded(snapshot, span),
    declarations: () => declarationsOf(snapshot, knowledge, assets),
  };
  if (question.ask === 'examine') return examined(question.text, assets, criticality, now);
  if (question.ask === 'compile') return compiledAndProved(policyOf(question.text), assets, question, now);
  if (question.ask === 'drift') return drifted(question, scene);
  if (question.ask === 'turn') return turned(question, scene);
  if (question.ask === 'hold') {
    const asThey = await readPolicyAssets(snapshot, knowledge);
    return released(question, scene, asThey.assets);
  }
  if (question.ask === 'effect') return foreseen(question.text, scene);
  if (question.ask === 'simulate') return simulated(question, scene);
  return learntFrom(question, scene);
}

/** What the policy would do as it is written, to everything that was recorded. */
async function foreseen(text: string, { assets, now, recorded }: Scene): Promise<PolicyEffect> {
  const resolved = resolvePolicy(wholePolicyOf(text, assets, now), assets, now);
  const conversations = await recorded({ from: null, to: null });
  return effectOf(simulate(resolved, conversations), conversations);
}

/** What an enforcement point runs, held against the policy in force, the assets as they are, and the traffic since. */
async function drifted(
  question: DriftQuestion,
  { assets, criticality, now, recorded }: Scene,
): Promise<Drift[]> {
  const resolved = resolvePolicy(policyOf(question.text), assets, now);
  const since = question.applied === null ? [] : await recorded({ from: question.applied, to: null });
  return driftOf(resolved, question, since, { assets, criticality });
}

/** What an act at an enforcement point would do to what was heard. */
async function turned(question: TurnQuestion, { assets, now, recorded }: Scene): Promise<ForeseenTurn> {
  const { to } = question;
  const after =
    to !== null && 'text' in to ? resolvePolicy(wholePolicyOf(to.text, assets, now), assets, now) : null;
  return foreseenTurn(question, after, await recorded(question.span));
}

/** What would change if one device that is held went where what is known of it puts it. */
async function released(
  { text, asset, span }: HoldQuestion,
  { assets, now, recorded }: Scene,
  asThey: readonly PolicyAsset[],
): Promise<ForeseenTurn> {
  const policy = policyOf(text);
  const own = asThey.find(({ id }) => id === asset);
  const after = assets.map((one) => (own !== undefined && one.id === asset ? own : one));
  const [before, then] = [assets, after].map((list) => resolvePolicy(policy, list, now));
  return foreseenHold(before!, then!, await recorded(span));
}

async function learntFrom(
  question: Extract<Question, { ask: 'propose' | 'draft' }>,
  { assets, criticality, now, recorded, declarations }: Scene,
): Promise<Answers['propose'] | Answers['draft']> {
  const conversations = await recorded(question.span);
  const name = question.ask === 'draft' ? question.name : 'Proposal';
  const recordedDays = daysOf(conversations);
  const learnt = learn(assets, conversations, { name, recordedDays, onlyAnswered: true });
  const members = new Map(
    resolvePolicy(learnt.policy, assets, now).zones.map((zone) => [zone.name, zone.members]),
  );
  const held = holdDeclared(learnt, (zone) => members.get(zone) ?? [], await declarations());
  if (question.ask === 'draft')
    return draftOf(learnt, question.narrow ? held.narrowed : learnt, question.conduits);
  return proposed(learnt, held, { recordedDays, criticality, members, now });
}

/** @throws Unanswerable where the text has errors */
export function policyOf(text: string): Policy {
  const { policy, diagnostics } = parsePolicy(text);
  if (policy !== null) return policy;
  const first = diagnostics.find(({ severity }) => severity === 'error');
  throw new Unanswerable(
    `The policy has errors; the first, in line ${first?.place.line ?? 1}: ${first?.message ?? 'unknown'}`,
  );
}

/** @throws Unanswerable where the policy contradicts itself too */
function wholePolicyOf(text: string, assets: readonly PolicyAsset[], now: number): Policy {
  const policy = policyOf(text);
  const [first] = contradictions(resolvePolicy(policy, assets, now));
  if (first !== undefined) throw new Unanswerable(`The policy contradicts itself: ${first.message}`);
  return policy;
}

const enforcing = (policy: Policy): Policy => ({
  ...policy,
  undeclared: 'enforce',
  conduits: policy.conduits.map((conduit) => ({ ...conduit, mode: 'enforce' })),
});

async function simulated(
  { text, enforced, span, against }: Extract<Question, { ask: 'simulate' }>,
  { assets, now, recorded }: Scene,
): Promise<PolicySimulation> {
  const policy = policyOf(text);
  const resolved = resolvePolicy(enforced ? enforcing(policy) : policy, assets, now);
  const conversations = await recorded(span);
  const simulation = simulate(resolved, conversations);
  return {
    asOf: formatMicros(now),
    effect: effectOf(simulation, conversations),
    cut: simulation.cut.slice(0, TOLD).map(effectRow),
    assets: simulation.assets.slice(0, TOLD),
    unseenMusts: simulation.unseenMusts,
    difference: against && differenceOf(against, enforced, resolved, assets, conversations, now),
  };
}

function differenceOf(
  { version, text }: { version: number; text: string },
  enforced: boolean,
  after: ReturnType<typeof resolvePolicy>,
  assets: readonly PolicyAsset[],
  conversations: readonly Recorded[],
  now: number,
): PolicySimulation['difference'] {
  const policy = policyOf(text);
  const before = resolvePolicy(enforced ? enforcing(policy) : policy, assets, now);
  const { newlyCut, newlyPassing } = compareDrafts(before, after, conversations);
  return {
    version,
    newlyCut: newlyCut.length,
    newlyCutLifeCritical: newlyCut.filter(isLifeCritical).length,
    newlyPassing: newlyPassing.length,
    cut: newlyCut.slice(0, TOLD).map(effectRow),
    passing: newlyPassing.slice(0, TOLD).map(effectRow),
  };
}

const isLifeCritical = ({ conversation: { client, server } }: Effect): boolean =>
  client.criticality === 'life-critical' || server.criticality === 'life-critical';

function effectOf(simulation: Simulation, conversations: readonly Recorded[]): PolicyEffect {
  const { passes, watched, notSeen, cut, assets } = simulation;
  const range = rangeOf(conversations);
  return {
    passes,
    watched,
    notSeen,
    cut: cut.length,
    cutLifeCritical: cut.filter(isLifeCritical).length,
    assets: assets.length,
    from: range && formatMicros(range.first),
    to: range && formatMicros(range.last),
  };
}
