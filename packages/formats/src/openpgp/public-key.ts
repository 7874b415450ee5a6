import { createHash, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { atWidth, readNumbers } from './packets.ts';
import { mayBeBy, type SignaturePacket } from './signature-packet.ts';

/** A public key of version 4, primary or not. */
export interface PublicKey {
  /** In hexadecimal, 40 digits. */
  fingerprint: string;
  /** Seconds since 1970. */
  created: number;
  /** How it goes into what is hashed (RFC 9580 §5.2.4). */
  hashed: Buffer;
  /** Null where its algorithm, its curve or its size is not taken. */
  material: Material | null;
}

interface Material {
  key: KeyObject;
  algorithm: number;
  /** Bytes of each of the numbers of a signature. */
  width: number;
}

const RSA_LEAST_BITS = 2048;
/** RFC 9580 §9.5: what is not named here (MD5, SHA-1, RIPEMD-160) is broken or not in use. */
const hashNames: ReadonlyMap<number, string> = new Map([
  [8, 'sha256'],
  [9, 'sha384'],
  [10, 'sha512'],
  [11, 'sha224'],
  [12, 'sha3-256'],
  [14, 'sha3-512'],
]);
/** Nothing is proved by it, but whoever revokes a key is believed. */
const brokenHashNames: ReadonlyMap<number, string> = new Map([[2, 'sha1']]);

export const isHashTaken = ({ hashAlgorithm }: SignaturePacket): boolean => hashNames.has(hashAlgorithm);

/** Null where it is no key of version 4. */
export function readPublicKey(body: Buffer): PublicKey | null {
  if (body.length < 6 || body[0] !== 4 || body.length > 0xffff) return null;
  const hashed = Buffer.concat([Buffer.from([0x99, body.length >> 8, body.length & 0xff]), body]);
  // RFC 9580 §5.5.4.2
  const fingerprint = createHash('sha1').update(hashed).digest('hex').toUpperCase();
  const material = readMaterial(body[5]!, body.subarray(6));
  return { fingerprint, created: body.readUInt32BE(1), hashed, material };
}

/** RFC 9580 §5.5.5. DSA is not taken: nobody who signs advisories has used it for years. */
function readMaterial(algorithm: number, bytes: Buffer): Material | null {
  try {
    switch (algorithm) {
      case 1:
      case 3:
        return rsa(algorithm, bytes);
      case 19:
      case 22:
        return curve(algorithm, bytes);
      case 27:
        return bytes.length === 32 ? edwards(algorithm, 'Ed25519', bytes) : null;
      case 28:
        return bytes.length === 57 ? edwards(algorithm, 'Ed448', bytes) : null;
      default:
        return null;
    }
  } catch {
    // The numbers make no key: a point that is not on its curve.
    return null;
  }
}

const keyOf = (jwk: JsonWebKey): KeyObject => createPublicKey({ key: jwk, format: 'jwk' });

function rsa(algorithm: number, bytes: Buffer): Material | null {
  const [n, e] = readNumbers(bytes, 2) ?? [];
  if (n === undefined || e === undefined || n.length * 8 < RSA_LEAST_BITS) return null;
  const key = keyOf({ kty: 'RSA', n: n.toString('base64url'), e: e.toString('base64url') });
  return { key, algorithm, width: n.length };
}

/** RFC 9580 §9.2, by the octets of its object identifier. */
const curves: ReadonlyMap<string, { name: string; width: number }> = new Map([
  ['2a8648ce3d030107', { name: 'P-256', width: 32 }],
  ['2b81040022', { name: 'P-384', width: 48 }],
  ['2b81040023', { name: 'P-521', width: 66 }],
  ['2b06010401da470f01', { name: 'Ed25519', width: 32 }],
]);

function curve(algorithm: number, bytes: Buffer): Material | null {
  const start = 1 + (bytes[0] ?? 0);
  const found = curves.get(bytes.subarray(1, start).toString('hex'));
  const [point] = readNumbers(bytes.subarray(start), 1) ?? [];
  if (found === undefined || point === undefined) return null;
  const { name, width } = found;
  if ((name === 'Ed25519') !== (algorithm === 22)) return null;
  if (algorithm === 22)
    return point.length === 33 && point[0] === 0x40 ? edwards(algorithm, name, point.subarray(1)) : null;
  if (point.length !== 1 + 2 * width || point[0] !== 4) return null;
  const [x, y] = [point.subarray(1, 1 + width), point.subarray(1 + width)];
  const key = keyOf({ kty: 'EC', crv: name, x: x.toString('base64url'), y: y.toString('base64url') });
  return { key, algorithm, width };
}

function edwards(algorithm: number, name: string, point: Buffer): Material {
  const key = keyOf({ kty: 'OKP', crv: name, x: point.toString('base64url') });
  return { key, algorithm, width: point.length };
}

/** Whether the key made the signature over these bytes, by a hash that proves it. Whether it may is asked elsewhere. */
export const isMadeBy = (key: PublicKey, signature: SignaturePacket, signed: readonly Buffer[]): boolean =>
  signature.isUnderstood && isBy(key, signature, signed, hashNames.get(signature.hashAlgorithm));

/** Whether the key made a revocation, which counts by a broken hash as well. */
export function isRevokedBy(key: PublicKey, signature: SignaturePacket, signed: readonly Buffer[]): boolean {
  const { hashAlgorithm } = signature;
  return isBy(key, signature, signed, hashNames.get(hashAlgorithm) ?? brokenHashNames.get(hashAlgorithm));
}

function isBy(
  { fingerprint, material }: PublicKey,
  signature: SignaturePacket,
  signed: readonly Buffer[],
  hash: string | undefined,
): boolean {
  if (
    !mayBeBy(signature, fingerprint) ||
    hash === undefined ||
    material === null ||
    !isSameAlgorithm(material, signature)
  )
    return false;
  const value = signatureBytes(material, signature.value);
  if (value === null) return false;
  const data = Buffer.concat([...signed, signature.trailer]);
  const { key, algorithm } = material;
  if (algorithm <= 3) return verify(hash, data, key, value);
  if (algorithm === 19) return verify(hash, data, { key, dsaEncoding: 'ieee-p1363' }, value);
  // RFC 9580 §5.2.3.3: what is signed is the digest.
  return verify(null, createHash(hash).update(data).digest(), key, value);
}

const isSameAlgorithm = ({ algorithm }: Material, { keyAlgorithm }: SignaturePacket): boolean =>
  algorithm === keyAlgorithm || (algorithm <= 3 && keyAlgorithm <= 3);

/** The signature as Node takes it; null where its numbers do not add up. */
function signatureBytes({ algorithm, width }: Material, bytes: Buffer): Buffer | null {
  if (algorithm >= 27) return bytes.length === 2 * width ? bytes : null;
  const numbers = readNumbers(bytes, algorithm <= 3 ? 1 : 2)?.map((number) => atWidth(number, width));
  if (numbers === undefined || numbers.some((number) => number === null)) return null;
  return Buffer.concat(numbers as Buffer[]);
}
