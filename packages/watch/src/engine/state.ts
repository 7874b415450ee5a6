import { Watch, type WatchState } from './watch.ts';

/** A watch that goes on from a stored state, or why it can't. */
export type WatchRead = { watch: Watch } | { fault: string };

/** Goes on from what was stored, which may be damaged, or of another version: every part is looked at before any is taken. */
export function readWatch(value: unknown): WatchRead {
  if (typeof value !== 'object' || value === null) return { fault: 'it is no state of a watch' };
  if ((value as Partial<WatchState>).version !== 1)
    return { fault: 'it is of a version that this one can’t read' };
  const watch = new Watch('learning');
  const part = watch.wrongPart(value);
  if (part !== null) return { fault: `its ${part} are not what a watch writes` };
  watch.load(value as WatchState);
  return { watch };
}
