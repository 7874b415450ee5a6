import { hash } from 'node:crypto';

/** A default credential that anybody can look up; `label` is what a finding may print. */
export interface KnownCredential {
  user: string;
  secret: string;
  label: string;
}

/** How many hexadecimal digits of the HMAC are kept: 64 bits tell values of one hospital apart. */
const MARK_DIGITS = 16;
/** SHA-256's block, and its result, in bytes. */
const BLOCK = 64;
const DIGEST = 32;

/**
 * Turns secrets and PHI into keyed hashes (HMAC-SHA-256, truncated), so that equal values can be counted and nobody
 * without the key can test a guess. The key belongs to one site and never leaves it.
 */
export class Redactor {
  /** RFC 2104: the key's block for the inner hash, with the message behind it, and the block for the outer hash. */
  #inner: Buffer = Buffer.alloc(BLOCK + 256);
  readonly #outer: Buffer = Buffer.alloc(BLOCK + DIGEST);
  readonly #known: ReadonlyMap<string, string>;

  constructor(key: Uint8Array, known: readonly KnownCredential[]) {
    const block = key.length > BLOCK ? hash('sha256', key, 'buffer') : key;
    for (let i = 0; i < BLOCK; i++) {
      this.#inner[i] = (block[i] ?? 0) ^ 0x36;
      this.#outer[i] = (block[i] ?? 0) ^ 0x5c;
    }
    this.#known = new Map(known.map((entry) => [pairKey(entry.user, entry.secret), entry.label]));
  }

  mark(value: Uint8Array | string): string {
    const length = typeof value === 'string' ? Buffer.byteLength(value) : value.length;
    this.#reserve(length);
    if (typeof value === 'string') this.#inner.write(value, BLOCK);
    else this.#inner.set(value, BLOCK);
    // One-shot hashes of what is already in place: several times faster than an Hmac object for short values.
    const inner = hash('sha256', this.#inner.subarray(0, BLOCK + length), 'buffer');
    this.#inner.fill(0, BLOCK, BLOCK + length);
    this.#outer.set(inner, BLOCK);
    return hash('sha256', this.#outer, 'hex').slice(0, MARK_DIGITS);
  }

  /** The label of the known default that this pair is, or null. User names compare without case. */
  knownDefault(user: string, secret: string): string | null {
    return this.#known.get(pairKey(user, secret)) ?? null;
  }

  #reserve(length: number): void {
    if (BLOCK + length <= this.#inner.length) return;
    const larger = Buffer.alloc(BLOCK + length);
    larger.set(this.#inner.subarray(0, BLOCK));
    this.#inner = larger;
  }
}

function pairKey(user: string, secret: string): string {
  return `${user.toLowerCase()}\u0000${secret}`;
}
