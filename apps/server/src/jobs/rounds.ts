import { alone, type Turns } from '../servers/index.ts';

/** What is done by the clock and when asked. */
export interface Round {
  /** Servers on one database run what has the same name one after the other. */
  name: string;
  turns?: Turns | undefined;
  /** Milliseconds. */
  every: number;
  run: () => Promise<void>;
  /** A run that fails is made again when the clock says so. */
  failed: (error: Error) => void;
  /** True where the first run waits for the clock too. */
  waits?: boolean;
}

/** One run at a time; however often it is asked for while one is under way, one more follows. */
export class Rounds {
  readonly #round: Round;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #again = false;
  #closed = false;

  constructor(round: Round) {
    this.#round = round;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.soon(), this.#round.every).unref();
    if (!this.#round.waits) this.soon();
  }

  soon(): void {
    if (this.#closed) return;
    if (this.#running === null) this.#running = this.#runs();
    else this.#again = true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#running;
  }

  async #runs(): Promise<void> {
    do {
      this.#again = false;
      const { name, turns = alone, run, failed } = this.#round;
      await turns.take(name, run).catch(failed);
    } while (this.#again && !this.#closed);
    this.#running = null;
  }
}
