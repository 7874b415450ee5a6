import { CHALLENGE_BYTES, QUALIFYING_BYTES } from '../limits.ts';
import { type Attest, parseAttest, type TpmClock } from '../tpm/attest.ts';
import { sameBytes } from '../tpm/octets.ts';
import { type KeyAttributes, type PublicArea, parsePublicArea } from '../tpm/public-area.ts';
import { parseSignature, signatureHolds } from '../tpm/signature.ts';
import { type AkTrust, trustedAk } from './ak-trust.ts';

/** What a device shows: its TPM's word, signed by its attestation key, that a key lives in it. */
export interface KeyEvidence {
  /** TPMT_PUBLIC of the attestation key. */
  akPublic: Uint8Array;
  /** TPMT_PUBLIC of the key that is to be certified. */
  keyPublic: Uint8Array;
  /** TPMS_ATTEST of TPM2_Certify. */
  certifyInfo: Uint8Array;
  /** TPMT_SIGNATURE over it. */
  signature: Uint8Array;
}

/** A challenge that was given to one device for one time. */
export interface Challenge {
  value: Uint8Array;
  /** Microseconds since 1970. */
  expires: number;
  /** True where an answer to it was already taken. */
  spent: boolean;
}

/** What the one who judges knows beforehand. */
export interface KeyExpectation {
  challenge: Challenge;
  trust: AkTrust;
  /** SubjectPublicKeyInfo of the certificate request, in DER. */
  requestKey: Uint8Array;
  /** What the order says which device it is for; never empty. */
  orderedDevice: Uint8Array;
  /** Microseconds since 1970. */
  at: number;
}

/** The six checks, by the order in which they are made. */
export const keyChecks = [
  'ak-trust',
  'ak-attributes',
  'signature',
  'challenge',
  'key-attributes',
  'same-key-and-device',
] as const;
export type KeyCheck = (typeof keyChecks)[number];

export type KeyVerdict =
  | { proved: true; key: PublicArea; ak: PublicArea; device: Uint8Array; clock: TpmClock }
  | { proved: false; check: KeyCheck; why: string };

const refuse = (check: KeyCheck, why: string): KeyVerdict => ({ proved: false, check, why });

/** Whether a key is proved to live in the TPM of the ordered device, and cannot leave it. */
export function judgeKey(evidence: KeyEvidence, expectation: KeyExpectation): KeyVerdict {
  // 1. The attestation key is one of a TPM whose maker is trusted.
  const ak = parsePublicArea(evidence.akPublic);
  if (ak === null) return refuse('ak-trust', 'the attestation key is no public area that is accepted');
  const trusted = trustedAk(ak, expectation.trust, expectation.at);
  if ('fault' in trusted) return refuse('ak-trust', trusted.fault);
  // 2. It signs only what its TPM made itself, and never leaves it.
  const loose = akFault(ak.attributes);
  if (loose !== null) return refuse('ak-attributes', loose);
  // 3. It signed this statement, by a hash that is strong enough.
  const signature = parseSignature(evidence.signature);
  if (signature === null || !signatureHolds(ak, evidence.certifyInfo, signature))
    return refuse('signature', 'the statement is not signed by this attestation key in an accepted way');
  // 4. The statement is a TPM's, about a key, and answers this challenge.
  const statement = parseAttest(evidence.certifyInfo);
  const stale = challengeFault(statement, 'certify', expectation.challenge, expectation.at);
  if (stale !== null) return refuse('challenge', stale);
  // 5. It is about this key, which was made in the TPM and never leaves it.
  const key = parsePublicArea(evidence.keyPublic);
  const foreign = keyFault(key, statement!);
  if (key === null || foreign !== null) return refuse('key-attributes', foreign!);
  // 6. It is the key of the request, on the device of the order.
  const other = sameFault(key, trusted.devices, expectation);
  if (other !== null) return refuse('same-key-and-device', other);
  return { proved: true, key, ak, device: expectation.orderedDevice, clock: statement!.clock };
}

/** TPM 2.0 Part 1 §25.2: a restricted signing key signs nothing of the outside that looks like a TPM's word. */
export function akFault(attributes: KeyAttributes): string | null {
  const { restricted, sign, decrypt } = attributes;
  if (!restricted) return 'the attestation key is not restricted, so that it would sign a forged statement';
  if (!sign || decrypt) return 'the attestation key is no key for signing alone';
  return bound(attributes) ? null : 'the attestation key is not fixed to its TPM';
}

const bound = ({
  fixedTpm,
  fixedParent,
  sensitiveDataOrigin,
  encryptedDuplication,
}: KeyAttributes): boolean => fixedTpm && fixedParent && sensitiveDataOrigin && !encryptedDuplication;

/** Why a statement of the given kind is no answer to the challenge, or null. */
export function challengeFault(
  statement: Attest | null,
  kind: Attest['about']['kind'],
  { value, expires, spent }: Challenge,
  at: number,
): string | null {
  if (value.length < CHALLENGE_BYTES || value.length > QUALIFYING_BYTES)
    throw new RangeError('a challenge has 16 to 64 bytes');
  if (statement === null) return 'what is signed is no statement that a TPM makes';
  if (statement.about.kind !== kind) return 'the statement is about something else';
  if (!sameBytes(statement.extraData, value)) return 'the statement answers another challenge';
  if (spent) return 'the challenge was answered before';
  return at > expires ? 'the challenge is too old' : null;
}

function keyFault(key: PublicArea | null, { about }: Attest): string | null {
  if (key === null) return 'the key is no public area that is accepted';
  if (about.kind !== 'certify' || !sameBytes(about.name, key.name))
    return 'the statement is about another key';
  return bound(key.attributes) ? null : 'the key was not made in the TPM, or may leave it';
}

function sameFault(
  key: PublicArea,
  devices: readonly Uint8Array[],
  { requestKey, orderedDevice }: KeyExpectation,
): string | null {
  if (!sameBytes(key.spki, requestKey)) return 'the request is for another key';
  if (orderedDevice.length === 0) return 'the order names no device';
  // Where the maker's proof names no device, nothing says that it is the ordered one.
  const named = devices.some((device) => sameBytes(device, orderedDevice));
  return named ? null : 'the proof is of another device than the order';
}
