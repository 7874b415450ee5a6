import { BerReader, integerOf } from '../../bytes/ber.ts';
import type { Recognition } from '../../dissector.ts';
import { MAX_LENGTH } from './limits.ts';

/** Tags of the operations (RFC 4511 §4.2 to §4.14). */
export const operations = {
  bindRequest: 0x60,
  bindResponse: 0x61,
  unbindRequest: 0x42,
  searchRequest: 0x63,
  searchEntry: 0x64,
  extendedRequest: 0x77,
  extendedResponse: 0x78,
};
/** Those that begin with a distinguished name: search, modify, add, modify DN, compare; deleting is nothing else. */
const NAMED = [0x63, 0x66, 0x68, 0x6c, 0x6e];
const REQUESTS = [0x60, 0x42, 0x50, 0x4a, 0x77, ...NAMED];
const RESPONSES = [0x61, 0x64, 0x65, 0x67, 0x69, 0x6b, 0x6d, 0x6f, 0x73, 0x78];
const SEQUENCE = 0x30;

export interface LdapMessage {
  id: number;
  operation: number;
  content: Uint8Array;
}

/** Bytes of the first message with its header: null needs more bytes, 0 where none can begin so. */
export function messageLength(bytes: Uint8Array): number | null {
  if (bytes.length > 0 && bytes[0] !== SEQUENCE) return 0;
  const first = bytes[1];
  if (first === undefined) return null;
  if (first < 0x80) return 2 + first;
  const size = first & 0x7f;
  if (size === 0 || size > 4) return 0;
  if (bytes.length < 2 + size) return null;
  let length = 0;
  for (let i = 0; i < size; i++) length = length * 256 + bytes[2 + i]!;
  return length > MAX_LENGTH ? 0 : 2 + size + length;
}

/** The envelope (RFC 4511 §4.1.1); null where it is none. */
export function readMessage(bytes: Uint8Array): LdapMessage | null {
  const reader = new BerReader(new BerReader(bytes).take(SEQUENCE) ?? new Uint8Array(0));
  const id = integerOf(reader.take(2));
  const operation = reader.next();
  if (id === null || id < 0 || operation === null) return null;
  return { id, operation: operation.tag, content: operation.content };
}

/** Does a side begin with a request, or with a response? The message's start is enough. */
export function beginsWith(bytes: Uint8Array, kind: 'request' | 'response'): Recognition {
  const total = messageLength(bytes);
  if (total === null) return 'more';
  const header = (bytes[1] ?? 0) < 0x80 ? 2 : 2 + (bytes[1]! & 0x7f);
  const idLength = bytes[header + 1] ?? 1;
  if (total < header + 5 || (bytes[header] ?? 2) !== 2 || idLength < 1 || idLength > 4) return 'no';
  const at = header + 2 + idLength;
  const tag = bytes[at];
  if (tag === undefined) return 'more';
  if (!(kind === 'request' ? REQUESTS : RESPONSES).includes(tag)) return 'no';
  return startsContent(bytes, at, tag, total);
}

/** What must stand at the start of the operation that is said to be there. */
function startsContent(bytes: Uint8Array, at: number, tag: number, total: number): Recognition {
  const first = bytes[at + 1] ?? 0;
  const start = at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  if (tag === operations.unbindRequest) return total === at + 2 && first === 0 ? 'yes' : 'no';
  if (start + 3 > total) return 'no';
  const bare = tag === 0x4a || tag === 0x50;
  if (bytes.length < start + 3)
    return !bare && bytes.length > start && bytes[start] !== opening(tag) ? 'no' : 'more';
  if (bare) return start > at + 2 && first > 0x84 ? 'no' : 'yes';
  if (bytes[start] !== opening(tag)) return 'no';
  if (tag === operations.bindRequest) {
    return bytes[start + 1] === 1 && bytes[start + 2]! >= 2 && bytes[start + 2]! <= 3 ? 'yes' : 'no';
  }
  return tag !== operations.extendedRequest || /[0-2]/.test(String.fromCharCode(bytes[start + 2]!))
    ? 'yes'
    : 'no';
}

/** The tag of an operation's first field: version, result code, name of the extension, distinguished name. */
function opening(tag: number): number | undefined {
  if (tag === operations.bindRequest) return 2;
  if (tag === operations.extendedRequest) return 0x80;
  if (tag === operations.searchEntry || NAMED.includes(tag)) return 4;
  if (tag === 0x73) return 4; // a referral is a list of addresses (RFC 4511 §4.5.3)
  return RESPONSES.includes(tag) ? 0x0a : undefined;
}
