import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { RSA_BITS } from '../limits.ts';
import type { Key } from '../metadata/key.ts';

interface Scheme {
  types: readonly string[];
  open: (text: string) => KeyObject;
  isFit: (key: KeyObject) => boolean;
  digest: string | null;
  options: object;
}

const pem = (text: string): KeyObject => createPublicKey({ key: text, format: 'pem' });

/** What stands before 32 bytes of Ed25519 and 65 bytes of P-256 in DER (RFC 8410 §4, RFC 5480 §2). */
const SPKI = {
  ed25519: Buffer.from('302a300506032b6570032100', 'hex'),
  p256: Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex'),
};

const fromDer = (prefix: Buffer, hex: string): KeyObject =>
  createPublicKey({ key: Buffer.concat([prefix, Buffer.from(hex, 'hex')]), format: 'der', type: 'spki' });

const rsa = (digest: string, options: object): Scheme => ({
  types: ['rsa'],
  open: pem,
  isFit: ({ asymmetricKeyType: type, asymmetricKeyDetails: details }) => {
    const bits = details?.modulusLength ?? 0;
    return type === 'rsa' && bits >= RSA_BITS.least && bits <= RSA_BITS.most;
  },
  digest,
  options,
});

const ecdsa = (curve: string, name: string, digest: string): Scheme => ({
  // The second is what keys of older tools say.
  types: ['ecdsa', name],
  open: (text) => (/^04[0-9a-f]{128}$/i.test(text) ? fromDer(SPKI.p256, text) : pem(text)),
  isFit: ({ asymmetricKeyType: type, asymmetricKeyDetails: details }) =>
    type === 'ec' && details?.namedCurve === curve,
  digest,
  options: { dsaEncoding: 'der' },
});

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO };
const pkcs1 = { padding: constants.RSA_PKCS1_PADDING };

/** TUF §4.2 names three; the others are what its tools can make besides. */
const schemes: ReadonlyMap<string, Scheme> = new Map([
  [
    'ed25519',
    {
      types: ['ed25519'],
      open: (text: string) => fromDer(SPKI.ed25519, text),
      isFit: (key: KeyObject) => key.asymmetricKeyType === 'ed25519',
      digest: null,
      options: {},
    },
  ],
  ['ecdsa-sha2-nistp256', ecdsa('prime256v1', 'ecdsa-sha2-nistp256', 'sha256')],
  ['ecdsa-sha2-nistp384', ecdsa('secp384r1', 'ecdsa-sha2-nistp384', 'sha384')],
  ['rsassa-pss-sha256', rsa('sha256', pss)],
  ['rsassa-pss-sha384', rsa('sha384', pss)],
  ['rsassa-pss-sha512', rsa('sha512', pss)],
  ['rsa-pkcs1v15-sha256', rsa('sha256', pkcs1)],
  ['rsa-pkcs1v15-sha512', rsa('sha512', pkcs1)],
]);

export interface PublicKey {
  key: KeyObject;
  scheme: Scheme;
  /** The same for the same key, under whatever identifier and in whatever writing it stands. */
  material: string;
}

/** Null where the scheme is not ours or the key is no key of it: such a key signs nothing, and spoils nothing. */
export function openKey({ type, scheme: name, public: text }: Key): PublicKey | null {
  const scheme = schemes.get(name);
  if (scheme === undefined || !scheme.types.includes(type)) return null;
  try {
    const key = scheme.open(text);
    if (!scheme.isFit(key)) return null;
    return { key, scheme, material: key.export({ format: 'der', type: 'spki' }).toString('base64') };
  } catch {
    return null;
  }
}

/** False for whatever is no signature of the key. */
export function isSignedBy({ key, scheme }: PublicKey, payload: Uint8Array, signature: string): boolean {
  if (signature === '' || signature.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(signature)) return false;
  try {
    return verify(scheme.digest, payload, { key, ...scheme.options }, Buffer.from(signature, 'hex'));
  } catch {
    return false;
  }
}
