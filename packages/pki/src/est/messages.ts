import { type Certificate, certificate } from '../certificate/certificate.ts';
import { encodeExtension, extensionList, extensions, readNames } from '../certificate/extensions.ts';
import { oids } from '../der/oids.ts';
import { Reader, wellFormed } from '../der/read.ts';
import { oidOf } from '../der/values.ts';
import { type Bytes, element, integer, oid, sequence, setOf } from '../der/write.ts';
import { ATTRIBUTE_BYTES, CHAIN_CERTIFICATES, EST_BODY_CHARACTERS } from '../limits.ts';
import type { DistinguishedName } from '../names/distinguished.ts';
import { encodeGeneralNames, type GeneralName } from '../names/general.ts';
import { fromBase64 } from '../pem.ts';
import { attempt, type Outcome, PkiError } from '../pki-error.ts';

/** What EST transports (RFC 7030 §4, as RFC 8951 made it clear): base64 of an encoding, with or without line breaks. */
export const estBody = (text: string): Outcome<Bytes> =>
  attempt(() => {
    if (text.length > EST_BODY_CHARACTERS)
      throw new PkiError('oversized', `A body of ${text.length} characters; at most ${EST_BODY_CHARACTERS}`);
    // Some clients send PEM all the same.
    const bare = text.replaceAll(/-----(BEGIN|END) [A-Z ]+-----/g, '');
    const der = fromBase64(bare);
    if (der.length === 0) throw new PkiError('malformed', 'An empty body', 0);
    return der;
  });

/** Lines of 76 characters (RFC 2045 §6.8). */
export const estText = (der: Bytes): string =>
  `${(
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\r\n')}\r\n`;

/** Certificates and nothing signed (RFC 5652 §5.1 with no signers; RFC 7030 §4.1.3, §4.2.3). */
export function certificatesOnly(ders: readonly Bytes[]): Bytes {
  const data = sequence(
    integer(1),
    element(0x31),
    sequence(oid(oids.data)),
    // A SET is in the order of its encodings.
    element(0xa0, ...ders.toSorted((a, b) => Buffer.compare(a, b))),
    element(0x31),
  );
  return sequence(oid(oids.signedData), element(0xa0, data));
}

/** Reads them back, as a client does. */
export const parseCertificatesOnly = (der: Bytes): Outcome<Certificate[]> => attempt(() => certificates(der));

function certificates(der: Bytes): Certificate[] {
  const whole = Reader.in(wellFormed(der, 64 * 1024, 'Certificates'));
  const kind = whole.next('the kind of content', 0x06);
  if (oidOf(kind) !== oids.signedData) throw new PkiError('unsupported', 'Content of another kind', kind.at);
  const data = whole.enter('the content', 0xa0).enter('signed data');
  data.next('the version', 0x02);
  data.next('the digests', 0x31);
  data.next('the content within', 0x30);
  const list = data.enter('the certificates', 0xa0);
  const found: Certificate[] = [];
  while (!list.isAtEnd) {
    if (found.length >= CHAIN_CERTIFICATES * 4)
      throw new PkiError('oversized', 'Too many certificates', kind.at);
    found.push(certificate(list.next('a certificate', 0x30).bytes));
  }
  return found;
}

/** The names under which a device that is known will be certified; it need not know them before it asks. */
export interface AttributesFor {
  subject: DistinguishedName;
  names: readonly GeneralName[];
}

/**
 * What a request should hold (RFC 7030 §4.5.2 with RFC 9908 §3): a key on P-256 signing with SHA-256, and where the device is known the
 * names, so that it can ask for exactly them.
 */
export function requestAttributes(known: AttributesFor | null): Bytes {
  const key = sequence(oid(oids.ecPublicKey), setOf(oid(oids.p256)));
  const names =
    known === null
      ? []
      : [extensionRequest([encodeExtension(oids.subjectAltName, encodeGeneralNames(known.names))])];
  return sequence(key, oid(oids.ecdsaSha256), ...names);
}

const extensionRequest = (list: readonly Bytes[]): Bytes =>
  sequence(oid(oids.extensionRequest), setOf(extensionList(list)));

/** Reads what a server says a request should hold, as a client does: of its attributes, the names. */
export const parseRequestAttributes = (der: Bytes): Outcome<{ names: readonly GeneralName[] }> =>
  attempt(() => {
    const list = Reader.in(wellFormed(der, ATTRIBUTE_BYTES, 'What a request should hold'));
    while (!list.isAtEnd) {
      const one = list.next('an attribute or its kind');
      if (one.tag !== 0x30) continue;
      const attribute = Reader.in(one);
      if (oidOf(attribute.next('the kind of an attribute', 0x06)) !== oids.extensionRequest) continue;
      const values = attribute.enter('the values of an attribute', 0x31);
      const asked = extensions(Reader.in(values.next('the extensions', 0x30)));
      const names = asked.find(({ type }) => type === oids.subjectAltName);
      if (names !== undefined) return { names: readNames(names) };
    }
    return { names: [] };
  });
