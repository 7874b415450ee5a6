import { createHash } from 'node:crypto';
import { oids } from '../der/oids.ts';
import { type Element, Reader, wellFormed } from '../der/read.ts';
import { magnitudeOf, oidOf, smallOf, timeOf, wholeBitsOf } from '../der/values.ts';
import type { Bytes } from '../der/write.ts';
import { isKnownAlgorithm, type PublicKey, publicKey } from '../keys/public-key.ts';
import { CERTIFICATE_BYTES, SERIAL_BYTES } from '../limits.ts';
import { type DistinguishedName, distinguishedName } from '../names/distinguished.ts';
import type { GeneralName } from '../names/general.ts';
import { attempt, type Outcome, PkiError } from '../pki-error.ts';
import {
  type BasicConstraints,
  type Extension,
  extensions,
  readAuthorityKeyIdentifier,
  readBasicConstraints,
  readKeyIdentifier,
  readKeyUsage,
  readNames,
  readPurposes,
} from './extensions.ts';

/** A certificate (RFC 5280 §4.1), read and of known form; nothing of it is proved by that. */
export interface Certificate {
  der: Bytes;
  /** What is signed. */
  signed: Bytes;
  algorithm: string;
  signature: Bytes;
  /** In hexadecimal, without leading zeros. */
  serial: string;
  issuer: DistinguishedName;
  subject: DistinguishedName;
  /** Microseconds since the epoch, both included. */
  notBefore: number;
  notAfter: number;
  publicKey: PublicKey;
  extensions: readonly Extension[];
  basicConstraints: BasicConstraints | null;
  keyUsage: ReadonlySet<number> | null;
  purposes: readonly string[] | null;
  names: readonly GeneralName[];
  subjectKeyIdentifier: Bytes | null;
  authorityKeyIdentifier: Bytes | null;
}

/** Reads one certificate; `refused` says what is wrong and at which byte. */
export const parseCertificate = (der: Bytes): Outcome<Certificate> => attempt(() => certificate(der));

/** @throws PkiError */
export function certificate(der: Bytes): Certificate {
  const whole = Reader.in(wellFormed(der, CERTIFICATE_BYTES, 'A certificate'));
  const signed = whole.next('what is signed', 0x30);
  const outer = algorithmOf(whole.next('the algorithm', 0x30));
  const signature = wholeBitsOf(whole.next('the signature', 0x03));
  whole.end('a certificate');
  const body = bodyOf(signed, outer);
  return { der, signed: signed.bytes, algorithm: outer, signature, ...body };
}

function bodyOf(signed: Element, outer: string) {
  const within = Reader.in(signed);
  const version = within.optional('the version', 0xa0);
  if (version === null || smallOf(Reader.in(version).next('the version', 0x02)) !== 2)
    throw new PkiError('unsupported', 'A certificate that is not of version 3', signed.at);
  const serial = serialOf(within.next('the serial number', 0x02));
  const inner = within.next('the algorithm', 0x30);
  // RFC 5280 §4.1.1.2: the algorithm stands twice and has to be the same.
  if (algorithmOf(inner) !== outer) throw new PkiError('malformed', 'Two algorithms that differ', inner.at);
  const issuer = distinguishedName(within.next('the issuer', 0x30));
  const validity = within.enter('the validity');
  const [notBefore, notAfter] = [timeOf(validity.next('its begin')), timeOf(validity.next('its end'))];
  validity.end('the validity');
  const subject = distinguishedName(within.next('the subject', 0x30));
  const spki = within.next('the public key', 0x30);
  const list = extensionsOf(within);
  within.end('what is signed');
  const key = publicKey(spki.bytes, spki.at);
  return { serial, issuer, subject, notBefore, notAfter, publicKey: key, extensions: list, ...known(list) };
}

export function algorithmOf(identifier: Element): string {
  const algorithm = oidOf(Reader.in(identifier).next('an algorithm', 0x06));
  if (!isKnownAlgorithm(algorithm))
    throw new PkiError(
      'weak',
      `A signature by the algorithm ${algorithm}, which is not taken`,
      identifier.at,
    );
  return algorithm;
}

/** The serial number in hexadecimal. */
export function serialOf(element: Element): string {
  const magnitude = magnitudeOf(element);
  if (magnitude.length > SERIAL_BYTES)
    throw new PkiError('oversized', `A serial number of more than ${SERIAL_BYTES} bytes`, element.at);
  return Buffer.from(magnitude)
    .toString('hex')
    .replace(/^0+(?=.)/, '');
}

function extensionsOf(within: Reader): Extension[] {
  within.optional('a unique identifier', 0x81);
  within.optional('a unique identifier', 0x82);
  const list = within.optional('extensions', 0xa3);
  return list === null ? [] : extensions(Reader.in(list).enter('extensions'));
}

function known(list: readonly Extension[]) {
  const read = <T>(type: string, as: (extension: Extension) => T): T | null => {
    const found = list.find((extension) => extension.type === type);
    return found === undefined ? null : as(found);
  };
  return {
    basicConstraints: read(oids.basicConstraints, readBasicConstraints),
    keyUsage: read(oids.keyUsage, readKeyUsage),
    purposes: read(oids.extendedKeyUsage, readPurposes),
    names: read(oids.subjectAltName, readNames) ?? [],
    subjectKeyIdentifier: read(oids.subjectKeyIdentifier, readKeyIdentifier),
    authorityKeyIdentifier: read(oids.authorityKeyIdentifier, readAuthorityKeyIdentifier),
  };
}

/** SHA-256 of the whole, in hexadecimal. */
export const fingerprintOf = ({ der }: Pick<Certificate, 'der'>): string =>
  createHash('sha256').update(der).digest('hex');
