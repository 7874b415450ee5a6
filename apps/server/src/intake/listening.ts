import type { Conversation, SensorBatch } from '@wardline/model';
import { HOUR, piecesOf } from '@wardline/watch';
import { sql } from 'kysely';
import { BATCH_HOURS, HEARD_KEPT } from '../limits.ts';
import type { Executor } from '../store/database.ts';
import { numberArray } from './arrays.ts';

/** Captures that are handed in come from anywhere: each listened for itself. */
const IMPORTED = 'import';

/** Who listened: a sensor stands in one place, whatever its streams are. */
export function listenerOf({ sensor, stream }: Pick<SensorBatch, 'sensor' | 'stream'>): string {
  return sensor === IMPORTED ? `${IMPORTED}:${stream}` : sensor;
}

/** Which endpoints are known to be heard by whom, so that it is written once. */
export class Hearing {
  #known = new Set<string>();

  news(listener: string, ids: readonly number[]): number[] {
    return ids.filter((id) => !this.#known.has(`${id} ${listener}`));
  }

  /** Once it is on disk. */
  remember(listener: string, ids: readonly number[]): void {
    if (this.#known.size + ids.length > HEARD_KEPT) this.#known = new Set();
    for (const id of ids) this.#known.add(`${id} ${listener}`);
  }
}

export async function writeHearing(
  transaction: Executor,
  listener: string,
  ids: readonly number[],
): Promise<void> {
  if (ids.length === 0) return;
  await sql`insert into usage_heard_by (endpoint_id, listener)
    select id, ${listener}::text from unnest(${numberArray(ids, (id) => id)}::bigint[]) id order by id
    on conflict do nothing`.execute(transaction);
}

/** Marks the hours of a batch as watched, and as due to be looked at for use. The last statement of an intake. */
export async function writeWatched(
  transaction: Executor,
  site: number,
  listener: string,
  conversations: readonly Conversation[],
): Promise<void> {
  const hours = [...watchedHours(conversations)].sort(([a], [b]) => a - b);
  if (hours.length === 0) return;
  await sql`insert into usage_watched (site, listener, hour, pieces)
    select ${site}::int, ${listener}::text, * from unnest(${numberArray(hours, ([hour]) => hour)}::bigint[],
      ${numberArray(hours, ([, pieces]) => pieces)}::int[])
    on conflict (site, listener, hour) do update set pieces = usage_watched.pieces | excluded.pieces, due = true`.execute(
    transaction,
  );
}

/** Hours that conversations fall into, with the pieces of them in which something was heard. */
export function watchedHours(
  conversations: readonly Pick<Conversation, 'slice' | 'firstSeen' | 'lastSeen'>[],
): Map<number, number> {
  const hours = new Map<number, number>();
  for (const conversation of conversations)
    for (const [hour, pieces] of [
      [Math.floor(conversation.slice / HOUR) * HOUR, 0] as const,
      ...piecesOf(conversation),
    ])
      if (hour >= 0 && (hours.has(hour) || hours.size < BATCH_HOURS))
        hours.set(hour, (hours.get(hour) ?? 0) | pieces);
  return hours;
}
