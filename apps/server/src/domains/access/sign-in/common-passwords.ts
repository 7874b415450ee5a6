import { createHash } from 'node:crypto';
import { commonPasswordDigests } from '@wardline/knowledge';

/** Of each digest so much is kept: among 44,000 of them a password that nobody ever used is one in 25 million times. */
const PASSWORD_DIGEST_BYTES = 5;

/** The same word typed on another keyboard, in whatever case, is the same guess. */
function passwordDigest(password: string): Buffer {
  const plain = password.normalize('NFKC').toLowerCase();
  return createHash('sha256').update(plain).digest().subarray(0, PASSWORD_DIGEST_BYTES);
}

/** Passwords of twelve characters and more that were stolen most often, as sorted begins of their digests. */
class CommonPasswords {
  readonly #digests: Buffer;

  constructor(digests: Buffer) {
    this.#digests = digests;
  }

  get size(): number {
    return this.#digests.length / PASSWORD_DIGEST_BYTES;
  }

  has(password: string): boolean {
    const wanted = passwordDigest(password);
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = middle * PASSWORD_DIGEST_BYTES;
      const order = wanted.compare(this.#digests, at, at + PASSWORD_DIGEST_BYTES);
      if (order === 0) return true;
      if (order < 0) high = middle;
      else low = middle + 1;
    }
    return false;
  }
}

/** Read when the first password is set. */
let common: CommonPasswords | null = null;

export function commonPasswords(): CommonPasswords {
  common ??= new CommonPasswords(commonPasswordDigests());
  return common;
}
