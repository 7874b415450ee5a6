import { algorithmOf } from '../certificate/certificate.ts';
import { type Extension, extensions, readNames } from '../certificate/extensions.ts';
import { oids } from '../der/oids.ts';
import { type Element, Reader, wellFormed } from '../der/read.ts';
import { oidOf, smallOf, textOf, wholeBitsOf } from '../der/values.ts';
import type { Bytes } from '../der/write.ts';
import { isSignedBy, type PublicKey, publicKey } from '../keys/public-key.ts';
import { REQUEST_BYTES } from '../limits.ts';
import { type DistinguishedName, distinguishedName } from '../names/distinguished.ts';
import type { GeneralName } from '../names/general.ts';
import { attempt, type Outcome, PkiError } from '../pki-error.ts';

export interface RequestAttribute {
  type: string;
  /** The first value, with its tag. */
  value: Bytes;
}

/** A certification request (RFC 2986) whose signature by its own key has been checked. */
export interface CertificationRequest {
  der: Bytes;
  subject: DistinguishedName;
  publicKey: PublicKey;
  names: readonly GeneralName[];
  extensions: readonly Extension[];
  /** As it was typed in; null where there is none. */
  challengePassword: string | null;
  /** All of them, for whoever reads evidence of how the key is kept. */
  attributes: readonly RequestAttribute[];
}

/** Reads a request and proves that whoever made it holds the key; `refused` says what is wrong and at which byte. */
export const parseRequest = (der: Bytes): Outcome<CertificationRequest> => attempt(() => request(der));

function request(der: Bytes): CertificationRequest {
  const whole = Reader.in(wellFormed(der, REQUEST_BYTES, 'A request'));
  const info = whole.next('what is requested', 0x30);
  const identifier = whole.next('the algorithm', 0x30);
  const algorithm = algorithmOf(identifier);
  const signature = whole.next('the signature', 0x03);
  whole.end('a request');
  const { key, ...said } = infoOf(info);
  if (!isSignedBy(key, algorithm, info.bytes, wholeBitsOf(signature)))
    throw new PkiError('signature', 'The request is not signed by the key that it asks for', signature.at);
  return { der, publicKey: key, ...said };
}

function infoOf(info: Element) {
  const within = Reader.in(info);
  const version = within.next('the version', 0x02);
  if (smallOf(version) !== 0)
    throw new PkiError('unsupported', 'A request that is not of version 1', version.at);
  const subject = distinguishedName(within.next('the subject', 0x30));
  const spki = within.next('the public key', 0x30);
  const attributes = attributesOf(within.optional('the attributes', 0xa0));
  within.end('what is requested');
  const list = requestedExtensions(attributes);
  const names = list.find(({ type }) => type === oids.subjectAltName);
  return {
    subject,
    key: publicKey(spki.bytes, spki.at),
    extensions: list,
    names: names === undefined ? [] : readNames(names),
    challengePassword: challengeOf(attributes),
    attributes: attributes.map(({ type, value }) => ({ type, value: value.bytes })),
  };
}

interface Attribute {
  type: string;
  value: Element;
}

function attributesOf(list: Element | null): Attribute[] {
  const found: Attribute[] = [];
  const within = list === null ? new Reader(new Uint8Array()) : Reader.in(list);
  while (!within.isAtEnd) {
    const attribute = within.next('an attribute', 0x30);
    const pair = Reader.in(attribute);
    const type = oidOf(pair.next('the kind of an attribute', 0x06));
    const value = pair.enter('the values of an attribute', 0x31).next('the value of an attribute');
    pair.end('an attribute');
    if (found.some((other) => other.type === type))
      throw new PkiError('malformed', `The attribute ${type} stands twice`, attribute.at);
    found.push({ type, value });
  }
  return found;
}

function requestedExtensions(attributes: readonly Attribute[]): Extension[] {
  const asked = attributes.find(({ type }) => type === oids.extensionRequest);
  return asked === undefined ? [] : extensions(Reader.in(asked.value));
}

function challengeOf(attributes: readonly Attribute[]): string | null {
  const found = attributes.find(({ type }) => type === oids.challengePassword);
  return found === undefined ? null : textOf(found.value);
}
