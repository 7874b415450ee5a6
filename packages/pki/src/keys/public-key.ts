import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { oids } from '../der/oids.ts';
import { Reader } from '../der/read.ts';
import { oidOf, wholeBitsOf } from '../der/values.ts';
import { type Bytes, empty, oid, sequence } from '../der/write.ts';
import { RSA_BITS } from '../limits.ts';
import { PkiError } from '../pki-error.ts';

/** Curves and kinds that are taken; the rest is refused as weak or unknown. */
export const keyKinds = ['p256', 'p384', 'p521', 'ed25519', 'rsa'] as const;
export type KeyKind = (typeof keyKinds)[number];

export interface PublicKey {
  kind: KeyKind;
  /** SubjectPublicKeyInfo. */
  spki: Bytes;
  /** What the BIT STRING holds, over which key identifiers are made (RFC 5280 §4.2.1.2, RFC 6960 §4.1.1). */
  point: Bytes;
  key: KeyObject;
}

const curves: Readonly<Record<string, KeyKind>> = {
  prime256v1: 'p256',
  secp384r1: 'p384',
  secp521r1: 'p521',
};

/** @throws PkiError where it is no key, or one that is too weak */
export function publicKey(spki: Bytes, at = 0): PublicKey {
  const within = new Reader(spki, at).enter('a public key');
  const algorithm = within.enter('the kind of a key');
  const kind = oidOf(algorithm.next('the kind of a key', 0x06));
  if (kind === oids.ecPublicKey) algorithm.next('the name of a curve', 0x06);
  const point = wholeBitsOf(within.next('the key', 0x03));
  within.end('a public key');
  const key = opened(spki, at);
  return { kind: kindOf(key, at), spki, point, key };
}

function opened(spki: Bytes, at: number): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    throw new PkiError(
      'malformed',
      'A public key that is none: not a point of its curve, or of unknown kind',
      at,
    );
  }
}

function kindOf(key: KeyObject, at: number): KeyKind {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'ed25519') return 'ed25519';
  if (type === 'ec') {
    const kind = curves[details?.namedCurve ?? ''];
    if (kind !== undefined) return kind;
    throw new PkiError(
      'weak',
      `A key on the curve ${details?.namedCurve}; P-256, P-384 or P-521 are taken`,
      at,
    );
  }
  if (type !== 'rsa') throw new PkiError('unsupported', `A key of the kind ${type}`, at);
  return rsa(details?.modulusLength ?? 0, details?.publicExponent ?? 0n, at);
}

function rsa(bitLength: number, exponent: bigint, at: number): KeyKind {
  if (bitLength < RSA_BITS.least || bitLength > RSA_BITS.most)
    throw new PkiError(
      'weak',
      `An RSA key of ${bitLength} bits; ${RSA_BITS.least} to ${RSA_BITS.most} are taken`,
      at,
    );
  if (exponent < 65_537n || exponent > 2n ** 32n)
    throw new PkiError('weak', 'An RSA key with an exponent that is not in use', at);
  return 'rsa';
}

/** SHA-256 of SubjectPublicKeyInfo in hexadecimal: the name by which a key is known. */
export const keyDigestOf = (spki: Bytes): string => createHash('sha256').update(spki).digest('hex');

/** RFC 7093 §2 method 1: the leftmost 160 bits of SHA-256, as SHA-1 is not to be met any more. */
export const keyIdentifier = ({ point }: Pick<PublicKey, 'point'>): Bytes =>
  createHash('sha256').update(point).digest().subarray(0, 20);

interface Algorithm {
  hash: 'sha256' | 'sha384' | 'sha512' | null;
  kind: 'ec' | 'rsa' | 'ed25519';
}

/** Signatures that are taken. SHA-1 and everything before it is not here. */
const algorithms: Readonly<Record<string, Algorithm>> = {
  [oids.ecdsaSha256]: { hash: 'sha256', kind: 'ec' },
  [oids.ecdsaSha384]: { hash: 'sha384', kind: 'ec' },
  [oids.ecdsaSha512]: { hash: 'sha512', kind: 'ec' },
  [oids.rsaSha256]: { hash: 'sha256', kind: 'rsa' },
  [oids.rsaSha384]: { hash: 'sha384', kind: 'rsa' },
  [oids.rsaSha512]: { hash: 'sha512', kind: 'rsa' },
  [oids.ed25519]: { hash: null, kind: 'ed25519' },
};

/** True where the key made the signature by that algorithm over exactly these bytes. */
export function isSignedBy(key: PublicKey, algorithm: string, signed: Bytes, signature: Bytes): boolean {
  const how = algorithms[algorithm];
  if (how === undefined || how.kind !== familyOf(key)) return false;
  try {
    return verify(how.hash, signed, { key: key.key, dsaEncoding: 'der' }, signature);
  } catch {
    return false;
  }
}

export const isKnownAlgorithm = (algorithm: string): boolean => algorithms[algorithm] !== undefined;

const familyOf = ({ kind }: PublicKey): Algorithm['kind'] =>
  kind === 'rsa' || kind === 'ed25519' ? kind : 'ec';

/** AlgorithmIdentifier of a signature: RSA says NULL for its parameters, the others say nothing. */
export const algorithmIdentifier = (algorithm: string): Bytes =>
  algorithms[algorithm]?.kind === 'rsa' ? sequence(oid(algorithm), empty) : sequence(oid(algorithm));
