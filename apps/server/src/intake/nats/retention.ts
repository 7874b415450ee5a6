import type { NatsConfig } from '../../config/nats.ts';

/** How full the brokers' store may get before what was taken is removed ahead of its time. */
const FULL = 0.8;
/** Moments that are remembered over the time for which batches are kept. */
const MOMENTS = 100;

/** Decides which batches that were taken need not be kept at the brokers any more. */
export class Retention {
  readonly #config: Pick<NatsConfig, 'keep' | 'room'>;
  /** Behind which place everything was answered for, and when; oldest first. */
  #moments: { at: number; answered: number }[] = [];

  constructor(config: Pick<NatsConfig, 'keep' | 'room'>) {
    this.#config = config;
  }

  /** The place up to which everything may go; null for nothing. What was not answered for never may. */
  forgettable(now: number, standing: { bytes: number; answered: number }): number | null {
    const { keep, room } = this.#config;
    const newest = this.#moments.at(-1);
    if (newest === undefined || now - newest.at >= keep / MOMENTS)
      this.#moments.push({ at: now, answered: standing.answered });
    const old = this.#moments.filter(({ at }) => now - at >= keep);
    this.#moments = this.#moments.slice(old.length);
    const upTo = standing.bytes > room * FULL ? standing.answered : (old.at(-1)?.answered ?? 0);
    return upTo > 0 ? upTo : null;
  }
}
