import { randomUUID } from 'node:crypto';
import { bootId, uptime } from './clock.ts';
import { writeDurably } from './durable-file.ts';
import { goBack } from './going-back.ts';
import { standGuard } from './guard.ts';
import { actor, type Point, PointError, sha256 } from './point.ts';
import { nothingYet, type State, type Trial, type Version } from './state.ts';

/** What is to run, and how what the kernel says is judged. */
export interface Change {
  text: string;
  policy: NonNullable<Version['policy']>;
  /** Null where the listing is the policy; else why not, in sentences. With it, what proves it. */
  judge: (listing: string) => { against: string[] } | { certificate: string };
  /** What other tables of this machine would cut of the policy, in sentences. */
  judgeOther: (name: string, listing: string) => string[];
}

export interface Applied {
  version: Version;
  trial: Trial | null;
  /** Sessions ended that the policy does not allow; null where they go on. */
  ended: number | null;
  warnings: string[];
}

/** While a policy is put in place the watchdog waits at least this long: reading back and proving take time. */
const PUTTING_SECONDS = 120;

/**
 * Puts a policy in place: checked by the kernel, guarded by a watchdog, loaded in one transaction, read back, proved, and
 * only then counted as applied. With `seconds` it goes away again unless somebody confirms it.
 * @throws EngineError PointError; what ran before runs then.
 */
export async function apply(point: Point, change: Change, seconds: number | null): Promise<Applied> {
  return point.alone(async () => {
    refuseDuringTrial(point.state());
    await point.engine.check(change.text);
    const state = await begin(point, change, seconds ?? PUTTING_SECONDS);
    await guarded(point, state);
    await load(point, change.text, state);
    const proved = await prove(point, change);
    return finish(point, change, proved, seconds === null ? { ...state, trial: null } : state);
  });
}

function refuseDuringTrial({ trial }: State): void {
  if (trial !== null)
    throw new PointError(
      `a policy is on trial until ${trial.until}: confirm it (wardline policy confirm) or go back (wardline policy rollback) first`,
    );
}

/** Writes down what will run and what to go back to, before anything is changed. */
async function begin(point: Point, change: Change, seconds: number): Promise<State> {
  const back = { running: await present(point), before: point.state().before };
  const running: Version = {
    digest: point.keepText(change.text),
    listing: null,
    policy: change.policy,
    appliedAt: new Date().toISOString(),
    appliedBy: actor(),
  };
  const state = { ...point.state(), running, before: back.running, trial: trialOf(seconds, back) };
  point.keep(state);
  return state;
}

function trialOf(seconds: number, back: Trial['back']): Trial {
  return {
    id: randomUUID(),
    boot: bootId(),
    endsAtUptime: uptime() + seconds,
    until: new Date(Date.now() + seconds * 1000).toISOString(),
    back,
  };
}

/** What the kernel runs now: the version that is known to run, or, where somebody changed the table, what it has become. */
async function present(point: Point): Promise<Version | null> {
  const listing = await point.engine.listing();
  if (listing === null) return null;
  const { running } = point.state();
  if (running?.listing === sha256(listing)) return running;
  const digest = point.keepText(point.engine.again(listing));
  const appliedAt = new Date().toISOString();
  return { digest, listing: sha256(listing), policy: null, appliedAt, appliedBy: actor() };
}

async function guarded(point: Point, state: State): Promise<void> {
  try {
    await standGuard(point.folder, state.trial!.id);
  } catch (error) {
    leaveAsItWas(point, state, error);
  }
}

/** A text that the kernel refuses changes nothing: what ran before still runs. */
async function load(point: Point, text: string, state: State): Promise<void> {
  try {
    await point.engine.load(text);
  } catch (error) {
    leaveAsItWas(point, state, error);
  }
}

function leaveAsItWas(point: Point, { running, trial }: State, error: unknown): never {
  point.keep({ ...nothingYet, ...trial!.back });
  point.record('refused', running, String(error));
  throw error;
}

interface Proved {
  listing: string;
  certificate: string;
}

/** What does not prove goes back at once. */
async function prove(point: Point, change: Change): Promise<Proved> {
  const listing = (await point.engine.listing()) ?? '';
  const verdict = change.judge(listing);
  if ('certificate' in verdict) return { listing, certificate: verdict.certificate };
  await goBack(point, `${point.engine.title} does not run the policy: ${verdict.against[0]}`);
  const lines = verdict.against.map((line) => `  ${line}`);
  throw new PointError(
    `${point.engine.title} does not run what the policy says; what ran before runs again\n${lines.join('\n')}`,
  );
}

async function finish(
  point: Point,
  change: Change,
  { listing, certificate }: Proved,
  state: State,
): Promise<Applied> {
  const version = { ...state.running!, listing: sha256(listing) };
  writeDurably(point.versionPath(version.digest, 'kernel.nft'), listing);
  writeDurably(point.versionPath(version.digest, 'certificate.json'), certificate);
  const kept = { ...state, running: version };
  point.keep(kept);
  point.prune(kept);
  const { trial } = kept;
  point.record('applied', version, trial === null ? 'without a trial' : `on trial until ${trial.until}`);
  const warnings = point.engine.others().flatMap(({ name, text }) => change.judgeOther(name, text));
  return { version, trial, ended: await point.engine.endUndeclared(listing), warnings };
}

/** The policy on trial stays. */
export function confirm(point: Point, why = 'a person confirmed it'): Promise<Version | null> {
  return point.alone(() => {
    const state = point.state();
    if (state.trial === null) throw new PointError('no policy is on trial');
    point.keep({ ...state, trial: null });
    point.record('confirmed', state.running, why);
    return state.running;
  });
}
