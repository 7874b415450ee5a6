import { createHash } from 'node:crypto';
import type { SnmpHash } from '@wardline/model';

const PASSWORD_STRETCH = 1_048_576;

/** RFC 3414 §A.2, RFC 7860 §9: a password stretched over a megabyte, and bound to one engine. */
export function localizedKey(hash: SnmpHash, password: string, engine: Uint8Array): Buffer {
  const bytes = Buffer.from(password, 'utf8');
  const stretched = Buffer.alloc(PASSWORD_STRETCH, bytes);
  const key = createHash(hash).update(stretched).digest();
  return createHash(hash).update(key).update(engine).update(key).digest();
}

/**
 * RFC 3414 §5, KeyChange: random octets, and the new key hidden under a digest that only who knows the old key can make. For keys that are not
 * longer than a digest, which those of SHA-1 and SHA-2 with AES-128 are.
 */
export function keyChange(hash: SnmpHash, from: Uint8Array, to: Uint8Array, random: Uint8Array): Buffer {
  if (from.length !== to.length || random.length !== to.length)
    throw new RangeError('both keys and the random octets have one length');
  const mask = createHash(hash).update(from).update(random).digest();
  return Buffer.concat([random, to.map((octet, place) => octet ^ mask[place]!)]);
}
