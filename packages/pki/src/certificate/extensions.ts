import { oids } from '../der/oids.ts';
import { Reader } from '../der/read.ts';
import { booleanOf, namedBitsOf, oidOf, smallOf } from '../der/values.ts';
import {
  type Bytes,
  bits,
  boolean,
  element,
  empty,
  explicit,
  implicit,
  integer,
  octets,
  oid,
  sequence,
  text,
} from '../der/write.ts';
import { encodeGeneralNames, type GeneralName, generalNames } from '../names/general.ts';
import { PkiError } from '../pki-error.ts';

export interface Extension {
  type: string;
  isCritical: boolean;
  value: Bytes;
  /** Where its value begins, for messages. */
  at: number;
}

/** RFC 5280 §4.1.2.9. @throws PkiError where one stands twice (§4.2) */
export function extensions(list: Reader): Extension[] {
  const found: Extension[] = [];
  while (!list.isAtEnd) {
    const extension = list.next('an extension', 0x30);
    const within = Reader.in(extension);
    const type = oidOf(within.next('the kind of an extension', 0x06));
    const critical = within.optional('whether it is critical', 0x01);
    const value = within.next('the value of an extension', 0x04);
    within.end('an extension');
    if (found.some((other) => other.type === type))
      throw new PkiError('malformed', `The extension ${type} stands twice`, extension.at);
    const { bytes, body } = value;
    const at = value.at + bytes.length - body.length;
    found.push({ type, isCritical: critical !== null && booleanOf(critical), value: body, at });
  }
  return found;
}

export const encodeExtension = (type: string, value: Bytes, isCritical = false): Bytes =>
  sequence(oid(type), ...(isCritical ? [boolean(true)] : []), octets(value));

const only = <T>({ value, at }: Extension, what: string, read: (reader: Reader) => T): T => {
  const reader = new Reader(value, at);
  const result = read(reader);
  reader.end(what);
  return result;
};

export interface BasicConstraints {
  isAuthority: boolean;
  /** Authorities that may stand below; null where it says nothing. */
  pathLength: number | null;
}

export const readBasicConstraints = (extension: Extension): BasicConstraints =>
  only(extension, 'basic constraints', (reader) => {
    const within = reader.enter('basic constraints');
    const authority = within.optional('whether it is an authority', 0x01);
    const length = within.optional('the length of its path', 0x02);
    within.end('basic constraints');
    return {
      isAuthority: authority !== null && booleanOf(authority),
      pathLength: length === null ? null : smallOf(length),
    };
  });

export const basicConstraints = ({ isAuthority, pathLength }: BasicConstraints): Bytes =>
  encodeExtension(
    oids.basicConstraints,
    sequence(...(isAuthority ? [boolean(true)] : []), ...(pathLength === null ? [] : [integer(pathLength)])),
    true,
  );

/** Bits of KeyUsage (RFC 5280 §4.2.1.3). */
export const keyUsages = {
  digitalSignature: 0,
  keyEncipherment: 2,
  keyAgreement: 4,
  certificates: 5,
  lists: 6,
} as const;

export const readKeyUsage = (extension: Extension): ReadonlySet<number> =>
  only(extension, 'the usage of a key', (reader) => namedBitsOf(reader.next('the usage of a key', 0x03)));

export function keyUsage(...named: readonly number[]): Bytes {
  const byte = named.reduce((sum, bit) => sum | (0x80 >> bit), 0);
  const unused = 7 - Math.max(...named);
  return encodeExtension(oids.keyUsage, bits(Uint8Array.of(byte), unused), true);
}

export const readPurposes = (extension: Extension): string[] =>
  only(extension, 'purposes', (reader) => {
    const within = reader.enter('purposes');
    const found: string[] = [];
    while (!within.isAtEnd) found.push(oidOf(within.next('a purpose', 0x06)));
    return found;
  });

export const purposes = (...of: readonly string[]): Bytes =>
  encodeExtension(oids.extendedKeyUsage, sequence(...of.map(oid)));

export const readNames = (extension: Extension): GeneralName[] =>
  only(extension, 'names', (reader) => generalNames(reader.next('names', 0x30)));

/** Critical where there is no subject beside it (RFC 5280 §4.2.1.6). */
export const subjectNames = (names: readonly GeneralName[], isCritical = false): Bytes =>
  encodeExtension(oids.subjectAltName, encodeGeneralNames(names), isCritical);

export const readKeyIdentifier = (extension: Extension): Bytes =>
  only(extension, 'a key identifier', (reader) => reader.next('a key identifier', 0x04).body);

export const subjectKeyIdentifier = (identifier: Bytes): Bytes =>
  encodeExtension(oids.subjectKeyIdentifier, octets(identifier));

/** The key identifier of the issuer; null where it names it otherwise. */
export const readAuthorityKeyIdentifier = (extension: Extension): Bytes | null =>
  only(extension, 'the key of the authority', (reader) => {
    const within = reader.enter('the key of the authority');
    const found = within.optional('a key identifier', 0x80)?.body ?? null;
    while (!within.isAtEnd) within.next('what else names the authority');
    return found;
  });

export const authorityKeyIdentifier = (identifier: Bytes): Bytes =>
  encodeExtension(oids.authorityKeyIdentifier, sequence(implicit(0, identifier)));

/** Where to ask whether it still holds (RFC 5280 §4.2.2.1) and where the list lies (§4.2.1.13). */
export const revocationPlaces = ({
  ocsp,
  crl,
  issuer,
}: {
  ocsp: string;
  crl: string;
  issuer: string;
}): Bytes[] => {
  const access = (how: string, address: string) => sequence(oid(how), addressName(address));
  return [
    encodeExtension(
      oids.authorityInformationAccess,
      sequence(access(oids.accessOcsp, ocsp), access(oids.accessIssuers, issuer)),
    ),
    listPlace(crl),
  ];
};

const addressName = (address: string): Bytes => implicit(6, text(address));

/** Where the list lies of whoever issued it. */
export const listPlace = (address: string): Bytes =>
  encodeExtension(
    oids.crlDistributionPoints,
    sequence(sequence(explicit(0, explicit(0, addressName(address))))),
  );

/** RFC 6960 §4.2.2.2.1: nobody asks whether a responder's certificate still holds; it is short-lived instead. */
export const noCheck = (): Bytes => encodeExtension(oids.ocspNoCheck, empty);

/** `[3]` of a certificate, `[0]` of a request's attribute: the list itself. */
export const extensionList = (list: readonly Bytes[]): Bytes => element(0x30, ...list);
