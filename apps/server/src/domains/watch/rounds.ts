import type { Context } from '../../context.ts';
import { JobThread } from '../../jobs/job-thread.ts';
import { Rounds } from '../../jobs/rounds.ts';
import { WATCH_MEGABYTES, WATCH_STATE_RATE } from '../../limits.ts';
import { forgetOld } from './retain.ts';
import type { WatchQuestion, WatchResult } from './site-run.ts';

/** What comes together is watched together. */
const SHORTEST_PAUSE = 300;
const LONGEST_PAUSE = 60_000;
/** Numbers of alerts that have become quiet, and what a run that failed has left. */
const SWEEP_MILLISECONDS = 60_000;
/** How often what is old is looked for. */
const FORGET_MILLISECONDS = 3_600_000;

/**
 * Runs the watch soon after something came in, one run at a time. A run pauses the next so long that states are not written faster
 * than backups can follow, and at least as long as it took, so that intake is not slowed by it.
 */
export class WatchRounds {
  readonly #context: Context;
  readonly #thread: JobThread<WatchQuestion, WatchResult>;
  readonly #sweep: NodeJS.Timeout;
  readonly #forgetting: Rounds;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #again = false;
  #retell = false;
  #closed = false;
  #pause = SHORTEST_PAUSE;

  constructor(context: Context) {
    this.#context = context;
    this.#thread = new JobThread({
      what: 'watching',
      script: new URL('./worker.ts', import.meta.url),
      megabytes: WATCH_MEGABYTES,
      connection: context.connection,
    });
    this.#forgetting = new Rounds({
      name: 'old stories',
      turns: context.turns,
      every: FORGET_MILLISECONDS,
      run: async () => {
        if ((await forgetOld(context)) > 0) context.events.emit('watch', 'ledger');
      },
      failed: (error) => context.log.warn({ err: error }, 'old stories were not forgotten'),
      waits: true,
    });
    this.#forgetting.start();
    this.#sweep = setInterval(() => this.soon(), SWEEP_MILLISECONDS).unref();
  }

  soon(): void {
    if (this.#closed) return;
    if (this.#running !== null) this.#again = true;
    else this.#timer ??= setTimeout(() => this.#start(), this.#pause);
  }

  /** What devices are may have changed: alerts that are open are told anew. */
  retellSoon(): void {
    this.#retell = true;
    this.soon();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweep);
    clearTimeout(this.#timer ?? undefined);
    await this.#forgetting.close();
    await this.#thread.close();
    await this.#running;
  }

  #start(): void {
    this.#timer = null;
    this.#running = this.#once().finally(() => {
      this.#running = null;
      if (!this.#again) return;
      this.#again = false;
      this.soon();
    });
  }

  async #once(): Promise<void> {
    const retell = this.#retell;
    this.#retell = false;
    try {
      await this.#context.turns.take('watch', () => this.#watch(retell));
    } catch (error) {
      if (this.#closed) return;
      this.#context.log.warn({ err: error }, 'watching failed; it is tried again');
      this.#retell ||= retell;
      this.#again = true;
      this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
    }
  }

  async #watch(retell: boolean): Promise<void> {
    const { log, metrics, events, now } = this.#context;
    const start = performance.now();
    const result = await this.#thread.run({ now: now(), retell });
    const took = performance.now() - start;
    metrics.watching.observe(took / 1000);
    this.#pause = pauseAfter(took, result);
    for (const fault of result.faults)
      log.error({ fault }, 'a watch could not go on from what was stored; learning begins anew');
    if (result.batches > 0 || result.alerts > 0) events.emit('watch');
    if (result.faults.length > 0) events.emit('ledger');
    this.#again ||= result.more;
    log.debug(result, 'watched');
  }
}

function pauseAfter(took: number, { written, more }: WatchResult): number {
  // A queue is worked off without a rest.
  const rest = more ? 0 : (written / WATCH_STATE_RATE) * 1000;
  return Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, took, rest));
}
