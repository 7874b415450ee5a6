import type { WatchState } from './watch.ts';

/** A state that a watch can go on from, or why it is none. */
export type StateRead = { state: WatchState } | { fault: string };

/** Reads what was stored, which may be damaged or of another version. */
export function readWatchState(value: unknown): StateRead {
  if (typeof value !== 'object' || value === null) return { fault: 'it is no state of a watch' };
  const { version } = value as { version?: unknown };
  if (version !== 1) return { fault: 'it is of a version that this one can’t read' };
  return { state: value as WatchState };
}
