import { HOUR, isWatched } from '@wardline/watch';
import { sql } from 'kysely';
import type { Executor } from '../../store/database.ts';

const WEEK = 168 * HOUR;

/** A span of full hours. */
export interface Span {
  from: number;
  until: number;
}

/** The weeks up to the last full hour in which anything was heard at a site; null where nothing ever was. */
export async function spanOf(
  database: Executor,
  site: number,
  now: number,
  weeks: number,
): Promise<Span | null> {
  const { rows } = await sql<{ last: number | null }>`
    select max(hour) as last from usage_watched where site = ${site} and hour <= ${now - HOUR}`.execute(
    database,
  );
  const last = rows[0]!.last;
  return last === null ? null : { from: last + HOUR - weeks * WEEK, until: last + HOUR };
}

/** Who listened at a site in a span of time, and in which of its hours all through. */
export class Listeners {
  readonly #hours: ReadonlyMap<string, ReadonlySet<number>>;
  readonly #joined = new Map<string, (hour: number) => boolean>();

  private constructor(hours: ReadonlyMap<string, ReadonlySet<number>>) {
    this.#hours = hours;
  }

  static async of(database: Executor, site: number, { from, until }: Span): Promise<Listeners> {
    const { rows } = await sql<{ listener: string; hour: number; pieces: number }>`
      select listener, hour, pieces from usage_watched
      where site = ${site} and hour >= ${from} and hour < ${until}`.execute(database);
    const hours = new Map<string, Set<number>>();
    for (const { listener, hour, pieces } of rows) {
      if (!isWatched(pieces)) continue;
      const known = hours.get(listener) ?? new Set();
      hours.set(listener, known.add(hour));
    }
    return new Listeners(hours);
  }

  /** Whether one of them listened all through an hour; two that took turns did not. */
  heardBy(names: readonly string[]): (hour: number) => boolean {
    const key = JSON.stringify(names);
    const known = this.#joined.get(key);
    if (known !== undefined) return known;
    const sets = names.flatMap((name) => this.#hours.get(name) ?? []);
    const heard = (hour: number) => sets.some((set) => set.has(hour));
    this.#joined.set(key, heard);
    return heard;
  }
}
