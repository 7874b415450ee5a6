import {
  constants,
  createCipheriv,
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  type KeyObject,
  publicEncrypt,
} from 'node:crypto';
import type { HashAlgorithm } from './algorithms.ts';
import { sized, u32 } from './octets.ts';
import type { PublicArea } from './public-area.ts';

/** What only the TPM that holds both keys can open (TPM 2.0 Part 1 §24). */
export interface Credential {
  /** TPMS_ID_OBJECT: integrity and the encrypted secret. */
  blob: Uint8Array;
  /** TPM2B_ENCRYPTED_SECRET without its size: the seed, for the endorsement key alone. */
  seed: Uint8Array;
}

export interface Randomness {
  /** As many bytes that nobody can guess. */
  bytes: (length: number) => Uint8Array;
  /** A key pair on the curve, for one use. */
  ephemeral: (curve: string) => { publicKey: KeyObject; privateKey: KeyObject };
}

/**
 * MakeCredential (Part 3 §12.6): the secret comes out only in the TPM that has the endorsement key and an object of
 * the name `name`. The secret is no longer than a digest of the endorsement key's name algorithm.
 */
export function makeCredential(
  endorsementKey: PublicArea,
  name: Uint8Array,
  secret: Uint8Array,
  randomness: Randomness,
): Credential {
  const { nameAlgorithm: hash, cipherBits } = endorsementKey;
  if (cipherBits === null) throw new RangeError('a credential is sealed to a storage key');
  if (secret.length > hash.bytes) throw new RangeError('a credential is at most one digest long');
  const { seed, encrypted } = seedFor(endorsementKey, hash, randomness);
  const cipherKey = kdfa(hash, seed, 'STORAGE', name, cipherBits);
  const cipher = createCipheriv(`aes-${cipherBits}-cfb`, cipherKey, Buffer.alloc(16));
  const identity = Buffer.concat([cipher.update(sized(secret)), cipher.final()]);
  const integrityKey = kdfa(hash, seed, 'INTEGRITY', new Uint8Array(), hash.bytes * 8);
  const integrity = createHmac(hash.name, integrityKey).update(identity).update(name).digest();
  return { blob: Buffer.concat([sized(integrity), identity]), seed: encrypted };
}

function seedFor(
  { key }: PublicArea,
  hash: HashAlgorithm,
  randomness: Randomness,
): { seed: Uint8Array; encrypted: Uint8Array } {
  if (key.asymmetricKeyType === 'ec') return agreedSeed(key, hash, randomness);
  // Part 1 §B.10.4: OAEP with the label IDENTITY, whose zero belongs to it.
  const seed = randomness.bytes(hash.bytes);
  const oaepLabel = Buffer.from('IDENTITY\0');
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return { seed, encrypted: publicEncrypt({ key, padding, oaepHash: hash.name, oaepLabel }, seed) };
}

/** Part 1 §C.6.4: one pass of Diffie-Hellman with a key for this once. */
function agreedSeed(
  key: KeyObject,
  hash: HashAlgorithm,
  { ephemeral }: Randomness,
): { seed: Uint8Array; encrypted: Uint8Array } {
  const theirs = pointOf(key);
  const once = ephemeral(key.asymmetricKeyDetails!.namedCurve!);
  const ours = pointOf(once.publicKey);
  const shared = diffieHellman({
    privateKey: once.privateKey,
    publicKey: createPublicKey(key.export({ type: 'spki', format: 'pem' })),
  });
  const seed = createHash(hash.name)
    .update(Buffer.concat([u32(1), shared, Buffer.from('IDENTITY\0'), ours.x, theirs.x]))
    .digest();
  return { seed, encrypted: Buffer.concat([sized(ours.x), sized(ours.y)]) };
}

function pointOf(key: KeyObject): { x: Buffer; y: Buffer } {
  const { x, y } = key.export({ format: 'jwk' });
  return { x: Buffer.from(x!, 'base64url'), y: Buffer.from(y!, 'base64url') };
}

/** Part 1 §11.4.10.2: SP 800-108 in counter mode. One round is enough for what is asked for here. */
function kdfa(
  hash: HashAlgorithm,
  key: Uint8Array,
  label: string,
  context: Uint8Array,
  bits: number,
): Uint8Array {
  const round = Buffer.concat([u32(1), Buffer.from(`${label}\0`), context, u32(bits)]);
  return createHmac(hash.name, key)
    .update(round)
    .digest()
    .subarray(0, bits / 8);
}
