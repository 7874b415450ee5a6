import { mkdirSync } from 'node:fs';
import type { Context } from '../../../context.ts';
import { act } from '../../../ledger/append.ts';
import { FeedError } from './fetch.ts';
import { runFeed } from './run.ts';
import { dueFeeds, endRun, type Feed, nextRunning, putInLine } from './store.ts';

/** How often it is looked whether a feed is due. */
const LOOK_MILLISECONDS = 60_000;

/** Runs feeds one after the other, at one server at a time, in the time that is set for each or when a person says so. */
export class FeedRunner {
  readonly #context: Context;
  readonly #ended = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #again = false;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Goes on with what was running when the server ended, and looks for what is due from now on. */
  start(): void {
    mkdirSync(this.#context.config.mirrorsDir, { recursive: true });
    this.wake();
    this.#timer = setInterval(() => this.wake(), LOOK_MILLISECONDS);
    this.#timer.unref();
  }

  wake(): void {
    if (this.#ended.signal.aborted) return;
    if (this.#running !== null) {
      this.#again = true;
      return;
    }
    this.#again = false;
    this.#running = this.#context.turns
      .take('feeds', () => this.#work())
      .catch((error: unknown) => this.#context.log.error({ err: error }, 'feeds could not be run'))
      .finally(() => {
        this.#running = null;
        if (this.#again) this.wake();
      });
  }

  async close(): Promise<void> {
    clearInterval(this.#timer ?? undefined);
    this.#ended.abort();
    await this.#running;
  }

  async #work(): Promise<void> {
    for (const feed of await dueFeeds(this.#context.database, this.#context.now()))
      await startRun(this.#context, 'server', feed, 'its time has come');
    for (;;) {
      const feed = await nextRunning(this.#context.database);
      if (feed === null || this.#ended.signal.aborted) return;
      await this.#run(feed);
    }
  }

  async #run(feed: Feed): Promise<void> {
    const { database, log } = this.#context;
    const problem = await runFeed(this.#context, feed, this.#ended.signal).then(
      () => null,
      (error: unknown) => {
        if (error instanceof FeedError) return error.message;
        log.error({ err: error, feed: feed.name }, 'a feed could not be run');
        return 'the server could not go on; its log has the cause';
      },
    );
    // A run that the server's own end broke off stays running: it is gone on with at the next start.
    if (this.#ended.signal.aborted) return;
    await endRun(database, feed.id, problem, this.#context.now());
    this.#context.events.emit('vulnerabilities', 'ledger');
  }
}

/** Puts a feed in line; one that runs already runs on. */
export async function startRun(
  context: Context,
  actor: string,
  { id, name }: Pick<Feed, 'id' | 'name'>,
  reason: string,
): Promise<void> {
  const at = context.now();
  const entry = { at, actor, action: 'feed.run', subject: id, changes: { feed: name }, reason };
  await act(context.database, entry, (transaction) => putInLine(transaction, id, at));
}
