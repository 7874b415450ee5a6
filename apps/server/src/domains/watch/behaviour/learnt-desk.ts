import { formatMicros, type LearntList, type learntQuery } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { wordsOf } from '../../../http/list.ts';
import { Refusal } from '../../../http/problems.ts';
import { JobThread } from '../../../jobs/job-thread.ts';
import { WATCH_MEGABYTES, WATCH_QUESTIONS_WAITING } from '../../../limits.ts';
import type { Connection } from '../../../store/cluster/cluster.ts';
import type { Executor } from '../../../store/database.ts';
import { namedDevices } from '../named.ts';
import type { LearntAnswers, LearntQuestion } from './questions.ts';

/** Shows what a watch has learnt, one question after the other, in a thread of its own: a state is large, and requests are answered meanwhile. */
export class LearntDesk {
  readonly #thread: JobThread<LearntQuestion, LearntAnswers[LearntQuestion['what']]>;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(connection: Connection) {
    const script = new URL('./learnt-worker.ts', import.meta.url);
    this.#thread = new JobThread({
      what: 'what was learnt',
      script,
      megabytes: WATCH_MEGABYTES,
      connection,
    });
  }

  /** @throws Refusal where too many wait */
  async ask<Q extends LearntQuestion>(question: Q): Promise<LearntAnswers[Q['what']]> {
    if (this.#waiting >= WATCH_QUESTIONS_WAITING) throw new Refusal('too-many-requests');
    this.#waiting += 1;
    const turn = this.#last.then(() => this.#thread.run(question));
    this.#last = turn.catch(() => {});
    try {
      return (await turn) as LearntAnswers[Q['what']];
    } finally {
      this.#waiting -= 1;
    }
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}

/** What the watch of a site holds for normal, device by device. */
export async function learntList(
  context: Context,
  site: number,
  { q, held, offset, limit }: z.infer<typeof learntQuery>,
): Promise<LearntList> {
  const { database, now, learntDesk } = context;
  const { rows } = await sql<{ name: string }>`
    select p.name from watch_site w join site p on p.id = w.site where w.site = ${site}`.execute(database);
  if (rows[0] === undefined) throw new Refusal('not-found');
  const named = q === undefined || q.trim() === '' ? [] : await addressesOf(database, site, q);
  const question = {
    what: 'devices' as const,
    site,
    words: (q ?? '').trim().toLowerCase(),
    named,
    held: held === 'yes',
    offset,
    limit,
  };
  const { total, items } = await learntDesk.ask(question);
  const names = await namedDevices(
    database,
    site,
    items.map(({ device }) => device),
  );
  return {
    asOf: formatMicros(now()),
    site: { id: site, name: rows[0].name },
    total,
    items: items.map(({ firstSeen, lastSeen, ...device }, index) => ({
      ...device,
      ...names[index]!,
      firstSeen: formatMicros(firstSeen),
      lastSeen: formatMicros(lastSeen),
    })),
  };
}

/** Addresses of assets in whose descriptions all words stand. */
async function addressesOf(database: Executor, site: number, q: string): Promise<string[]> {
  const words = wordsOf(q).map((word) => sql`search like ${word}`);
  const { rows } = await sql<{ addresses: string[] }>`
    select ips || macs as addresses from asset where site = ${site} and not gone and ${sql.join(words, sql` and `)} limit 2000`.execute(
    database,
  );
  return rows.flatMap(({ addresses }) => addresses);
}
