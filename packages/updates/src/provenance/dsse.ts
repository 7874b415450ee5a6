import { constants, createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { UpdatesFault } from '../fault.ts';
import { PROVENANCE_BYTES, PROVENANCE_SIGNATURES } from '../limits.ts';

/** What was signed, under the type that was signed with it. */
export interface SignedPayload {
  type: string;
  payload: Buffer;
}

const malformed = (why: string): UpdatesFault => new UpdatesFault('malformed', `the provenance: ${why}`);

/**
 * The payloads of DSSE envelopes (DSSE 1.0.2) that a key signed: of one envelope, of a bundle that holds one as `dsseEnvelope`, or of one
 * in each line.
 * @throws UpdatesFault where it is none, or the key signed none
 */
export function signedPayloads(bytes: Uint8Array, key: KeyObject): SignedPayload[] {
  if (bytes.length > PROVENANCE_BYTES)
    throw new UpdatesFault('too-long', `the provenance is longer than ${PROVENANCE_BYTES} bytes`);
  const envelopes = documentsOf(new TextDecoder().decode(bytes)).map(envelopeOf);
  const signed = envelopes.filter(({ signatures, ...payload }) =>
    signatures.some((signature) => isSigned(encoded(payload), signature, key)),
  );
  if (signed.length === 0)
    throw new UpdatesFault('unsigned', 'the provenance is not signed by the builder’s key');
  return signed.map(({ type, payload }) => ({ type, payload }));
}

/** The builder's public key or certificate. @throws UpdatesFault where it is none of a kind that signs */
export function builderKeyOf(pem: string): { key: KeyObject; sha256: string } {
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    throw new UpdatesFault('malformed', 'the builder’s key is no public key or certificate in PEM');
  }
  if (!['ed25519', 'ec', 'rsa'].includes(key.asymmetricKeyType ?? ''))
    throw new UpdatesFault('malformed', 'the builder’s key is neither Ed25519 nor ECDSA nor RSA');
  const spki = key.export({ format: 'der', type: 'spki' });
  return { key, sha256: createHash('sha256').update(spki).digest('hex') };
}

function documentsOf(text: string): Record<string, unknown>[] {
  const whole = objectIn(text);
  if (whole !== null) return [whole];
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, at) => {
    const document = objectIn(line);
    if (document === null) throw malformed(`line ${at + 1} is no JSON object`);
    return document;
  });
}

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function envelopeOf(document: Record<string, unknown>): SignedPayload & { signatures: Buffer[] } {
  const envelope = isObject(document.dsseEnvelope) ? document.dsseEnvelope : document;
  const { payload, payloadType: type, signatures } = envelope;
  if (typeof payload !== 'string' || typeof type !== 'string' || !Array.isArray(signatures))
    throw malformed('it is no envelope of DSSE: "payload", "payloadType" and "signatures" are expected');
  if (signatures.length > PROVENANCE_SIGNATURES)
    throw malformed(`more than ${PROVENANCE_SIGNATURES} signatures`);
  const given = signatures.map((one: unknown) =>
    isObject(one) && typeof one.sig === 'string' ? one.sig : '',
  );
  return { type, payload: fromBase64(payload), signatures: given.map(fromBase64) };
}

/** Either alphabet, as DSSE allows. */
const fromBase64 = (text: string): Buffer =>
  Buffer.from(text.replaceAll('-', '+').replaceAll('_', '/'), 'base64');

/** Pre-authentication encoding (DSSE, protocol). */
const encoded = ({ type, payload }: SignedPayload): Buffer => {
  const kind = Buffer.from(type, 'utf8');
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${kind.length} `),
    kind,
    Buffer.from(` ${payload.length} `),
    payload,
  ]);
};

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO };

function isSigned(message: Buffer, signature: Buffer, key: KeyObject): boolean {
  try {
    if (key.asymmetricKeyType === 'ed25519') return verify(null, message, key, signature);
    const digest = key.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'sha384' : 'sha256';
    if (verify(digest, message, key, signature)) return true;
    return key.asymmetricKeyType === 'rsa' && verify(digest, message, { key, ...PSS }, signature);
  } catch {
    return false;
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
