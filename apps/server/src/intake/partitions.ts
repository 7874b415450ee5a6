import { sql } from 'kysely';
import { PARTITION_DAYS, PARTITION_FIRST_YEAR, PARTITION_LAST_YEAR } from '../limits.ts';
import type { Database } from '../store/database.ts';

const WIDTH = PARTITION_DAYS * 24 * 3600 * 1_000_000;
const FIRST = Date.UTC(PARTITION_FIRST_YEAR, 0) * 1000;
const LAST = Date.UTC(PARTITION_LAST_YEAR, 0) * 1000;

/** The number of the partition that a slice falls into; null: the one for clocks that are far off. */
export function partitionOf(slice: number): number | null {
  return slice < FIRST || slice >= LAST ? null : Math.floor(slice / WIDTH);
}

/** Makes partitions before they are needed, each once per process; two intakes may ask for one at once. */
export class Partitions {
  readonly #made = new Set<number>();

  async ensure(database: Database, slices: Iterable<number>): Promise<void> {
    const wanted = new Set([...slices].map(partitionOf));
    for (const number of wanted) {
      if (number === null || this.#made.has(number)) continue;
      await makePartition(database, number);
      this.#made.add(number);
    }
  }
}

/** Any number of its own, for one partition is made at a time. */
const LOCK = 7_400_003;

const statementFor = (number: number): string =>
  `create table if not exists conversation_slice_p${number} partition of conversation_slice
    for values from (${number * WIDTH}) to (${(number + 1) * WIDTH})`;

/** The statement that makes the partition for a row of a table; null where the table or the row needs none. */
export function partitionFor(table: string, read: (column: string) => string): string | null {
  const number = table === 'conversation_slice' ? partitionOf(Number(read('slice'))) : null;
  return number === null ? null : statementFor(number);
}

async function makePartition(database: Database, number: number): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(transaction);
    await sql.raw(statementFor(number)).execute(transaction);
  });
}
