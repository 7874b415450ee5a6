/** The captures of the shared data, for tests; they are absent where the repository stands alone. */
import { createReadStream, existsSync, globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Conversation, SensorBatch } from '@wardline/model';
import type { SensorLimits } from '../limits.ts';
import { Redactor } from '../redactor.ts';
import { type CaptureSummary, sense } from '../sense.ts';

const folder = fileURLToPath(new URL('../../../../../shared/data/pcap/', import.meta.url));

export const hasSharedCaptures = existsSync(folder);

/** Paths below the folder, sorted. */
export function sharedCaptures(): string[] {
  return globSync('**/*.{pcap,pcapng}', { cwd: folder }).sort();
}

export function sharedPath(name: string): string {
  return folder + name;
}

export interface Sensed {
  batches: SensorBatch[];
  summary: CaptureSummary;
}

/** Everything that the sensor makes of a file. */
export function senseFile(path: string, limits: Partial<SensorLimits> = {}): Promise<Sensed> {
  return senseChunks(createReadStream(path, { highWaterMark: 262_144 }), limits);
}

export async function senseChunks(
  source: AsyncIterable<Uint8Array>,
  limits: Partial<SensorLimits> = {},
): Promise<Sensed> {
  const redactor = new Redactor(new Uint8Array(32), []);
  const run = sense(source, { file: 'test.pcap', sensor: 'test', stream: 'test', redactor, limits });
  const batches: SensorBatch[] = [];
  let step = await run.next();
  for (; step.done !== true; step = await run.next()) batches.push(step.value);
  return { batches, summary: step.value };
}

export function conversationsOf(sensed: Sensed): Conversation[] {
  return sensed.batches.flatMap((batch) => batch.conversations);
}
