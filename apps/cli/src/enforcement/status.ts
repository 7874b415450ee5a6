import { uptime } from './clock.ts';
import { type Counted, countedBy } from './counters.ts';
import { isOver } from './going-back.ts';
import { type JournalEntry, type Point, sha256 } from './point.ts';
import type { Version } from './state.ts';

export interface Status {
  running: Version | null;
  before: Version | null;
  trial: { until: string; secondsLeft: number; over: boolean } | null;
  /** `none`: neither a policy nor a table. `same`: what was proved. */
  kernel: 'none' | 'same' | 'changed' | 'missing' | 'foreign';
  counted: Counted[];
  journal: JournalEntry[];
}

export async function statusOf(point: Point): Promise<Status> {
  const state = point.state();
  const { running, before, trial } = state;
  const listing = await point.engine.listing();
  return {
    running,
    before,
    trial:
      trial === null
        ? null
        : {
            until: trial.until,
            secondsLeft: Math.max(0, Math.round(trial.endsAtUptime - uptime())),
            over: isOver(state),
          },
    kernel: kernelState(running, listing),
    counted: listing === null ? [] : countedBy(point.engine.counts()),
    journal: point.journal(),
  };
}

function kernelState(running: Version | null, listing: string | null): Status['kernel'] {
  if (running === null) return listing === null ? 'none' : 'foreign';
  if (listing === null) return 'missing';
  return sha256(listing) === running.listing ? 'same' : 'changed';
}
