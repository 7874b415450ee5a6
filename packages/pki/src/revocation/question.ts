import { createHash } from 'node:crypto';
import type { Certificate } from '../certificate/certificate.ts';
import { serialOf } from '../certificate/certificate.ts';
import { extensions } from '../certificate/extensions.ts';
import { oids } from '../der/oids.ts';
import { type Element, Reader, wellFormed } from '../der/read.ts';
import { oidOf, smallOf } from '../der/values.ts';
import { type Bytes, element, empty, integer, octets, oid, sequence } from '../der/write.ts';
import { OCSP_CERTIFICATES, OCSP_NONCE_BYTES, OCSP_REQUEST_BYTES } from '../limits.ts';
import { attempt, type Outcome, PkiError } from '../pki-error.ts';
import { serialBytes } from './list.ts';

/** The certificate that is asked about (RFC 6960 §4.1.1). */
export interface CertificateId {
  hash: 'sha1' | 'sha256';
  /** In hexadecimal: over the issuer's name, and over its key as the BIT STRING holds it. */
  issuerName: string;
  issuerKey: string;
  serial: string;
  /** As it was asked, which the answer repeats. */
  der: Bytes;
}

export interface Question {
  certificates: readonly CertificateId[];
  /** Null where the question has none, so that an answer signed ahead will do. */
  nonce: Bytes | null;
}

/** Reads a question (RFC 6960 §4.1). A signature on it is not looked at: answers are for everybody. */
export const parseQuestion = (der: Bytes): Outcome<Question> => attempt(() => question(der));

function question(der: Bytes): Question {
  const whole = Reader.in(wellFormed(der, OCSP_REQUEST_BYTES, 'A question'));
  const within = whole.enter('what is asked');
  const version = within.optional('the version', 0xa0);
  if (version !== null && smallOf(Reader.in(version).next('the version', 0x02)) !== 0)
    throw new PkiError('unsupported', 'A question that is not of version 1', version.at);
  within.optional('who asks', 0xa1);
  const certificates = asked(within.next('the list of certificates', 0x30));
  const list = within.optional('extensions', 0xa2);
  within.end('what is asked');
  whole.optional('a signature', 0xa0);
  whole.end('a question');
  return { certificates, nonce: list === null ? null : nonceOf(list) };
}

function asked(list: Element): CertificateId[] {
  const found: CertificateId[] = [];
  const within = Reader.in(list);
  while (!within.isAtEnd) {
    const one = within.enter('one certificate');
    found.push(certificateId(one.next('the name of a certificate', 0x30)));
    one.optional('extensions', 0xa0);
    one.end('one certificate');
  }
  if (found.length === 0) throw new PkiError('malformed', 'A question about nothing', list.at);
  if (found.length > OCSP_CERTIFICATES)
    throw new PkiError(
      'oversized',
      `A question about ${found.length} certificates; at most ${OCSP_CERTIFICATES}`,
      list.at,
    );
  return found;
}

const hashes: Readonly<Record<string, 'sha1' | 'sha256'>> = { [oids.sha1]: 'sha1', [oids.sha256]: 'sha256' };

function certificateId(name: Element): CertificateId {
  const within = Reader.in(name);
  const algorithm = oidOf(within.enter('the hash of a name').next('the hash of a name', 0x06));
  const hash = hashes[algorithm];
  if (hash === undefined) throw new PkiError('unsupported', `Names by the hash ${algorithm}`, name.at);
  const [issuerName, issuerKey] = ['the name of an issuer', 'the key of an issuer'].map((what) =>
    Buffer.from(within.next(what, 0x04).body).toString('hex'),
  ) as [string, string];
  const serial = serialOf(within.next('a serial number', 0x02));
  within.end('the name of a certificate');
  return { hash, issuerName, issuerKey, serial, der: name.bytes };
}

/** RFC 9654 §2.1. */
function nonceOf(list: Element): Bytes | null {
  const found = extensions(Reader.in(list).enter('extensions')).find(({ type }) => type === oids.ocspNonce);
  if (found === undefined) return null;
  const nonce = new Reader(found.value, found.at).next('a nonce', 0x04).body;
  if (nonce.length === 0 || nonce.length > OCSP_NONCE_BYTES)
    throw new PkiError('oversized', `A nonce of ${nonce.length} bytes`, found.at);
  return nonce;
}

/** By what an issuer is asked for, in hexadecimal. */
export function issuerNames(
  { subject, publicKey }: Pick<Certificate, 'subject' | 'publicKey'>,
  hash: 'sha1' | 'sha256',
) {
  const digest = (bytes: Bytes) => createHash(hash).update(bytes).digest('hex');
  return { issuerName: digest(subject.der), issuerKey: digest(publicKey.point) };
}

/** The name of a certificate in a question, as `hash` makes it. */
export function encodeCertificateId(
  issuer: Pick<Certificate, 'subject' | 'publicKey'>,
  serial: string,
  hash: 'sha1' | 'sha256',
): Bytes {
  const { issuerName, issuerKey } = issuerNames(issuer, hash);
  const algorithm = sequence(oid(hash === 'sha1' ? oids.sha1 : oids.sha256), empty);
  return sequence(
    algorithm,
    octets(Buffer.from(issuerName, 'hex')),
    octets(Buffer.from(issuerKey, 'hex')),
    integer(serialBytes(serial)),
  );
}

/** A question about one certificate, without a nonce: it can be answered by what was signed ahead. */
export const encodeQuestion = (
  issuer: Pick<Certificate, 'subject' | 'publicKey'>,
  serial: string,
  hash: 'sha1' | 'sha256' = 'sha1',
): Bytes => element(0x30, sequence(sequence(sequence(encodeCertificateId(issuer, serial, hash)))));
