import type { DeviceState, Progress, RolloutPlan } from './plan.ts';

/** Whether a patient hangs on a device now. `unknown` counts as in use. */
export type Use = 'idle' | 'in-use' | 'unknown';

/** Why a device does not install now. */
export type Wait =
  | 'not-running'
  | 'later-wave'
  | 'done-already'
  | 'failed-before'
  | 'outside-window'
  | 'in-use'
  | 'use-unknown'
  | 'too-many-at-once';

export interface Asking {
  progress: Progress;
  plan: RolloutPlan;
  device: { state: DeviceState; wave: number };
  /** What the device says of itself, and what its traffic says. Both have to say that it is idle. */
  use: { said: Use; seen: Use };
  /** Hour of the day by the site's clock. */
  hour: number;
  /** Devices of the rollout that install at this moment. */
  installing: number;
}

/** Asked in the moment before a device begins; null is: begin. The first reason that stands against it is given. */
export function reasonToWait({ progress, plan, device, use, hour, installing }: Asking): Wait | null {
  if (progress.state !== 'running') return 'not-running';
  if (device.state === 'done') return 'done-already';
  if (device.state === 'failed') return 'failed-before';
  if (device.wave > progress.wave) return 'later-wave';
  if (!isWithin(plan.window, hour)) return 'outside-window';
  if (use.said === 'in-use' || use.seen === 'in-use') return 'in-use';
  if (use.said !== 'idle' || use.seen !== 'idle') return 'use-unknown';
  // One that was cut off while it installed goes on in its own place.
  if (device.state === 'waiting' && installing >= plan.atOnce) return 'too-many-at-once';
  return null;
}

const isWithin = (window: RolloutPlan['window'], hour: number): boolean =>
  window === null || (hour - window.fromHour + 24) % 24 < window.hours;
