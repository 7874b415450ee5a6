import { defaultLimits, type SensorLimits } from './limits.ts';

const MEBIBYTE = 1024 * 1024;
/** What the process takes beside what it holds: the runtime, every dissector's code, and what is not collected yet. */
const PROCESS_BYTES = 160 * MEBIBYTE;
/** What the default bounds stay within under the worst of `npm run bench -- floods` (650 MiB), with a margin. */
const DEFAULT_BYTES = 768 * MEBIBYTE;
/** Below it the tables are too small to be of use. */
export const LEAST_MEMORY = 176 * MEBIBYTE;

/** Bounds that stand for memory; the others bound time, or one stream. */
const shared = [
  'connections',
  'sightings',
  'rows',
  'streams',
  'streamBytes',
  'datagramSessions',
  'fragments',
  'fragmentBytes',
  'tunnels',
] as const satisfies readonly (keyof SensorLimits)[];

/** One bound on the whole process's resident memory, in bytes: what is beyond the runtime's share is dealt to the tables. */
export function limitsWithin(memory: number): Partial<SensorLimits> {
  const share = (memory - PROCESS_BYTES) / (DEFAULT_BYTES - PROCESS_BYTES);
  return Object.fromEntries(
    shared.map((name) => [name, Math.max(1, Math.floor(defaultLimits[name] * share))]),
  );
}
