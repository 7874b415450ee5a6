import type { Authority } from '../authority/issue.ts';
import { signedWhole } from '../certificate/build.ts';
import type { Certificate } from '../certificate/certificate.ts';
import { algorithmOf, serialOf } from '../certificate/certificate.ts';
import {
  authorityKeyIdentifier,
  type Extension,
  encodeExtension,
  extensions,
} from '../certificate/extensions.ts';
import { oids } from '../der/oids.ts';
import { type Element, Reader } from '../der/read.ts';
import { magnitudeOf, smallOf, timeOf, wholeBitsOf } from '../der/values.ts';
import { type Bytes, enumerated, explicit, integer, sequence, time } from '../der/write.ts';
import { algorithmIdentifier, isSignedBy, keyIdentifier } from '../keys/public-key.ts';
import { LIST_BYTES } from '../limits.ts';
import { type DistinguishedName, distinguishedName, isSameName } from '../names/distinguished.ts';
import { attempt, type Outcome, PkiError } from '../pki-error.ts';

/** Why a certificate holds no more, with the numbers of RFC 5280 §5.3.1. */
export const revocationReasons = {
  unspecified: 0,
  'key-compromise': 1,
  'authority-compromise': 2,
  'affiliation-changed': 3,
  superseded: 4,
  'out-of-service': 5,
  'on-hold': 6,
} as const;
export type RevocationReason = keyof typeof revocationReasons;

export interface Revoked {
  /** In hexadecimal. */
  serial: string;
  /** Microseconds since the epoch. */
  at: number;
  reason: RevocationReason;
}

export interface ListOrder {
  number: number;
  /** Microseconds since the epoch. */
  thisUpdate: number;
  nextUpdate: number;
  revoked: readonly Revoked[];
}

export const serialBytes = (serial: string): Bytes =>
  Buffer.from(serial.padStart(serial.length + (serial.length % 2), '0'), 'hex');

/** A list of what an authority revoked (RFC 5280 §5), signed by it. */
export async function signList({ certificate, signer }: Authority, order: ListOrder): Promise<Bytes> {
  const identifier = algorithmIdentifier(signer.algorithm);
  const entries = order.revoked.map(entry);
  const signed = sequence(
    integer(1),
    identifier,
    certificate.subject.der,
    time(order.thisUpdate),
    time(order.nextUpdate),
    // §5.1.2.6: absent where nothing is revoked.
    // Joined before: a call takes no hundred thousand arguments.
    ...(entries.length === 0 ? [] : [sequence(Buffer.concat(entries))]),
    explicit(
      0,
      sequence(
        authorityKeyIdentifier(certificate.subjectKeyIdentifier ?? keyIdentifier(certificate.publicKey)),
        encodeExtension(oids.crlNumber, integer(order.number)),
      ),
    ),
  );
  return signedWhole(signed, identifier, signer);
}

/** §5.3.1: the reason of no reason is left out. */
function entry({ serial, at, reason }: Revoked): Bytes {
  const number = revocationReasons[reason];
  const why = number === 0 ? [] : [sequence(encodeExtension(oids.crlReason, enumerated(number)))];
  return sequence(integer(serialBytes(serial)), time(at), ...why);
}

/** A list that was read; its signature is checked by `isListOf`. */
export interface RevocationList {
  issuer: DistinguishedName;
  algorithm: string;
  signed: Bytes;
  signature: Bytes;
  thisUpdate: number;
  nextUpdate: number;
  number: number;
  /** By serial number in hexadecimal, why. */
  revoked: ReadonlyMap<string, RevocationReason>;
}

/** Reads a list, as one of the root's that comes on a stick. */
export const parseList = (der: Bytes): Outcome<RevocationList> => attempt(() => readList(der));

function readList(der: Bytes): RevocationList {
  if (der.length > LIST_BYTES)
    throw new PkiError('oversized', `A list of ${der.length} bytes; at most ${LIST_BYTES}`);
  const outer = new Reader(der);
  const whole = outer.enter('a list');
  outer.end('a list');
  const signed = whole.next('what is signed', 0x30);
  const algorithm = algorithmOf(whole.next('the algorithm', 0x30));
  const signature = wholeBitsOf(whole.next('the signature', 0x03));
  whole.end('a list');
  const within = Reader.in(signed);
  const version = within.next('the version', 0x02);
  if (smallOf(version) !== 1)
    throw new PkiError('unsupported', 'A list that is not of version 2', version.at);
  within.next('the algorithm', 0x30);
  const issuer = distinguishedName(within.next('the issuer', 0x30));
  const [thisUpdate, nextUpdate] = [timeOf(within.next('its begin')), timeOf(within.next('its end'))];
  const revoked = revokedOf(within);
  const number = numberOf(extensions(within.enter('the extensions of a list', 0xa0).enter('extensions')));
  within.end('what is signed');
  return { issuer, algorithm, signed: signed.bytes, signature, thisUpdate, nextUpdate, number, revoked };
}

function revokedOf(within: Reader): ReadonlyMap<string, RevocationReason> {
  const entries = within.optional('what is revoked', 0x30);
  const revoked = new Map<string, RevocationReason>();
  const reader = entries === null ? new Reader(new Uint8Array()) : Reader.in(entries);
  while (!reader.isAtEnd) {
    const one = reader.enter('an entry');
    const serial = serialOf(one.next('a serial number', 0x02));
    one.next('when it was revoked');
    revoked.set(serial, reasonOf(one.optional('the extensions of an entry', 0x30)));
  }
  return revoked;
}

const reasonNumbers: ReadonlyMap<number, RevocationReason> = new Map(
  Object.entries(revocationReasons).map(([reason, number]) => [number, reason as RevocationReason]),
);

/** §5.3.1; a reason that is not known here is none. */
function reasonOf(list: Element | null): RevocationReason {
  const found =
    list === null ? [] : extensions(Reader.in(list)).filter(({ type }) => type === oids.crlReason);
  if (found.length === 0) return 'unspecified';
  const number = smallOf(new Reader(found[0]!.value, found[0]!.at).next('a reason', 0x0a));
  return reasonNumbers.get(number) ?? 'unspecified';
}

/** A critical extension that is not understood makes a list one of which nothing is known (§5.2). */
function numberOf(given: readonly Extension[]): number {
  const foreign = given.find(({ isCritical }) => isCritical);
  if (foreign !== undefined)
    throw new PkiError('unsupported', `A list with the critical extension ${foreign.type}`, foreign.at);
  const found = given.find(({ type }) => type === oids.crlNumber);
  if (found === undefined) throw new PkiError('malformed', 'A list without a number');
  const magnitude = magnitudeOf(new Reader(found.value, found.at).next('the number of a list', 0x02));
  return Number(BigInt(`0x${Buffer.from(magnitude).toString('hex')}`));
}

/** True where that authority signed it. */
export const isListOf = (
  one: RevocationList,
  { subject, publicKey }: Pick<Certificate, 'subject' | 'publicKey'>,
): boolean =>
  isSameName(one.issuer, subject) && isSignedBy(publicKey, one.algorithm, one.signed, one.signature);
