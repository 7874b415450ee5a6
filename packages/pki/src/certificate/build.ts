import { type Bytes, bits, explicit, integer, sequence, time } from '../der/write.ts';
import { algorithmIdentifier } from '../keys/public-key.ts';
import type { Signer } from '../keys/signer.ts';
import { PkiError } from '../pki-error.ts';
import { extensionList } from './extensions.ts';

/** What a certificate is to say. */
export interface Draft {
  /** At most 20 bytes, the first of which is not above 0x7f. */
  serial: Bytes;
  issuer: Bytes;
  subject: Bytes;
  /** Microseconds since the epoch; parts of a second are left out. */
  notBefore: number;
  notAfter: number;
  spki: Bytes;
  extensions: readonly Bytes[];
}

/** Signs a certificate of version 3 (RFC 5280 §4.1). @returns its encoding */
export async function signCertificate(draft: Draft, signer: Signer): Promise<Bytes> {
  if (draft.notAfter <= draft.notBefore) throw new PkiError('expired', 'It would end before it begins');
  const identifier = algorithmIdentifier(signer.algorithm);
  const signed = sequence(
    explicit(0, integer(2)),
    integer(draft.serial),
    identifier,
    draft.issuer,
    sequence(time(draft.notBefore), time(draft.notAfter)),
    draft.subject,
    draft.spki,
    explicit(3, extensionList(draft.extensions)),
  );
  return signedWhole(signed, identifier, signer);
}

/** SEQUENCE { what is signed, algorithm, BIT STRING }: the form of certificates, requests and lists alike. */
export async function signedWhole(signed: Bytes, identifier: Bytes, signer: Signer): Promise<Bytes> {
  return sequence(signed, identifier, bits(await signer.sign(signed)));
}

/** A serial number from 16 bytes of chance: positive, and never with a leading zero byte. */
export function serialFrom(random: Bytes): Bytes {
  const serial = Uint8Array.from(random.subarray(0, 16));
  serial[0] = (serial[0]! & 0x3f) | 0x40;
  return serial;
}
