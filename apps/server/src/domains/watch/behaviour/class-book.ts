import type { HabitVerdict, Kinds } from '@wardline/watch';
import { habitKey } from '@wardline/watch';
import { sql } from 'kysely';
import type { Executor } from '../../../store/database.ts';

/** What devices are changes by identification; their classes follow within this time. */
const KNOWN_MICROS = 60_000_000;

interface Kept {
  at: number;
  key: string;
  kinds: Kinds;
}

/** The classes of a site's devices with what people said of them, read anew now and then; the same object while nothing changed. */
export class ClassBook {
  readonly #kept = new Map<number, Kept>();

  async of(database: Executor, site: number, now: number, isChanged: boolean): Promise<Kinds> {
    const reviews = await reviewsOf(database, site);
    const kept = this.#kept.get(site);
    const reviewed = JSON.stringify(reviews);
    if (
      kept !== undefined &&
      !isChanged &&
      kept.key.startsWith(`${reviewed}\n`) &&
      now - kept.at < KNOWN_MICROS
    )
      return kept.kinds;
    const classes = await classesOf(database, site);
    const key = `${reviewed}\n${JSON.stringify([...classes])}`;
    const kinds = kept?.key === key ? kept.kinds : kindsOf(classes, reviews);
    this.#kept.set(site, { at: now, key, kinds });
    return kinds;
  }
}

interface Review {
  class: string;
  habit: string;
  verdict: HabitVerdict;
}

const kindsOf = (classes: ReadonlyMap<string, string | null>, reviews: readonly Review[]): Kinds => ({
  classOf: (device) => classes.get(device) ?? null,
  reviews: new Map(reviews.map(({ class: name, habit, verdict }) => [habitKey(name, habit), verdict])),
});

/** By address; one that several assets have is nobody's. */
async function classesOf(database: Executor, site: number): Promise<Map<string, string | null>> {
  const { rows } = await sql<{ class: string; addresses: string[] }>`
    select class, ips || macs as addresses from asset where site = ${site} and not gone order by id`.execute(
    database,
  );
  const found = new Map<string, string | null>();
  for (const { class: name, addresses } of rows)
    for (const address of new Set(addresses))
      found.set(address, found.has(address) || name === '' ? null : name);
  return found;
}

async function reviewsOf(database: Executor, site: number): Promise<Review[]> {
  const { rows } = await sql<Review>`
    select class, habit, verdict from watch_class_review where site = ${site} order by class, habit`.execute(
    database,
  );
  return rows;
}
