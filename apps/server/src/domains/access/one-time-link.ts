import { randomBytes } from 'node:crypto';
import { equal } from './sessions.ts';

/** A one-time link lives a day. */
const LINK_MICROS = 24 * 3600 * 1_000_000;

/** The one-time link of this start; opening a session spends it. */
export class OneTimeLink {
  readonly token = randomBytes(32).toString('base64url');
  readonly #expires: number;
  #spent = false;

  constructor(now: number) {
    this.#expires = now + LINK_MICROS;
  }

  spend(token: string, now: number): boolean {
    if (this.#spent || now > this.#expires || !equal(token, this.token)) return false;
    this.#spent = true;
    return true;
  }

  /** Nobody got a session for it: it opens one again. */
  unspend(): void {
    this.#spent = false;
  }
}
