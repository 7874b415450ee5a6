import { bootId, uptime } from './clock.ts';
import { type Point, sha256 } from './point.ts';
import { nothingYet, type State, type Version } from './state.ts';

export interface WentBack {
  version: Version | null;
  /** Sessions ended that the old policy does not allow either; null where they could not be looked at. */
  ended: number | null;
  /** Whether the kernel says the same as when this version first ran. */
  asBefore: boolean;
}

/**
 * Loads what ran before and reads it back. A trial leaves nothing behind; from what was confirmed there is a way forth again.
 * Whoever calls holds the lock. @throws EngineError
 */
export async function goBack(point: Point, why: string): Promise<WentBack> {
  const { before, running, trial } = point.state();
  await point.engine.load(point.textOf(before));
  point.keep({ ...nothingYet, ...(trial?.back ?? { running: before, before: running }) });
  const asBefore = await isAsBefore(point, before);
  point.record(
    'rolled back',
    before,
    asBefore ? why : `${why}; ${point.engine.title} does not say what it said then`,
  );
  const ended = await point.engine.endUndeclared(await point.engine.listing());
  return { version: before, ended, asBefore };
}

async function isAsBefore(point: Point, version: Version | null): Promise<boolean> {
  const now = await point.engine.listing();
  return version === null ? now === null : now !== null && sha256(now) === version.listing;
}

/** A trial that nobody confirmed in time, or that was running when the machine stopped. */
export function isOver({ trial }: State): boolean {
  return trial !== null && (trial.boot !== bootId() || uptime() >= trial.endsAtUptime);
}

export type Settled =
  | { did: 'nothing' }
  | { did: 'rolled back'; version: Version | null }
  | { did: 'restored'; version: Version };

/**
 * What a boot and a timer ask for: goes back where a trial is over, and loads what was confirmed where the kernel has no table
 * of ours. A table that somebody changed is left as it is and told by the status: it may have been changed in need.
 */
export async function settle(point: Point): Promise<Settled> {
  const state = point.state();
  if (isOver(state))
    return {
      did: 'rolled back',
      version: (await goBack(point, 'nobody confirmed it in time')).version,
    };
  if (state.running === null || state.trial !== null || (await point.engine.listing()) !== null)
    return { did: 'nothing' };
  await point.engine.load(point.textOf(state.running));
  const why = `${point.engine.title} had nothing of ours`;
  const asBefore = await isAsBefore(point, state.running);
  point.record('restored', state.running, asBefore ? why : `${why}; it does not say what it said then`);
  return { did: 'restored', version: state.running };
}
