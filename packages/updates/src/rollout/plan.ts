/** How a release reaches its devices. Percentages are whole numbers. */
export interface RolloutPlan {
  /** Cumulative shares of all devices, each larger than the one before; the last is 100. The first is the canary. */
  waves: readonly number[];
  /** Of a wave: one more failure than this share of it halts the rollout. */
  mostFailed: number;
  /** Of a wave: so many have to run the new image before the next wave begins. */
  leastDone: number;
  /** How long a wave that is done is watched before the next begins. Minutes. */
  soakMinutes: number;
  /** Devices that install at the same time. */
  atOnce: number;
  /** How long an installation takes at the most: a window that closes before is none. */
  installMinutes: number;
  /** How fast one device may fetch, so that a ward's network stays free; null is as fast as it can. */
  kilobytesPerSecond: number | null;
  /** How long after it began a device may say nothing, before it counts as failed. */
  silentMinutes: number;
  /** Hours of every day in which a device may begin, by the clock of a time zone; null leaves it to the devices' maintenance windows. */
  window: { fromHour: number; hours: number; timeZone: string } | null;
}

export const deviceStates = ['waiting', 'installing', 'done', 'failed'] as const;
export type DeviceState = (typeof deviceStates)[number];
export const rolloutStates = ['running', 'paused', 'halted', 'finished', 'stopped'] as const;
export type RolloutState = (typeof rolloutStates)[number];

/**
 * Which wave each device is in. Those whose failure harms least go first, so that a fault is met where nobody hangs on it; a wave
 * holds at least one device.
 * @param devices by how much hangs on them, the least first
 */
export function waveOf(position: number, devices: number, { waves }: RolloutPlan): number {
  const reached = waves.findIndex((share) => position < Math.max(1, Math.ceil((devices * share) / 100)));
  return reached < 0 ? waves.length - 1 : reached;
}

export interface WaveCount {
  waiting: number;
  installing: number;
  done: number;
  failed: number;
}

const size = ({ waiting, installing, done, failed }: WaveCount): number =>
  waiting + installing + done + failed;

/** Failures that a wave may have. */
export const failuresAllowed = (wave: WaveCount, { mostFailed }: RolloutPlan): number =>
  Math.floor((size(wave) * mostFailed) / 100);

export interface Progress {
  state: RolloutState;
  /** The wave that may install now, and all before it. */
  wave: number;
  /** When all of the wave had come to an end; null while it has not. Milliseconds. */
  settled: number | null;
}

/**
 * What follows from how the waves stand. Only a running rollout moves; only people resume what halted.
 * @param counts for each wave
 */
export function advance(
  progress: Progress,
  counts: readonly WaveCount[],
  plan: RolloutPlan,
  now: number,
): Progress {
  if (progress.state !== 'running') return progress;
  const open = counts.slice(0, progress.wave + 1);
  if (open.some((wave) => wave.failed > failuresAllowed(wave, plan))) return { ...progress, state: 'halted' };
  const wave = counts[progress.wave]!;
  if (wave.waiting + wave.installing > 0) return { ...progress, settled: null };
  if (wave.done * 100 < size(wave) * plan.leastDone) return { ...progress, state: 'halted' };
  const settled = progress.settled ?? now;
  if (progress.wave === counts.length - 1) return { ...progress, state: 'finished', settled };
  if (now - settled < plan.soakMinutes * 60_000) return { ...progress, settled };
  return { state: 'running', wave: progress.wave + 1, settled: null };
}
