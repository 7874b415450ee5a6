import { BerReader, integerOf } from '../../bytes/ber.ts';
import { factText, latin1 } from '../../text/wire-text.ts';
import { MAX_ITEMS, MAX_NAME } from './limits.ts';

/** Application tags of what goes to and comes from a key distribution centre (RFC 4120 §5.10). */
export const messages = { asRequest: 0x6a, asReply: 0x6b, tgsRequest: 0x6c, tgsReply: 0x6d, error: 0x7e };
const REQUESTS = [messages.asRequest, messages.tgsRequest];
const ALL = Object.values(messages);
const NOTHING = new Uint8Array(0);

/** A structure's fields by number; all of Kerberos' fields have explicit tags (RFC 4120 §5). */
export type Fields = ReadonlyMap<number, Uint8Array>;

interface Principal {
  type: number;
  parts: Uint8Array[];
}

export function isRequest(tag: number): boolean {
  return REQUESTS.includes(tag);
}

/**
 * Does a message of `length` bytes begin here? Both lengths, version 5 and the message's number must fit; `null` where
 * there are too few bytes to tell.
 */
export function beginsMessage(bytes: Uint8Array, length: number, at = 0): boolean | null {
  const tag = bytes[at];
  if (tag === undefined) return null;
  if (!ALL.includes(tag)) return false;
  const outer = contentAt(bytes, at);
  if (outer === null) return null;
  const inner = bytes[outer.start] === undefined ? null : contentAt(bytes, outer.start);
  if (outer.start - at + outer.length !== length) return false;
  if (inner === null || bytes.length < inner.start + 5) return null;
  const version = [isRequest(tag) ? 0xa1 : 0xa0, 3, 2, 1, 5];
  return bytes[outer.start] === 0x30 && version.every((byte, i) => bytes[inner.start + i] === byte);
}

function contentAt(bytes: Uint8Array, at: number): { start: number; length: number } | null {
  const first = bytes[at + 1];
  if (first === undefined) return null;
  if (first < 0x80) return { start: at + 2, length: first };
  const size = Math.min(first & 0x7f, 4);
  if (bytes.length < at + 2 + size) return null;
  let length = 0;
  for (let i = 0; i < size; i++) length = length * 256 + bytes[at + 2 + i]!;
  return { start: at + 2 + size, length };
}

/** The fields of a SEQUENCE. */
export function fieldsOf(sequence: Uint8Array | undefined): Fields {
  const reader = new BerReader(new BerReader(sequence ?? NOTHING).take(0x30) ?? NOTHING);
  const fields = new Map<number, Uint8Array>();
  for (let count = 0; reader.left > 0 && count < MAX_ITEMS; count++) {
    const element = reader.next();
    if (element !== null && (element.tag & 0xe0) === 0xa0) fields.set(element.tag & 0x1f, element.content);
  }
  return fields;
}

export function numberIn(fields: Fields, number: number): number | null {
  const content = fields.get(number);
  return content === undefined ? null : integerOf(new BerReader(content).take(2));
}

/** A realm is a KerberosString (RFC 4120 §5.2.2). */
export function realmIn(fields: Fields, number: number): string | undefined {
  return factText(new BerReader(fields.get(number) ?? NOTHING).take(0x1b) ?? NOTHING, MAX_NAME);
}

/** The elements of a SEQUENCE OF. */
export function listIn(fields: Fields, number: number): Uint8Array[] {
  const content = fields.get(number);
  const list = content === undefined ? null : new BerReader(content).take(0x30);
  const reader = new BerReader(list ?? NOTHING);
  const found: Uint8Array[] = [];
  while (reader.left > 0 && found.length < MAX_ITEMS) {
    const element = reader.next();
    if (element !== null) found.push(element.content);
  }
  return found;
}

/** As {@link listIn}, of structures. */
export function structuresIn(fields: Fields, number: number): Fields[] {
  return listIn(fields, number).map((content) => {
    const inner = new Map<number, Uint8Array>();
    const reader = new BerReader(content);
    for (let count = 0; reader.left > 0 && count < MAX_ITEMS; count++) {
      const element = reader.next();
      if (element !== null) inner.set(element.tag & 0x1f, element.content);
    }
    return inner;
  });
}

/** PrincipalName (RFC 4120 §6.2). */
export function principalIn(fields: Fields, number: number): Principal | null {
  const name = fieldsOf(fields.get(number));
  const parts = listIn(name, 1);
  return parts.length === 0 ? null : { type: numberIn(name, 0) ?? 0, parts };
}

/** "host/ct-2.ward.example" names a machine; a name of one part is an account and may be a person's. */
export function serviceOf(principal: Principal | null): string | undefined {
  if (principal === null || principal.parts.length < 2) return undefined;
  const [service, host] = principal.parts.map((part) => latin1(part));
  const plain = /^[A-Za-z][A-Za-z0-9_.-]{0,40}$/.test(service!) && /^[A-Za-z0-9_.:-]{1,255}$/.test(host!);
  return plain ? `${service}/${host}` : undefined;
}

/** The machine that a principal is: a computer account ends in "$" ([MS-SAMR] §3.1.1.8.1), a Unix machine is host/its.name. */
export function machineOf(principal: Principal | null): string | undefined {
  const [first, second] = (principal?.parts ?? []).map((part) => latin1(part));
  const name = second === undefined ? /^([A-Za-z0-9._-]{1,63})\$$/.exec(first ?? '')?.[1] : undefined;
  if (name !== undefined) return name;
  return first?.toLowerCase() === 'host' && /^[A-Za-z0-9._-]{1,253}$/.test(second ?? '') ? second : undefined;
}
