import { oids } from '../der/oids.ts';
import { type Element, Reader } from '../der/read.ts';
import { oidOf, textOf } from '../der/values.ts';
import { type Bytes, element, ia5, oid, printable, sequence, setOf, utf8 } from '../der/write.ts';
import { NAME_CHARACTERS } from '../limits.ts';
import { PkiError } from '../pki-error.ts';

export interface Attribute {
  /** Object identifier. */
  type: string;
  value: string;
}

/** A distinguished name, from the outermost to the innermost part. */
export interface DistinguishedName {
  parts: readonly (readonly Attribute[])[];
  der: Bytes;
}

const short: Readonly<Record<string, string>> = {
  [oids.commonName]: 'CN',
  [oids.serialNumber]: 'serialNumber',
  [oids.country]: 'C',
  [oids.locality]: 'L',
  [oids.state]: 'ST',
  [oids.organization]: 'O',
  [oids.organizationalUnit]: 'OU',
  [oids.domainComponent]: 'DC',
  [oids.emailAddress]: 'emailAddress',
};

/** RFC 5280 §4.1.2.4. @throws PkiError */
export function distinguishedName(name: Element): DistinguishedName {
  const parts: Attribute[][] = [];
  const names = Reader.in(name);
  while (!names.isAtEnd) parts.push(relative(names.next('a part of a name', 0x31)));
  return { parts, der: name.bytes };
}

function relative(set: Element): Attribute[] {
  const attributes: Attribute[] = [];
  const within = Reader.in(set);
  while (!within.isAtEnd) {
    const pair = within.enter('an attribute of a name');
    const type = oidOf(pair.next('its type', 0x06));
    const value = textOf(pair.next('its value'));
    pair.end('an attribute of a name');
    if (value.length > NAME_CHARACTERS) throw new PkiError('oversized', 'A name that is too long', set.at);
    attributes.push({ type, value });
  }
  if (attributes.length === 0) throw new PkiError('malformed', 'A part of a name with nothing in it', set.at);
  return attributes;
}

/** A name of one attribute a part, as all that is made here. */
export function nameOf(attributes: readonly Attribute[]): DistinguishedName {
  const parts = attributes.map((attribute) => [attribute]);
  const der = sequence(
    ...attributes.map(({ type, value }) => setOf(sequence(oid(type), encoded(type, value)))),
  );
  return { parts, der };
}

/** RFC 5280 appendix A.1: country and serialNumber are PrintableString, domainComponent IA5String; the rest UTF-8. */
function encoded(type: string, value: string): Bytes {
  if (type === oids.domainComponent) return ia5(value);
  const isPrintable = type === oids.country || type === oids.serialNumber;
  return isPrintable && /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value) ? printable(value) : utf8(value);
}

/** As people read it: RFC 4514, but from the outermost part on. */
export function printName({ parts }: DistinguishedName): string {
  const one = ({ type, value }: Attribute) =>
    `${short[type] ?? type}=${value.replaceAll(/[\\,+"<>;=]/g, String.raw`\$&`)}`;
  return parts.map((part) => part.map(one).join('+')).join(', ');
}

/** The first value of that type; null where there is none. */
export function firstOf({ parts }: DistinguishedName, type: string): string | null {
  return parts.flat().find((attribute) => attribute.type === type)?.value ?? null;
}

/** RFC 5280 §7.1 as far as names of here and of OpenSSL's making need it: case and runs of spaces do not count. */
const folded = (part: readonly Attribute[]): string =>
  part
    .map(({ type, value }) => `${type}=${value.trim().replaceAll(/ +/g, ' ').toLowerCase()}`)
    .toSorted()
    .join('\0');

export const isSameName = (a: DistinguishedName, b: DistinguishedName): boolean =>
  a.parts.length === b.parts.length && isWithin(a, b);

/** True where `name` begins with all parts of `base` (RFC 5280 §4.2.1.10). */
export const isWithin = (name: DistinguishedName, base: DistinguishedName): boolean =>
  base.parts.every((part, at) => name.parts[at] !== undefined && folded(name.parts[at]) === folded(part));

/** The name of nothing. */
export const noName: DistinguishedName = { parts: [], der: element(0x30) };
