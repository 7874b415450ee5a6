import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { canonicalJson } from '../metadata/canonical-json.ts';
import type { JsonObject } from '../metadata/json.ts';
import type { Key } from '../metadata/key.ts';

/** A private key that signs metadata, wherever it lies. */
export interface DocumentSigner {
  key: Key;
  /** The signature in hexadecimal. */
  sign: (payload: Uint8Array) => string | Promise<string>;
}

/** TUF §4.2 */
export const keyDocument = ({ type, scheme, public: text }: Omit<Key, 'id'>): JsonObject => ({
  keytype: type,
  scheme,
  keyval: { public: text },
});

/** TUF §4.2: the digest of the key's canonical form. */
export const keyIdOf = (key: Omit<Key, 'id'>): string =>
  createHash('sha256')
    .update(canonicalJson(keyDocument(key)))
    .digest('hex');

/** What metadata says of a public key of Ed25519. @throws RangeError for another kind */
export function keyOf(publicKey: KeyObject): Key {
  if (publicKey.asymmetricKeyType !== 'ed25519') throw new RangeError('keys of a repository are of Ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const key = { type: 'ed25519', scheme: 'ed25519', public: raw.toString('hex') };
  return { id: keyIdOf(key), ...key };
}

/** A signer of Ed25519 whose private key is at hand. */
export const signerOf = (privateKey: KeyObject): DocumentSigner => ({
  key: keyOf(createPublicKey(privateKey)),
  sign: (payload) => sign(null, payload, privateKey).toString('hex'),
});

/** What stands before 32 bytes of seed in DER (RFC 8410 §7). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A signer of Ed25519 from 32 bytes of seed. */
export const signerFromSeed = (seed: Uint8Array): DocumentSigner =>
  signerOf(createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' }));
