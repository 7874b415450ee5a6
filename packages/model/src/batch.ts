import { z } from 'zod';
import { type Conversation, conversationSchema } from './conversation.ts';
import { type LogLine, logLineSchema } from './log-line.ts';
import { type Sighting, sightingSchema } from './sighting.ts';

/** How many conversations, and how many sightings, one batch holds at the most. */
export const BATCH_ROWS = 5000;

/** What a sensor read, and what it had to leave out, by cause. Counts of one batch are of that batch only. */
export const sensorStatisticsSchema = z.object({
  packets: z.int().min(0),
  /** As on the wire. */
  bytes: z.int().min(0),
  /** Packets that could not be used, by cause (`truncated-frame`, `unknown-link`, …). */
  dropped: z.record(z.string().max(40), z.int().min(0)),
  /** State given up to stay within memory, by table (`connections`, `streams`, `sightings`, …). */
  evicted: z.record(z.string().max(40), z.int().min(0)),
});
export type SensorStatistics = z.infer<typeof sensorStatisticsSchema>;

/**
 * What a sensor hands over at once. A stream is one capture file or one live session; its batches are numbered from 1
 * without gaps, and intake takes each number once, so that sending one again is harmless.
 */
export interface SensorBatch {
  sensor: string;
  stream: string;
  number: number;
  /** True on the last batch of a stream that has an end. */
  last: boolean;
  conversations: Conversation[];
  sightings: Sighting[];
  /** Lines of logs, from a collector of syslog; left out by all others. */
  logs?: LogLine[];
  statistics: SensorStatistics;
}

export const sensorBatchSchema = z.object({
  sensor: z.string().min(1).max(128),
  stream: z.string().min(1).max(128),
  number: z.int().min(1),
  last: z.boolean(),
  conversations: z.array(conversationSchema).max(BATCH_ROWS),
  sightings: z.array(sightingSchema).max(BATCH_ROWS),
  logs: z.array(logLineSchema).max(BATCH_ROWS).optional(),
  statistics: sensorStatisticsSchema,
});
