import { latin1, startsWith } from '../../text/wire-text.ts';
import { MAX_HEAD, MAX_LINES, MAX_START_LINE } from './limits.ts';

export interface SipMessage {
  method: string | null;
  status: number | null;
  /** Host of the request's URI; its user part is nobody's business. */
  target: string | null;
  /** By lower-case long name; the first of each. */
  fields: ReadonlyMap<string, string>;
  /** Where the body starts. */
  body: number;
}

/** RFC 3261 §7.1 and RFC 3262, 3265, 3311, 3428, 3515, 3903, 6086. */
const METHODS = [
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'REGISTER',
  'OPTIONS',
  'PRACK',
  'SUBSCRIBE',
  'NOTIFY',
  'PUBLISH',
  'INFO',
  'REFER',
  'MESSAGE',
  'UPDATE',
];
const VERSION = 'SIP/2.0';
export const FIRST_BYTES: readonly number[] = [
  ...new Set([...METHODS, VERSION].map((word) => word.charCodeAt(0))),
];

/** RFC 3261 §20, compact forms. */
const COMPACT: Readonly<Record<string, string>> = {
  c: 'content-type',
  f: 'from',
  i: 'call-id',
  l: 'content-length',
  m: 'contact',
  t: 'to',
  v: 'via',
};
const LF = 10;
const CR = 13;
const SPACE = 32;

/** `more` where the start line is not whole yet. */
export function recogniseStart(bytes: Uint8Array): 'request' | 'response' | 'no' | 'more' {
  if (bytes.length === 0) return 'more';
  if (startsWith(bytes, `${VERSION} `, 0, true)) {
    if (bytes.length < VERSION.length + 4) return 'more';
    return isStatus(bytes) ? 'response' : 'no';
  }
  const method = METHODS.find((word) => startsWith(bytes, word, 0, true) && spaceBehind(bytes, word));
  if (method === undefined) return 'no';
  const end = bytes.subarray(0, MAX_START_LINE).indexOf(LF);
  if (end < 0) return bytes.length < MAX_START_LINE ? 'more' : 'no';
  return latin1(bytes, Math.max(0, end - VERSION.length - 2), end)
    .trimEnd()
    .endsWith(` ${VERSION}`)
    ? 'request'
    : 'no';
}

function spaceBehind(bytes: Uint8Array, word: string): boolean {
  return bytes.length <= word.length || bytes[word.length] === SPACE;
}

function isStatus(bytes: Uint8Array): boolean {
  const digits = bytes.subarray(VERSION.length + 1, VERSION.length + 4);
  return digits.every((byte) => byte >= 0x30 && byte <= 0x39) && digits[0]! >= 0x31 && digits[0]! <= 0x36;
}

/** Where the head ends (behind its empty line); 0 where it does not end within the bound. */
export function headEnd(bytes: Uint8Array): number {
  const most = Math.min(bytes.length, MAX_HEAD);
  for (let at = bytes.indexOf(LF); at >= 0 && at < most; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === 13 && bytes[at + 2] === LF) return at + 3;
  }
  return 0;
}

/** Empty lines between messages (§7.5, RFC 5626 §3.5.1). */
export function keepAlives(bytes: Uint8Array): number {
  let at = 0;
  while (bytes[at] === CR || bytes[at] === LF) at += 1;
  return at;
}

/** Reads start line and header fields (§7); a message that ends within its head is read as far as it goes. */
export function readMessage(bytes: Uint8Array): SipMessage | null {
  const start = recogniseStart(bytes);
  if (start === 'no' || start === 'more') return null;
  const body = headEnd(bytes) || Math.min(bytes.length, MAX_HEAD);
  const [first = '', ...lines] = latin1(bytes, 0, body).split('\n', MAX_LINES);
  const [word = '', second = ''] = first.split(' ', 2);
  const fields = readFields(lines);
  if (start === 'response') return { method: null, status: Number(second), target: null, fields, body };
  return { method: word, status: null, target: hostOfUri(second), fields, body };
}

/** By lower-case long name, the first of each; at most {@link MAX_LINES}. */
export function readFields(lines: readonly string[]): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of lines.slice(0, MAX_LINES)) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const long = COMPACT[name] ?? name;
    if (!fields.has(long)) fields.set(long, line.slice(colon + 1).trim());
  }
  return fields;
}

/** `sip:user@host:port;parameters` → `host`; null where it holds none. */
export function hostOfUri(uri: string): string | null {
  const scheme = /^sips?:/i.exec(uri)?.[0].length ?? 0;
  if (scheme === 0) return null;
  const rest = uri.slice(scheme).split(/[;?>\s]/, 1)[0] ?? '';
  return hostName(rest.slice(rest.lastIndexOf('@') + 1));
}

/** The host of `SIP/2.0/UDP host:port;branch=…`. */
export function hostOfVia(via: string): string | null {
  const sentBy = via.split(/\s+/, 3)[1] ?? '';
  return hostName(sentBy.split(';', 1)[0] ?? '');
}

/** A name, without port; addresses say nothing that the packet doesn't. */
function hostName(text: string): string | null {
  const host = text.replace(/:\d{1,5}$/, '').toLowerCase();
  const plain = /^[a-z0-9]([a-z0-9.-]{0,126})$/.test(host);
  return plain && /[a-z]/.test(host) ? host : null;
}
