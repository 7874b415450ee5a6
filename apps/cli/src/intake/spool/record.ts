import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type SensorBatch, type SensorStatistics, sensorBatchSchema } from '@wardline/model';
import type { Stage } from './entry.ts';
import { UNPACKED_BYTES } from './limits.ts';

const [compress, unpack] = [promisify(gzip), promisify(gunzip)];
const MARK = 'wardline-spool-1';
/** The mark, a space, SHA-256 in hexadecimal, a line feed. */
const HEAD_BYTES = MARK.length + 1 + 64 + 1;

const NOTHING: SensorStatistics = { packets: 0, bytes: 0, dropped: {}, evicted: {} };

/** A batch as the intake takes it: JSON, compressed. */
export type Body = Uint8Array<ArrayBuffer>;

export const bodyOf = async (batch: SensorBatch): Promise<Body> => compress(JSON.stringify(batch));

/** A file's bytes: a body behind its checksum. */
export function sealed(body: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${MARK} ${digest(body)}\n`, 'latin1'), body]);
}

/** The body, byte for byte as it was sealed; null where anything is not as it was written. */
export function unsealed(bytes: Uint8Array<ArrayBuffer>): Body | null {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1');
  const body = bytes.subarray(HEAD_BYTES);
  return head === `${MARK} ${digest(body)}\n` ? body : null;
}

/** The batch in a body; null where none is. */
export async function batchOf(body: Uint8Array): Promise<SensorBatch | null> {
  try {
    const text = await unpack(body, { maxOutputLength: UNPACKED_BYTES });
    return sensorBatchSchema.parse(JSON.parse(text.toString())) as SensorBatch;
  } catch {
    return null;
  }
}

/** A batch of which nothing is known but its name and number. */
export function emptyBatch(
  { sensor, stream, number, last }: Pick<SensorBatch, 'sensor' | 'stream' | 'number' | 'last'>,
  evicted: Record<string, number> = {},
): SensorBatch {
  return {
    sensor,
    stream,
    number,
    last,
    conversations: [],
    sightings: [],
    statistics: { ...NOTHING, evicted },
  };
}

export function stageOf({ conversations, sightings, logs = [] }: SensorBatch): Stage {
  return conversations.length + logs.length > 0 ? 'full' : sightings.length > 0 ? 'sightings' : 'empty';
}

/** Gives up the conversations and lines of logs, and where there are none any more the sightings; what was given up is counted. */
export function thinned(batch: SensorBatch): SensorBatch {
  const { sightings, statistics, conversations, logs = [], ...rest } = batch;
  const isFull = stageOf(batch) === 'full';
  const given = isFull ? { conversations, logs } : { sightings };
  const counts = Object.entries(given).flatMap(([name, rows]) =>
    rows.length === 0 ? [] : [[`spool-${name}`, rows.length] as const],
  );
  if (counts.length === 0) return batch;
  return {
    ...rest,
    conversations: [],
    sightings: isFull ? sightings : [],
    statistics: { ...statistics, evicted: added(statistics.evicted, Object.fromEntries(counts)) },
  };
}

/** The first of a run of emptied batches, carrying the statistics of both. */
export function joined(earlier: SensorBatch, later: SensorBatch): SensorBatch {
  const [a, b] = [earlier.statistics, later.statistics];
  const statistics = {
    packets: a.packets + b.packets,
    bytes: a.bytes + b.bytes,
    dropped: added(a.dropped, b.dropped),
    evicted: added(a.evicted, b.evicted),
  };
  return { ...earlier, last: false, statistics };
}

function added(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> {
  const sums = { ...a };
  for (const [cause, count] of Object.entries(b)) sums[cause] = (sums[cause] ?? 0) + count;
  return sums;
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
