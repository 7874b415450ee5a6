/** Bounds of signing in, each with its reason. */

/** A challenge is answered within the time in which a person finds the key. */
export const CHALLENGE_MICROS = 5 * 60 * 1_000_000;
/** An invitation is sent on one day and followed on the next working one. */
export const INVITATION_MICROS = 7 * 24 * 3600 * 1_000_000;
/** Nobody's input for so long ends a session (45 CFR 164.312(a)(2)(iii)); a ward's screen is left alone sooner than that. */
export const IDLE_MICROS = 15 * 60 * 1_000_000;
/** A session lives twelve hours: a shift, and some. */
export const SESSION_MICROS = 12 * 3600 * 1_000_000;
/** A request with a person behind it is written down at most so often. */
export const SEEN_MICROS = 30 * 1_000_000;
/** NIST SP 800-63B-4: at least 15 where it is the only factor; here a second one is always asked for. */
export const PASSWORD_LEAST = 12;
/** Longer ones are phrases of a manager; beyond this they are a way to keep the machine busy. */
export const PASSWORD_MOST = 256;
export const PASSKEYS_MOST = 20;
export const RECOVERY_CODES = 10;
/** Wrong attempts for one account from one address before each further one has to wait twice as long. */
export const FREE_ATTEMPTS = 5;
export const FIRST_WAIT_MICROS = 2_000_000;
export const LONGEST_WAIT_MICROS = 15 * 60 * 1_000_000;
/** Wrong attempts of before yesterday say nothing of today. */
export const FORGOTTEN_MICROS = 24 * 3600 * 1_000_000;
/** Accounts and addresses that are watched; the one whose last attempt is longest ago goes first. */
export const WATCHED = 10_000;
/** A token that nobody renews ends within a year. */
export const TOKEN_DAYS = 366;
