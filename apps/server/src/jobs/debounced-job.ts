import type { Logger } from 'pino';
import { alone, type Turns } from '../servers/index.ts';

const SHORTEST_PAUSE = 400;
const LONGEST_PAUSE = 15_000;
/** However busy intake is, a person sees news after so long. */
const LONGEST_WAIT = 10_000;

/**
 * Runs a job once nobody asks for it any more, one run at a time, and pauses as long as the last run took, so that a busy
 * intake is not slowed by its own consequences. A run that fails is tried again.
 */
export class DebouncedJob {
  readonly #what: string;
  readonly #run: () => Promise<void>;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<boolean> | null = null;
  #again = false;
  #closed = false;
  #pause = SHORTEST_PAUSE;
  #askedAt: number | null = null;

  /** `what` is how the log calls it; servers on one database run what has the same name one after the other. */
  constructor(what: string, run: () => Promise<void>, log: Logger, turns: Turns = alone) {
    this.#what = what;
    this.#run = () => turns.take(what, run);
    this.#log = log;
  }

  soon(): void {
    if (this.#closed) return;
    if (this.#running) this.#again = true;
    else {
      const now = performance.now();
      this.#askedAt ??= now;
      if (this.#timer) clearTimeout(this.#timer);
      const rest = Math.max(0, this.#askedAt + Math.max(LONGEST_WAIT, this.#pause) - now);
      this.#timer = setTimeout(() => void this.now(), Math.min(this.#pause, rest));
    }
  }

  /** Runs at once, after the run that may be under way. Resolves when it is done, to false where it failed. */
  async now(): Promise<boolean> {
    while (this.#running) await this.#running;
    if (this.#closed) return false;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#askedAt = null;
    this.#running = this.#once();
    return await this.#running;
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }

  async #once(): Promise<boolean> {
    const start = performance.now();
    let done = false;
    try {
      await this.#run();
      done = true;
      this.#pause = Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, performance.now() - start));
    } catch (error) {
      this.#log.warn({ err: error }, `${this.#what} failed; it is tried again`);
      this.#again = true;
      this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
    }
    this.#running = null;
    if (this.#again) {
      this.#again = false;
      this.soon();
    }
    return done;
  }
}
