import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '../../../store/database.ts';
import {
  FIRST_WAIT_MICROS,
  FORGOTTEN_MICROS,
  FREE_ATTEMPTS,
  LONGEST_WAIT_MICROS,
  WATCHED,
} from './limits.ts';

/**
 * Slows down guessing, whichever server is asked. What counts is the account *and* the address together, so that whoever guesses from
 * elsewhere can't lock the account's owner out; passkeys are never slowed. What was typed is kept as a keyed hash: it may be a password.
 */
export class Attempts {
  readonly #database: Database;
  readonly #key: Uint8Array;

  constructor(database: Database, key: Uint8Array) {
    this.#database = database;
    this.#key = key;
  }

  /** Microseconds to wait before the next attempt; 0 where it may be made now. */
  async wait(account: string, address: string, now: number): Promise<number> {
    const { rows } = await sql<{ until: number }>`
      select until from sign_in_attempt where key = ${this.#keyOf(account, address)}`.execute(this.#database);
    return Math.max(0, (rows[0]?.until ?? 0) - now);
  }

  async failed(account: string, address: string, now: number): Promise<void> {
    const wrong = sql`case when a.at < ${now - FORGOTTEN_MICROS} then 1 else a.wrong + 1 end`;
    // The exponent is bounded before the wait is, so that no number of attempts makes it too large.
    const wait = sql`case when ${wrong} <= ${FREE_ATTEMPTS} then 0 else least(${LONGEST_WAIT_MICROS}::bigint,
      ${FIRST_WAIT_MICROS}::bigint << least(30, ${wrong} - ${FREE_ATTEMPTS + 1})) end`;
    await sql`
      insert into sign_in_attempt as a (key, wrong, until, at) values (${this.#keyOf(account, address)}, 1, ${now}, ${now})
      on conflict (key) do update set wrong = ${wrong}, until = ${now}::bigint + ${wait}, at = ${now}`.execute(
      this.#database,
    );
    await this.#forgetOldest(now);
  }

  async succeeded(account: string, address: string): Promise<void> {
    await sql`delete from sign_in_attempt where key = ${this.#keyOf(account, address)}`.execute(
      this.#database,
    );
  }

  async #forgetOldest(now: number): Promise<void> {
    await sql`delete from sign_in_attempt where at < ${now - FORGOTTEN_MICROS} or key in (
      select key from sign_in_attempt order by at desc, key offset ${WATCHED})`.execute(this.#database);
  }

  #keyOf(account: string, address: string): Buffer {
    return createHmac('sha256', this.#key).update(`sign-in\n${account.toLowerCase()}\n${address}`).digest();
  }
}
