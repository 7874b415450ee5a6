import type { Rollout, RolloutDevice } from '@wardline/model';

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
