import type { Certificate } from '../certificate/certificate.ts';
import { encodeExtension } from '../certificate/extensions.ts';
import { oids } from '../der/oids.ts';
import {
  type Bytes,
  bits,
  element,
  enumerated,
  explicit,
  generalizedTime,
  octets,
  oid,
  sequence,
} from '../der/write.ts';
import { algorithmIdentifier } from '../keys/public-key.ts';
import type { Signer } from '../keys/signer.ts';
import { type RevocationReason, revocationReasons } from './list.ts';

/** Whether a certificate holds: one that was never issued is unknown, never good. */
export type Standing =
  | { state: 'good' }
  | { state: 'revoked'; at: number; reason: RevocationReason }
  | { state: 'unknown' };

export interface Answer {
  /** The name of the certificate as it was asked. */
  id: Bytes;
  standing: Standing;
}

/** Whoever answers for an authority, with the certificate that the authority gave it. */
export interface Responder {
  certificate: Certificate;
  signer: Signer;
}

export interface AnswerTimes {
  /** Microseconds since the epoch. */
  thisUpdate: number;
  nextUpdate: number;
}

/** A signed answer (RFC 6960 §4.2.1), named by the responder's key, with its certificate along. */
export async function signAnswer(
  { certificate, signer }: Responder,
  answers: readonly Answer[],
  { thisUpdate, nextUpdate }: AnswerTimes,
  nonce: Bytes | null = null,
): Promise<Bytes> {
  const data = sequence(
    explicit(1, certificate.subject.der),
    generalizedTime(thisUpdate),
    sequence(
      ...answers.map(({ id, standing }) =>
        sequence(id, status(standing), generalizedTime(thisUpdate), explicit(0, generalizedTime(nextUpdate))),
      ),
    ),
    ...(nonce === null ? [] : [explicit(1, sequence(encodeExtension(oids.ocspNonce, octets(nonce))))]),
  );
  const identifier = algorithmIdentifier(signer.algorithm);
  const signature = bits(await signer.sign(data));
  const basic = sequence(data, identifier, signature, explicit(0, sequence(certificate.der)));
  const body = sequence(oid(oids.ocspBasic), octets(basic));
  return sequence(enumerated(0), explicit(0, body));
}

function status(standing: Standing): Bytes {
  if (standing.state === 'good') return element(0x80);
  if (standing.state === 'unknown') return element(0x82);
  const number = revocationReasons[standing.reason];
  const why = number === 0 ? [] : [explicit(0, enumerated(number))];
  return element(0xa1, generalizedTime(standing.at), ...why);
}

const failures = { malformed: 1, internal: 2, later: 3, unauthorised: 6 } as const;

/** An answer that says that there is none; not signed (RFC 6960 §2.3). */
export const refusedAnswer = (why: keyof typeof failures): Bytes => sequence(enumerated(failures[why]));
