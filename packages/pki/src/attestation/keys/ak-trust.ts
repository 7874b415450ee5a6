import { createHash, timingSafeEqual } from 'node:crypto';
import { parseCertificate } from '../../certificate/certificate.ts';
import { type Pins, pathFault } from '../certificates/chain.ts';
import { attestationProfileFault, endorsementProfileFault } from '../certificates/profiles.ts';
import { tpmNamesOf } from '../certificates/tpm-names.ts';
import { type Credential, makeCredential, type Randomness } from '../tpm/credential.ts';
import { sameBytes } from '../tpm/octets.ts';
import { type PublicArea, parsePublicArea } from '../tpm/public-area.ts';

/** By what an attestation key is trusted. */
export type AkTrust =
  | { by: 'certificate'; certificate: Uint8Array; intermediates: readonly Uint8Array[]; pins: Pins }
  | { by: 'activation'; activation: Activation; answer: Uint8Array }
  | { by: 'enrolment'; akName: Uint8Array; devices: readonly Uint8Array[] };

/** A secret that was sealed to one endorsement key and one attestation key, and waits for its answer. */
export interface Activation {
  secret: Uint8Array;
  /** The name of the attestation key that the secret is bound to. */
  akName: Uint8Array;
  /** What the endorsement key's certificate and key say which device it is. */
  devices: readonly Uint8Array[];
}

/** The devices that the attestation key's trust is about, or why it has none. */
export function trustedAk(
  ak: PublicArea,
  trust: AkTrust,
  at: number,
): { devices: readonly Uint8Array[] } | { fault: string } {
  if (trust.by === 'certificate') return byCertificate(ak, trust, at);
  if (trust.by === 'activation') return byActivation(ak, trust.activation, trust.answer);
  // Trusted before by one of the other two, and known since by its name.
  return sameBytes(ak.name, trust.akName)
    ? { devices: trust.devices }
    : { fault: 'it is not the attestation key that was enrolled' };
}

function byCertificate(
  ak: PublicArea,
  { certificate: bytes, intermediates, pins }: Extract<AkTrust, { by: 'certificate' }>,
  at: number,
): { devices: readonly Uint8Array[] } | { fault: string } {
  const outcome = parseCertificate(bytes);
  if (!outcome.ok) return { fault: `the certificate cannot be read: ${outcome.refused.message}` };
  const certificate = outcome.value;
  const fault = attestationProfileFault(certificate) ?? pathFault(certificate, intermediates, pins, at);
  if (fault !== null) return { fault };
  if (!sameBytes(certificate.publicKey.spki, ak.spki)) return { fault: 'the certificate is of another key' };
  return { devices: tpmNamesOf(certificate).identifiers };
}

function byActivation(
  ak: PublicArea,
  { secret, akName, devices }: Activation,
  answer: Uint8Array,
): { devices: readonly Uint8Array[] } | { fault: string } {
  if (!sameBytes(ak.name, akName)) return { fault: 'the secret was sealed to another attestation key' };
  const opened = answer.length === secret.length && timingSafeEqual(answer, secret);
  return opened ? { devices } : { fault: 'the TPM did not open the secret that was sealed to it' };
}

export interface EndorsementOffer {
  /** TPMT_PUBLIC of the endorsement key. */
  ekPublic: Uint8Array;
  ekCertificate: Uint8Array;
  intermediates: readonly Uint8Array[];
  /** TPMT_PUBLIC of the attestation key. */
  akPublic: Uint8Array;
}

/** What to keep until the answer comes, and what to send to the device. */
export type Opening = { activation: Activation; credential: Credential } | { fault: string };

/** Octets of the secret: the digest of the weakest hash that is accepted has as many. */
const SECRET_BYTES = 32;

/**
 * Seals a secret to an endorsement key that a pinned maker vouches for, bound to the name of an attestation key: only a
 * TPM that holds both can tell it.
 */
export function openActivation(
  { ekPublic, ekCertificate, intermediates, akPublic }: EndorsementOffer,
  pins: Pins,
  randomness: Randomness,
  at: number,
): Opening {
  const [ek, ak] = [parsePublicArea(ekPublic), parsePublicArea(akPublic)];
  if (ek === null || ak === null) return { fault: 'a key is no public area that is accepted' };
  const { restricted, decrypt, sign } = ek.attributes;
  if (!restricted || !decrypt || sign || ek.cipherBits === null)
    return { fault: 'the endorsement key is no restricted key for decryption' };
  const outcome = parseCertificate(ekCertificate);
  if (!outcome.ok) return { fault: `its certificate cannot be read: ${outcome.refused.message}` };
  const certificate = outcome.value;
  const fault = endorsementProfileFault(certificate) ?? pathFault(certificate, intermediates, pins, at);
  if (fault !== null) return { fault };
  if (!sameBytes(certificate.publicKey.spki, ek.spki))
    return { fault: 'the certificate is of another endorsement key' };
  const secret = randomness.bytes(SECRET_BYTES);
  const devices = [...tpmNamesOf(certificate).identifiers, Buffer.from(endorsementIdentifier(ek))];
  const activation = { secret, akName: ak.name, devices };
  return { activation, credential: makeCredential(ek, ak.name, secret, randomness) };
}

/** How an order names the TPM of a device whose maker put no name into the certificate: by its endorsement key. */
export const endorsementIdentifier = ({ spki }: PublicArea): string =>
  `ek:sha256:${createHash('sha256').update(spki).digest('hex')}`;
