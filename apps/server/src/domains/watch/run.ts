import type { Knowledge } from '@wardline/knowledge';
import { sql } from 'kysely';
import type { Database } from '../../store/database.ts';
import { ClassBook } from './behaviour/class-book.ts';
import { Governor } from './governor.ts';
import { RuleBook } from './rules/book.ts';
import {
  type Doubt,
  type Kept,
  SiteRun,
  UnwatchableBatch,
  type WatchQuestion,
  type WatchResult,
} from './site-run.ts';

/** Watches what sites sent: takes batches from the inbox in order, and writes alerts, stories and the state in one transaction. */
export class Watcher {
  readonly #database: Database;
  readonly #knowledge: Knowledge;
  readonly #governor: Governor;
  readonly #kept = new Map<number, Kept>();
  readonly #rules = new RuleBook();
  readonly #classes = new ClassBook();

  constructor(database: Database, knowledge: Knowledge) {
    this.#database = database;
    this.#knowledge = knowledge;
    this.#governor = new Governor(knowledge);
  }

  async run(question: WatchQuestion): Promise<WatchResult> {
    const sum: WatchResult = { batches: 0, alerts: 0, written: 0, more: false, faults: [] };
    for (const site of await this.#sites(question)) {
      const done = await this.#site(site, question);
      sum.batches += done.batches;
      sum.alerts += done.alerts;
      sum.written += done.written;
      sum.more ||= done.more;
      sum.faults.push(...done.faults);
    }
    return sum;
  }

  /** Those with something to do. */
  async #sites({ retell }: WatchQuestion): Promise<number[]> {
    const { rows } = await sql<{ site: number }>`
      select site from watch_inbox union select site from watch_alert where unrevised
      union select site from watch_story where ${retell} and state <> 'resolved' order by site`.execute(
      this.#database,
    );
    return rows.map(({ site }) => site);
  }

  /**
   * A batch that can't be judged is taken row by row, so that only the rows at fault are left out and counted; one that can't be judged so
   * either is left out. The others of its run are judged.
   */
  async #site(site: number, question: WatchQuestion): Promise<WatchResult> {
    const bad = new Map<number, Doubt>();
    for (;;) {
      // Taken out until the transaction is on disk: what fails leaves a watch that has seen what was never stored.
      const before = this.#kept.get(site) ?? null;
      this.#kept.delete(site);
      try {
        const { kept, ...done } = await this.#database.transaction().execute((transaction) =>
          new SiteRun(transaction, site, question, {
            knowledge: this.#knowledge,
            governor: this.#governor,
            rules: this.#rules,
            classes: this.#classes,
          }).carryOut(before, bad),
        );
        this.#kept.set(site, kept);
        return done;
      } catch (error) {
        if (!(error instanceof UnwatchableBatch)) throw error;
        bad.set(error.number, bad.has(error.number) ? 'lost' : 'row-by-row');
      }
    }
  }
}
