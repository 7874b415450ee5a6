import { type KeyObject, verify } from 'node:crypto';
import { type Cbor, decodeCbor, Tagged } from './cbor.ts';
import { encodeCbor } from './cbor-encode.ts';

/** RFC 9052 §4.2: a message with one signature. */
export interface CoseSign1 {
  protectedBytes: Uint8Array;
  algorithm: number;
  payload: Uint8Array;
  signature: Uint8Array;
}

const SIGN1 = 18;
const CWT = 61;
const ALGORITHM = 1;
const CRITICAL = 2;

/** RFC 9053 §2, RFC 9864: algorithm → hash, curve. EdDSA hashes by itself. */
const algorithms: ReadonlyMap<number, { hash: string | null; curve: string }> = new Map([
  [-7, { hash: 'sha256', curve: 'prime256v1' }],
  [-9, { hash: 'sha256', curve: 'prime256v1' }],
  [-35, { hash: 'sha384', curve: 'secp384r1' }],
  [-51, { hash: 'sha384', curve: 'secp384r1' }],
  [-36, { hash: 'sha512', curve: 'secp521r1' }],
  [-52, { hash: 'sha512', curve: 'secp521r1' }],
  [-8, { hash: null, curve: 'ed25519' }],
  [-19, { hash: null, curve: 'ed25519' }],
]);

/** Null where the bytes are no signed message that is taken: the payload is in it, the algorithm protected and known. */
export function parseSign1(bytes: Uint8Array): CoseSign1 | null {
  const outer = decodeCbor(bytes);
  // RFC 8392 §6: the tag of a CWT stands before that of COSE.
  const message = outer instanceof Tagged && outer.tag === CWT ? outer.value : outer;
  if (!(message instanceof Tagged) || message.tag !== SIGN1 || !Array.isArray(message.value)) return null;
  const [header, unprotected, payload, signature, ...more] = message.value as Cbor[];
  if (!(header instanceof Uint8Array) || !(unprotected instanceof Map) || more.length > 0) return null;
  if (!(payload instanceof Uint8Array) || !(signature instanceof Uint8Array)) return null;
  const fields = decodeCbor(header);
  // §3.1: what is marked critical has to be understood, and here nothing beyond the algorithm is.
  if (!(fields instanceof Map) || fields.has(CRITICAL) || unprotected.has(CRITICAL)) return null;
  const algorithm = fields.get(ALGORITHM);
  if (typeof algorithm !== 'number' || !algorithms.has(algorithm) || unprotected.has(ALGORITHM)) return null;
  return { protectedBytes: header, algorithm, payload, signature };
}

/** RFC 9052 §4.4: what is signed. */
export const signedBytes = ({
  protectedBytes,
  payload,
}: Omit<CoseSign1, 'signature' | 'algorithm'>): Uint8Array =>
  encodeCbor(['Signature1', protectedBytes, new Uint8Array(), payload]);

/** True where the key, which has to be of the algorithm's curve, signed the message. */
export function sign1Holds(message: CoseSign1, key: KeyObject): boolean {
  const { hash, curve } = algorithms.get(message.algorithm)!;
  const own = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType;
  if (own !== curve) return false;
  return verify(hash, signedBytes(message), { key, dsaEncoding: 'ieee-p1363' }, message.signature);
}
