import type { DeviceState, Progress, RolloutPlan } from './plan.ts';

/** Whether a patient hangs on a device now. `unknown` counts as in use. */
export type Use = 'idle' | 'in-use' | 'unknown';

/** Why a device does not install now. */
export type Wait =
  | 'not-running'
  | 'later-wave'
  | 'done-already'
  | 'failed-before'
  | 'no-window'
  | 'outside-window'
  | 'window-too-short'
  | 'in-use'
  | 'use-unknown'
  | 'too-many-at-once';

export interface Asking {
  progress: Progress;
  plan: RolloutPlan;
  device: { state: DeviceState; wave: number };
  /** What the device says of itself, and what its traffic says. Both have to say that it is idle. */
  use: { said: Use; seen: Use };
  /** For how many minutes the windows of plan and device both stay open; 0 is outside, null where nobody ever said a window. */
  openMinutes: number | null;
  /** Devices of the rollout that install at this moment. */
  installing: number;
}

/** Asked in the moment before a device begins; null is: begin. The first reason that stands against it is given. */
export function reasonToWait({ progress, plan, device, use, openMinutes, installing }: Asking): Wait | null {
  if (progress.state !== 'running') return 'not-running';
  if (device.state === 'done') return 'done-already';
  if (device.state === 'failed') return 'failed-before';
  if (device.wave > progress.wave) return 'later-wave';
  if (openMinutes === null) return 'no-window';
  if (openMinutes <= 0) return 'outside-window';
  if (openMinutes < plan.installMinutes) return 'window-too-short';
  if (use.said === 'in-use' || use.seen === 'in-use') return 'in-use';
  if (use.said !== 'idle' || use.seen !== 'idle') return 'use-unknown';
  // One that was cut off while it installed goes on in its own place.
  if (device.state === 'waiting' && installing >= plan.atOnce) return 'too-many-at-once';
  return null;
}
