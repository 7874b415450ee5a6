import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { oids } from '../der/oids.ts';
import type { Bytes } from '../der/write.ts';
import { type KeyKind, type PublicKey, publicKey } from './public-key.ts';

/** Whoever holds a private key and signs by it: a key in memory, or one in a security module that never leaves it. */
export interface Signer {
  publicKey: PublicKey;
  /** Object identifier of the algorithm of its signatures. */
  algorithm: string;
  sign: (bytes: Bytes) => Promise<Bytes>;
}

const usual: Readonly<Record<KeyKind, { algorithm: string; hash: string | null }>> = {
  p256: { algorithm: oids.ecdsaSha256, hash: 'sha256' },
  p384: { algorithm: oids.ecdsaSha384, hash: 'sha384' },
  p521: { algorithm: oids.ecdsaSha512, hash: 'sha512' },
  rsa: { algorithm: oids.rsaSha256, hash: 'sha256' },
  ed25519: { algorithm: oids.ed25519, hash: null },
};

/** Signs by a key in memory. */
export function keySigner(privateKey: KeyObject): Signer {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const known = publicKey(spki);
  const { algorithm, hash } = usual[known.kind];
  const signed = (bytes: Bytes) =>
    new Promise<Bytes>((resolve, reject) => {
      sign(hash, bytes, { key: privateKey, dsaEncoding: 'der' }, (error, signature) =>
        error === null ? resolve(signature) : reject(error),
      );
    });
  return { publicKey: known, algorithm, sign: signed };
}

/** Signs by a key that lies elsewhere; `hash` is null where the algorithm takes the bytes themselves. */
export function signerOf(
  spki: Bytes,
  signBytes: (bytes: Bytes, hash: string | null) => Promise<Bytes>,
): Signer {
  const known = publicKey(spki);
  const { algorithm, hash } = usual[known.kind];
  return { publicKey: known, algorithm, sign: (bytes) => signBytes(bytes, hash) };
}
