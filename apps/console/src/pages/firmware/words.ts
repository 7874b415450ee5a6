import type { Rollout, RolloutDevice } from '@wardline/model';
import { counted } from '../../format/number.ts';

export const stateWords: Readonly<Record<Rollout['state'], string>> = {
  running: 'running',
  paused: 'paused',
  halted: 'halted: too many failed',
  finished: 'finished',
  stopped: 'stopped',
};

export const deviceWords: Readonly<Record<RolloutDevice['state'], string>> = {
  waiting: 'waits',
  installing: 'installs',
  done: 'runs it',
  failed: 'failed',
};

const reasons: Readonly<Record<string, string>> = {
  'not-running': 'the rollout does not run',
  'later-wave': 'its wave has not begun',
  'no-window': 'nobody entered a maintenance window for it',
  'outside-window': 'outside its hours',
  'window-too-short': 'its window closes before it would be done',
  silent: 'nothing was heard of it since it began',
  'in-use': 'it is in use',
  'use-unknown': 'nobody knows whether it is in use',
  'too-many-at-once': 'enough others install now',
};

/** Why a device waits; what it said itself stays as it is. */
export const reasonWords = (because: string): string => reasons[because] ?? because;

const HOUR = 60;
const DAY = 24 * HOUR;

/** Minutes as people say them: “1 day”, “90 minutes”. */
export function minuteWords(minutes: number): string {
  if (minutes > 0 && minutes % DAY === 0) return counted(minutes / DAY, 'day');
  return minutes > 0 && minutes % HOUR === 0 ? counted(minutes / HOUR, 'hour') : counted(minutes, 'minute');
}
