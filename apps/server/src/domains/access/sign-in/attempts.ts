import { FIRST_WAIT_MICROS, FREE_ATTEMPTS, LONGEST_WAIT_MICROS, WATCHED } from './limits.ts';

interface Watched {
  wrong: number;
  until: number;
}

/**
 * Slows down guessing. What counts is the account *and* the address together, so that whoever guesses from elsewhere can't lock
 * the account's owner out; passkeys are never slowed.
 */
export class Attempts {
  readonly #watched = new Map<string, Watched>();

  /** Microseconds to wait before the next attempt; 0 where it may be made now. */
  wait(account: string, address: string, now: number): number {
    const watched = this.#watched.get(keyOf(account, address));
    return watched === undefined ? 0 : Math.max(0, watched.until - now);
  }

  failed(account: string, address: string, now: number): void {
    const key = keyOf(account, address);
    const wrong = (this.#watched.get(key)?.wrong ?? 0) + 1;
    const beyond = wrong - FREE_ATTEMPTS;
    const wait = beyond <= 0 ? 0 : Math.min(LONGEST_WAIT_MICROS, FIRST_WAIT_MICROS * 2 ** (beyond - 1));
    this.#watched.delete(key);
    if (this.#watched.size >= WATCHED) this.#forgetOldest();
    this.#watched.set(key, { wrong, until: now + wait });
  }

  succeeded(account: string, address: string): void {
    this.#watched.delete(keyOf(account, address));
  }

  /** A map keeps the order of insertion, and each failure inserts anew. */
  #forgetOldest(): void {
    const oldest = this.#watched.keys().next();
    if (!oldest.done) this.#watched.delete(oldest.value);
  }
}

const keyOf = (account: string, address: string): string => `${account.toLowerCase()}\n${address}`;
