import type { SensorBatch } from '@wardline/model';
import { sql } from 'kysely';
import { layIn, packBatch } from '../domains/watch/index.ts';
import type { Database, Executor } from '../store/database.ts';
import { Hearing, listenerOf, writeHearing, writeWatched } from './listening.ts';
import { Partitions } from './partitions.ts';
import { storable } from './sanitise.ts';
import { tally } from './tally.ts';
import { writeConversations } from './write-conversations.ts';
import { writeEndpoints } from './write-endpoints.ts';
import { writeLogs } from './write-logs.ts';
import { writeSightings } from './write-sightings.ts';

/** `duplicate`: counted before. `gap`: the batch that is due comes first; nothing was stored. */
export type Acceptance =
  | { outcome: 'accepted'; lastNumber: number }
  | { outcome: 'duplicate'; lastNumber: number }
  | { outcome: 'gap'; expected: number };

/** Where captures belong that nobody gave a site, and sensors without one. */
export const FIRST_SITE = 1;

/** Takes batches in: each number of a stream once, whole or not at all. */
export class Intake {
  readonly #database: Database;
  readonly #partitions = new Partitions();
  readonly #hearing = new Hearing();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Returns once the batch is on disk: an acceptance is never taken back. */
  async accept(received: SensorBatch, site = FIRST_SITE): Promise<Acceptance> {
    const batch = storable(received);
    await this.#partitions.ensure(
      this.#database,
      batch.conversations.map((c) => c.slice),
    );
    const added = tally(batch);
    const listener = listenerOf(batch);
    const packed = await packBatch(batch);
    let heard: number[] = [];
    const acceptance = await this.#database
      .transaction()
      .execute(async (transaction): Promise<Acceptance> => {
        const last = await lockStream(transaction, site, batch);
        if (batch.number <= last) return { outcome: 'duplicate', lastNumber: last };
        if (batch.number > last + 1) return { outcome: 'gap', expected: last + 1 };
        const ids = await writeEndpoints(transaction, site, added.endpoints);
        await writeConversations(transaction, site, added, ids);
        await writeSightings(transaction, site, batch.sightings, (endpoint) => ids[added.placeOf(endpoint)]!);
        await writeLogs(transaction, site, batch);
        await layIn(transaction, site, packed);
        heard = this.#hearing.news(
          listener,
          ids.filter((_, at) => !added.endpoints[at]!.silent),
        );
        await writeHearing(transaction, listener, heard);
        await closeBatch(transaction, site, batch, added.endpoints);
        await writeWatched(transaction, site, listener, batch.conversations);
        return { outcome: 'accepted', lastNumber: batch.number };
      });
    this.#hearing.remember(listener, heard);
    return acceptance;
  }

  /** 0 where nothing of the stream was taken yet. */
  async lastNumber(sensor: string, stream: string, site = FIRST_SITE): Promise<number> {
    const { rows } = await sql<{ last_number: number }>`
      select last_number from stream where site = ${site} and sensor = ${sensor} and stream = ${stream}`.execute(
      this.#database,
    );
    return rows[0]?.last_number ?? 0;
  }
}

/** Batches of one stream are taken one after the other. */
async function lockStream(
  transaction: Executor,
  site: number,
  { sensor, stream }: SensorBatch,
): Promise<number> {
  await sql`insert into stream (site, sensor, stream) values (${site}, ${sensor}, ${stream})
    on conflict do nothing`.execute(transaction);
  const { rows } = await sql<{ last_number: number }>`
    select last_number from stream where site = ${site} and sensor = ${sensor} and stream = ${stream} for update`.execute(
    transaction,
  );
  return rows[0]!.last_number;
}

async function closeBatch(
  transaction: Executor,
  site: number,
  batch: SensorBatch,
  endpoints: readonly { firstSeen: number; lastSeen: number }[],
): Promise<void> {
  const { sensor, stream, number, statistics } = batch;
  const [conversations, sightings] = [batch.conversations.length, batch.sightings.length];
  await sql`insert into batch (site, sensor, stream, number, conversations, sightings)
    values (${site}, ${sensor}, ${stream}, ${number}, ${conversations}, ${sightings})`.execute(transaction);
  const first = endpoints.reduce<number | null>((at, e) => Math.min(at ?? e.firstSeen, e.firstSeen), null);
  const last = endpoints.reduce<number | null>((at, e) => Math.max(at ?? e.lastSeen, e.lastSeen), null);
  await sql`
    update stream set last_number = ${number}, finished = finished or ${batch.last},
      packets = packets + ${statistics.packets}, bytes = bytes + ${statistics.bytes},
      conversations = conversations + ${conversations}, sightings = sightings + ${sightings},
      dropped = ${addCounts('dropped', statistics.dropped)}, evicted = ${addCounts('evicted', statistics.evicted)},
      first_seen = least(first_seen, ${first}::bigint), last_seen = greatest(last_seen, ${last}::bigint)
    where site = ${site} and sensor = ${sensor} and stream = ${stream}`.execute(transaction);
}

function addCounts(column: 'dropped' | 'evicted', more: Readonly<Record<string, number>>) {
  const name = sql.raw(column);
  return sql`(select coalesce(jsonb_object_agg(key, n), '{}') from (
    select key, sum(value::bigint) as n from (
      select * from jsonb_each_text(${name}) union all select * from jsonb_each_text(${JSON.stringify(more)}::jsonb)
    ) as counts group by key) as added)`;
}
