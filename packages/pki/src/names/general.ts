import { type Element, Reader } from '../der/read.ts';
import { ascii, oidOf } from '../der/values.ts';
import { type Bytes, explicit, implicit, oid, sequence, text } from '../der/write.ts';
import { SUBJECT_NAMES } from '../limits.ts';
import { PkiError } from '../pki-error.ts';
import { type DistinguishedName, distinguishedName } from './distinguished.ts';

/** One of the names for which a certificate speaks (RFC 5280 §4.2.1.6). */
export type GeneralName =
  | { kind: 'dns' | 'uri' | 'email'; value: string }
  | { kind: 'ip'; value: Bytes }
  | { kind: 'directory'; value: DistinguishedName }
  | { kind: 'other'; type: string; value: Bytes }
  | { kind: 'registered'; value: string }
  | { kind: 'x400' | 'edi'; value: Bytes };

/** @throws PkiError where it is no name, or there are too many */
export function generalNames(names: Element): GeneralName[] {
  const found: GeneralName[] = [];
  const within = Reader.in(names);
  while (!within.isAtEnd) found.push(generalName(within.next('a name')));
  if (found.length > SUBJECT_NAMES) throw new PkiError('oversized', `${found.length} names`, names.at);
  return found;
}

export function generalName(element: Element): GeneralName {
  const { tag, at, body } = element;
  switch (tag) {
    case 0x81:
      return { kind: 'email', value: nameText(body, at) };
    case 0x82:
      return { kind: 'dns', value: nameText(body, at) };
    case 0x86:
      return { kind: 'uri', value: nameText(body, at) };
    case 0x87:
      return { kind: 'ip', value: body };
    case 0x88:
      return { kind: 'registered', value: oidOf(element) };
    case 0xa0:
      return otherName(element);
    case 0xa3:
      return { kind: 'x400', value: body };
    case 0xa4:
      return {
        kind: 'directory',
        value: distinguishedName(Reader.in(element).next('a directory name', 0x30)),
      };
    case 0xa5:
      return { kind: 'edi', value: body };
    default:
      throw new PkiError('malformed', `A name of unknown kind 0x${tag.toString(16)}`, at);
  }
}

/** A null byte or a space within a name has fooled checks that compare text. */
function nameText(body: Bytes, at: number): string {
  const value = ascii(body, at);
  if (!/^[\x21-\x7e]*$/.test(value))
    throw new PkiError('malformed', 'A name with characters that names lack', at);
  return value;
}

function otherName(element: Element): GeneralName {
  const within = Reader.in(element);
  const type = oidOf(within.next('the kind of a name', 0x06));
  return { kind: 'other', type, value: within.next('a name of another kind', 0xa0).body };
}

/** Its encoding, as names of a subject and as base of a constraint. */
export function encodeGeneralName(name: GeneralName): Bytes {
  switch (name.kind) {
    case 'email':
      return implicit(1, text(name.value));
    case 'dns':
      return implicit(2, text(name.value));
    case 'uri':
      return implicit(6, text(name.value));
    case 'ip':
      return implicit(7, name.value);
    case 'registered':
      return implicit(8, oid(name.value).subarray(2));
    case 'other':
      return implicit(0, Buffer.concat([oid(name.type), explicit(0, name.value)]), true);
    case 'directory':
      return explicit(4, name.value.der);
    default:
      return implicit(name.kind === 'x400' ? 3 : 5, name.value, true);
  }
}

export const encodeGeneralNames = (names: readonly GeneralName[]): Bytes =>
  sequence(...names.map(encodeGeneralName));

/** As people read it, with its kind. */
export function printGeneralName(name: GeneralName): string {
  switch (name.kind) {
    case 'dns':
    case 'uri':
    case 'email':
    case 'registered':
      return `${name.kind}:${name.value}`;
    case 'ip':
      return `ip:${Buffer.from(name.value).toString('hex')}`;
    case 'other':
      return `other:${name.type}`;
    default:
      return name.kind;
  }
}
