import type { ReceiverKind } from '@wardline/model';
import { sql } from 'kysely';
import { Rounds } from '../../jobs/rounds.ts';
import { failed, placeOf } from './cursor.ts';
import { mailWay } from './mail.ts';
import { rest, type SendingNeeds, type Served, type Way } from './sending.ts';
import { syslogWay } from './syslog.ts';
import { webhookWay } from './webhook.ts';

const ways: Readonly<Record<ReceiverKind, Way>> = {
  syslog: syslogWay,
  webhook: webhookWay,
  mail: mailWay,
};

/** Serves every receiver that is not paused, each for itself, for as long as the server runs. */
export class ReceiverRounds {
  readonly #needs: SendingNeeds;
  readonly #sendings = new Map<string, Sending>();
  readonly #looking: Rounds;

  constructor(needs: SendingNeeds) {
    this.#needs = needs;
    this.#looking = new Rounds({
      name: 'receivers of alerts',
      every: needs.pace.poll,
      run: () => this.#look(),
      failed: (error) => needs.log.warn({ err: error }, 'receivers of alerts could not be looked up'),
    });
  }

  start(): void {
    this.#looking.start();
  }

  /** A receiver was added, changed or removed. */
  soon(): void {
    this.#looking.soon();
  }

  async close(): Promise<void> {
    await this.#looking.close();
    await Promise.all([...this.#sendings.values()].map((sending) => sending.close()));
  }

  /** Begins with those that are new, and ends with those that are other than they were. */
  async #look(): Promise<void> {
    const { rows } = await sql<Served>`
      select id, name, settings, sealed, version from alert_receiver where removed is null and not paused`.execute(
      this.#needs.database,
    );
    const wanted = new Map(rows.map((row) => [row.id, row]));
    for (const [id, sending] of this.#sendings) {
      if (wanted.get(id)?.version === sending.version) continue;
      this.#sendings.delete(id);
      // It may wait for its turn, which another server has: it does nothing any more when it comes.
      void sending.close();
    }
    for (const receiver of rows) {
      if (this.#sendings.has(receiver.id)) continue;
      this.#sendings.set(receiver.id, new Sending(this.#needs, receiver));
    }
  }
}

/** Serves one receiver as it was configured, again and again where it is away. */
class Sending {
  readonly version: number;
  readonly #needs: SendingNeeds;
  readonly #receiver: Served;
  readonly #ending = new AbortController();
  readonly #running: Promise<void>;

  constructor(needs: SendingNeeds, receiver: Served) {
    this.version = receiver.version;
    this.#needs = needs;
    this.#receiver = receiver;
    this.#running = this.#run();
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { turns, pace } = this.#needs;
    const [first, longest] = pace.retry;
    const { signal } = this.#ending;
    for (let wait = first; !signal.aborted; wait = Math.min(wait * 2, longest)) {
      // One server at a time sends to a receiver.
      const got = await this.#try(() => turns.take(`receiver ${this.#receiver.id}`, () => this.#turn()));
      if (got) wait = first;
      await rest(wait, signal);
    }
  }

  async #turn(): Promise<void> {
    const { signal } = this.#ending;
    if (!signal.aborted) await ways[this.#receiver.settings.kind](this.#needs, this.#receiver, signal);
  }

  /** True where something reached the receiver before it broke. */
  async #try(work: () => Promise<void>): Promise<boolean> {
    const { database, log, now, changed } = this.#needs;
    const { id, name } = this.#receiver;
    let before = 0;
    try {
      before = (await placeOf(database, id)).sure;
      await work();
    } catch (error) {
      const text = wordsOf(error);
      log.warn({ receiver: name, reason: text }, 'alerts do not reach a receiver');
      try {
        await failed(database, id, text, now());
        changed();
        return (await placeOf(database, id)).sure > before;
      } catch {
        // The database is away as well: what is not written down is sent again.
      }
    }
    return false;
  }
}

/** What is shown: of an error with several causes (each address that was tried), the first. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return wordsOf(error.errors[0]);
  return error instanceof Error ? error.message : 'it could not be served';
}
