import { CLOCK_MICROS } from '../limits.ts';

/** Microseconds since the epoch, as the device's clock has it. */
export type Clock = () => number;
/** Microseconds since any moment; never set. */
export type Elapsed = () => number;

/**
 * What time it is on a device whose clock may be wrong. The server's time, told within a trusted exchange, is gone by where the clock is far
 * from it; before any exchange, a clock before what was known once is known to be wrong.
 */
export class Timekeeper {
  readonly #clock: Clock;
  readonly #elapsed: Elapsed;
  #floor: number;
  /** The server's time less the time elapsed; null where the clock is right, or nobody told. */
  #offset: number | null = null;

  constructor(clock: Clock, elapsed: Elapsed, floor: number) {
    this.#clock = clock;
    this.#elapsed = elapsed;
    this.#floor = floor;
  }

  now(): number {
    const told = this.#offset === null ? this.#clock() : this.#offset + this.#elapsed();
    return Math.max(told, this.#floor);
  }

  /** Told by a server that is trusted. */
  learn(at: number): void {
    this.#floor = Math.max(this.#floor, at);
    this.#offset = Math.abs(this.#clock() - at) > CLOCK_MICROS ? at - this.#elapsed() : null;
  }

  /** The latest moment that is known to have been. */
  get floor(): number {
    return this.#floor;
  }

  /** Microseconds by which the device's clock is ahead of the server's; 0 where it is right or nobody told. */
  get ahead(): number {
    return this.#offset === null ? 0 : Math.round(this.#clock() - this.now());
  }
}
