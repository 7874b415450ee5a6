import type { Logger } from 'pino';

const SHORTEST_PAUSE = 300;
const LONGEST_PAUSE = 15_000;

/**
 * Runs a job soon after it was asked for, one run at a time, and pauses as long as the last run took, so that a busy intake
 * is not slowed by its own consequences. A run that fails is tried again.
 */
export class DebouncedJob {
  readonly #run: () => Promise<void>;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #again = false;
  #closed = false;
  #pause = SHORTEST_PAUSE;

  constructor(run: () => Promise<void>, log: Logger) {
    this.#run = run;
    this.#log = log;
  }

  soon(): void {
    if (this.#closed) return;
    if (this.#running) this.#again = true;
    else this.#timer ??= setTimeout(() => void this.now(), this.#pause);
  }

  /** Runs at once, after the run that may be under way; resolves when it is done. */
  async now(): Promise<void> {
    while (this.#running) await this.#running;
    if (this.#closed) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#running = this.#once();
    await this.#running;
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }

  async #once(): Promise<void> {
    const start = performance.now();
    try {
      await this.#run();
      this.#pause = Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, performance.now() - start));
    } catch (error) {
      this.#log.warn({ err: error }, 'identification failed; it is tried again');
      this.#again = true;
      this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
    }
    this.#running = null;
    if (this.#again) {
      this.#again = false;
      this.soon();
    }
  }
}
