import { promisify } from 'node:util';
import { zstdCompress, zstdDecompressSync } from 'node:zlib';
import type { SensorBatch } from '@wardline/model';
import { sql } from 'kysely';
import { BATCH_BODY_BYTES, WATCH_INBOX_BATCHES, WATCH_INBOX_BYTES } from '../../limits.ts';
import type { Executor } from '../../store/database.ts';

const compress = promisify(zstdCompress);
/** The database's own, so that whoever lays something in agrees with whoever takes it out. */
const clock = sql`(extract(epoch from clock_timestamp()) * 1000000)::bigint`;

/** What the watch needs of a batch. */
export type Watched = Pick<SensorBatch, 'conversations' | 'sightings' | 'logs'>;

/** A batch as the inbox stores it. */
export interface Packed {
  sensor: string;
  stream: string;
  rows: number;
  body: Buffer;
}

/** Off the thread that answers requests, and before the transaction that stores it. */
export async function packBatch({
  sensor,
  stream,
  conversations,
  sightings,
  logs = [],
}: SensorBatch): Promise<Packed> {
  const body = await compress(JSON.stringify({ conversations, sightings, logs } satisfies Watched));
  return { sensor, stream, rows: conversations.length + sightings.length + logs.length, body };
}

/** @throws Error where it is no batch, or unpacks to more than one may be */
export function unpackBatch(body: Buffer): Watched {
  const text = zstdDecompressSync(body, { maxOutputLength: 2 * BATCH_BODY_BYTES }).toString();
  return JSON.parse(text) as Watched;
}

/**
 * Lays a batch into the inbox of its site, within the transaction that takes it in: what is accepted will be watched. Where the
 * inbox is full, the loss is counted by sensor and stream and told.
 */
export async function layIn(
  transaction: Executor,
  site: number,
  { sensor, stream, rows, body }: Packed,
): Promise<void> {
  if (rows === 0) return;
  const { numAffectedRows } = await sql`
    with held as (select coalesce(sum(bytes), 0) as bytes, count(*) as n from watch_inbox where site = ${site})
    insert into watch_inbox (site, kind, sensor, stream, received, rows, bytes, body)
    select ${site}::int, 'batch', ${sensor}, ${stream}, ${clock}, ${rows}::int, ${body.length}::int, ${body}::bytea
    from held where held.bytes + ${body.length} <= ${WATCH_INBOX_BYTES} and held.n < ${WATCH_INBOX_BATCHES}`.execute(
    transaction,
  );
  if (numAffectedRows === 0n)
    await countLoss(transaction, { site, sensor, stream, cause: 'inbox-full', batches: 1, rows });
}

/** Why something was not watched: the inbox was full, it could not be judged, its clock was ahead, or alerts were too many. */
export type LossCause = 'inbox-full' | 'not-judged' | 'clock-ahead' | 'too-many-alerts';

export interface Loss {
  site: number;
  sensor: string;
  stream: string;
  cause: LossCause;
  batches: number;
  rows: number;
}

export async function countLoss(
  transaction: Executor,
  { site, sensor, stream, cause, batches, rows }: Loss,
): Promise<void> {
  await sql`insert into watch_loss (site, sensor, stream, cause, batches, rows, first_at, last_at)
    values (${site}, ${sensor}, ${stream}, ${cause}, ${batches}, ${rows}, ${clock}, ${clock})
    on conflict (site, cause, sensor, stream) do update set batches = watch_loss.batches + excluded.batches,
      rows = watch_loss.rows + excluded.rows, last_at = excluded.last_at`.execute(transaction);
}
