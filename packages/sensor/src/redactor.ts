import { createHmac } from 'node:crypto';

/** A default credential that anybody can look up; `label` is what a finding may print. */
export interface KnownCredential {
  user: string;
  secret: string;
  label: string;
}

/** How many hexadecimal digits of the HMAC are kept: 64 bits tell values of one hospital apart. */
const MARK_DIGITS = 16;

/**
 * Turns secrets and PHI into keyed hashes (HMAC-SHA-256, truncated), so that equal values can be counted and nobody
 * without the key can test a guess. The key belongs to one site and never leaves it.
 */
export class Redactor {
  readonly #key: Uint8Array;
  readonly #known: ReadonlyMap<string, string>;

  constructor(key: Uint8Array, known: readonly KnownCredential[]) {
    this.#key = key;
    this.#known = new Map(known.map((entry) => [pairKey(entry.user, entry.secret), entry.label]));
  }

  mark(value: Uint8Array | string): string {
    return createHmac('sha256', this.#key).update(value).digest('hex').slice(0, MARK_DIGITS);
  }

  /** The label of the known default that this pair is, or null. User names compare without case. */
  knownDefault(user: string, secret: string): string | null {
    return this.#known.get(pairKey(user, secret)) ?? null;
  }
}

function pairKey(user: string, secret: string): string {
  return `${user.toLowerCase()}\u0000${secret}`;
}
