import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { RSA_BITS, TPM_STRUCTURE_BYTES } from '../limits.ts';
import { curves, ECC, type HashAlgorithm, hashOf, NONE, RSA } from './algorithms.ts';
import { Octets, u16 } from './octets.ts';

/** TPM 2.0 Part 2 §8.3: what a TPM says of an object, as far as judging a key needs it. */
export interface KeyAttributes {
  fixedTpm: boolean;
  fixedParent: boolean;
  sensitiveDataOrigin: boolean;
  encryptedDuplication: boolean;
  restricted: boolean;
  decrypt: boolean;
  sign: boolean;
}

/** TPMT_PUBLIC of an asymmetric key. */
export interface PublicArea {
  key: KeyObject;
  nameAlgorithm: HashAlgorithm;
  attributes: KeyAttributes;
  /** What the key is bound to sign with; null where each signature may choose. */
  scheme: { algorithm: number; hash: HashAlgorithm | undefined } | null;
  /** Bits of AES in CFB mode, by which a storage key encrypts; null where it is none, or by another cipher. */
  cipherBits: 128 | 256 | null;
  /** nameAlg ‖ H(public area): what a TPM calls the object by. */
  name: Uint8Array;
  /** The key as a SubjectPublicKeyInfo in DER, to be held against a request. */
  spki: Uint8Array;
  bytes: Uint8Array;
}

interface Parameters {
  scheme: PublicArea['scheme'];
  cipherBits: PublicArea['cipherBits'];
  /** RFC 7517. */
  jwk: Record<string, string>;
}

/** Null where the bytes are no public area of an RSA or elliptic-curve key of an accepted size. */
export function parsePublicArea(bytes: Uint8Array): PublicArea | null {
  if (bytes.length > TPM_STRUCTURE_BYTES) return null;
  const octets = new Octets(bytes);
  const type = octets.u16();
  const nameAlgorithm = hashOf(octets.u16());
  const attributes = attributesOf(octets.u32());
  octets.sized(); // authPolicy
  const parameters = type === RSA ? readRsa(octets) : type === ECC ? readEcc(octets) : null;
  if (parameters === null || nameAlgorithm === undefined || !octets.complete) return null;
  const key = keyOf(parameters.jwk);
  if (key === null) return null;
  const name = nameOf(nameAlgorithm, bytes);
  const spki = key.export({ type: 'spki', format: 'der' });
  const { scheme, cipherBits } = parameters;
  return { key, nameAlgorithm, attributes, scheme, cipherBits, name, spki, bytes };
}

/** TPM 2.0 Part 1 §16: the name of an object, from its public area. */
export const nameOf = (hash: HashAlgorithm, area: Uint8Array): Uint8Array =>
  Buffer.concat([u16(hash.id), createHash(hash.name).update(area).digest()]);

function attributesOf(bits: number): KeyAttributes {
  const has = (bit: number): boolean => ((bits >>> bit) & 1) === 1;
  return {
    fixedTpm: has(1),
    fixedParent: has(4),
    sensitiveDataOrigin: has(5),
    encryptedDuplication: has(11),
    restricted: has(16),
    decrypt: has(17),
    sign: has(18),
  };
}

const AES = 0x0006;
const CFB = 0x0043;

/** TPMT_SYM_DEF_OBJECT: the cipher of a storage key for what lies below it. */
function readCipher(octets: Octets): PublicArea['cipherBits'] {
  const algorithm = octets.u16();
  if (algorithm === NONE) return null;
  const [bits, mode] = [octets.u16(), octets.u16()];
  return algorithm === AES && mode === CFB && (bits === 128 || bits === 256) ? bits : null;
}

const RSAES = 0x0015;
const ECDAA = 0x001a;

function readScheme(octets: Octets): PublicArea['scheme'] {
  const algorithm = octets.u16();
  if (algorithm === NONE) return null;
  const hash = algorithm === RSAES ? undefined : hashOf(octets.u16());
  if (algorithm === ECDAA) octets.u16();
  return { algorithm, hash };
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

function readRsa(octets: Octets): Parameters | null {
  const cipherBits = readCipher(octets);
  const scheme = readScheme(octets);
  const bits = octets.u16();
  const exponent = octets.u32();
  const modulus = octets.sized();
  const sound = bits >= RSA_BITS.least && bits <= RSA_BITS.most && modulus.length === bits / 8;
  // Part 2 §12.2.3.5: an exponent of zero means the default. Others than the default invite weak keys.
  if (!sound || (exponent !== 0 && exponent !== 65_537) || modulus[0]! < 0x80) return null;
  return { scheme, cipherBits, jwk: { kty: 'RSA', n: base64url(modulus), e: 'AQAB' } };
}

function readEcc(octets: Octets): Parameters | null {
  const cipherBits = readCipher(octets);
  const scheme = readScheme(octets);
  const curve = curves.get(octets.u16());
  if (octets.u16() !== NONE) octets.u16(); // key derivation
  const [x, y] = [octets.sized(), octets.sized()];
  if (curve === undefined || x.length > curve.bytes || y.length > curve.bytes) return null;
  const coordinate = (bytes: Uint8Array): string =>
    base64url(Buffer.concat([Buffer.alloc(curve.bytes - bytes.length), bytes]));
  return { scheme, cipherBits, jwk: { kty: 'EC', crv: curve.name, x: coordinate(x), y: coordinate(y) } };
}

/** Null where the numbers are no key: OpenSSL refuses a point that is not on its curve. */
function keyOf(jwk: Record<string, string>): KeyObject | null {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return null;
  }
}
