import type { Context } from '../../../context.ts';
import { DebouncedJob } from '../../../jobs/debounced-job.ts';
import { Exposures } from './facts.ts';
import { keepIndicators } from './indicators.ts';
import { sweepDeadlines } from './overdue.ts';
import { rescore } from './rescore.ts';

/** How often deadlines, and controls that are no longer verified, are looked for. */
const SWEEP_MS = 60_000;

/** Scores what has changed soon after it did, and does by the clock what the clock alone decides. */
export class RiskRounds {
  readonly #job: DebouncedJob;
  #timer: NodeJS.Timeout | null = null;

  constructor(context: Context) {
    const exposures = new Exposures(context);
    this.#job = new DebouncedJob(
      'scoring of risks',
      async () => {
        const swept = await sweepDeadlines(context.database, context.now());
        const scored = await rescore(context, exposures);
        await keepIndicators(context.database, context.now());
        if (scored + swept > 0) context.events.emit('risks');
        if (swept > 0) context.events.emit('ledger');
        context.log.debug({ scored, swept }, 'risks scored');
      },
      context.log,
      context.turns,
    );
  }

  start(): void {
    this.#timer = setInterval(() => this.soon(), SWEEP_MS);
    this.#timer.unref();
    this.soon();
  }

  soon(): void {
    this.#job.soon();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer ?? undefined);
    await this.#job.close();
  }
}
