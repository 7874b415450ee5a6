import { constants, type KeyObject, verify } from 'node:crypto';
import { TPM_STRUCTURE_BYTES } from '../limits.ts';
import { ECDSA, type HashAlgorithm, hashOf, RSAPSS, RSASSA } from './algorithms.ts';
import { Octets } from './octets.ts';
import type { PublicArea } from './public-area.ts';

/** TPMT_SIGNATURE in one of the accepted algorithms. */
export interface TpmSignature {
  algorithm: number;
  hash: HashAlgorithm;
  /** RSA: the signature. ECDSA: both numbers. */
  values: readonly Uint8Array[];
}

/** Null where the bytes are no signature, or one by an algorithm that is too weak (SHA-1 among them). */
export function parseSignature(bytes: Uint8Array): TpmSignature | null {
  if (bytes.length > TPM_STRUCTURE_BYTES) return null;
  const octets = new Octets(bytes);
  const algorithm = octets.u16();
  const hash = hashOf(octets.u16());
  const numbers = algorithm === ECDSA ? 2 : algorithm === RSASSA || algorithm === RSAPSS ? 1 : 0;
  const values = Array.from({ length: numbers }, () => octets.sized());
  return hash === undefined || numbers === 0 || !octets.complete ? null : { algorithm, hash, values };
}

/** True where the signature is the key's over the message, by the scheme that the key is bound to. */
export function signatureHolds(
  { key, scheme }: PublicArea,
  message: Uint8Array,
  { algorithm, hash, values }: TpmSignature,
): boolean {
  if (scheme !== null && (scheme.algorithm !== algorithm || scheme.hash?.id !== hash.id)) return false;
  if ((key.asymmetricKeyType === 'ec') !== (algorithm === ECDSA)) return false;
  if (algorithm === ECDSA) return ecdsaHolds(key, hash, message, values);
  const padding = algorithm === RSAPSS ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  // TPMs before revision 1.38 salt with as much as fits, later ones with a digest's length.
  const saltLength = constants.RSA_PSS_SALTLEN_AUTO;
  return verify(hash.name, message, { key, padding, saltLength }, values[0]!);
}

function ecdsaHolds(
  key: KeyObject,
  { name }: HashAlgorithm,
  message: Uint8Array,
  numbers: readonly Uint8Array[],
): boolean {
  const size = sizeOf[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (size === undefined || numbers.some(({ length }) => length > size)) return false;
  const raw = Buffer.concat(numbers.flatMap((number) => [Buffer.alloc(size - number.length), number]));
  return verify(name, message, { key, dsaEncoding: 'ieee-p1363' }, raw);
}

const sizeOf: Readonly<Record<string, number>> = { prime256v1: 32, secp384r1: 48, secp521r1: 66 };
