import { latin1, startsWith } from '../../text/wire-text.ts';
import { MAX_FIELDS, MAX_HEAD } from './limits.ts';

/** Field names are in lower case; fields that come several times are joined by `, ` (RFC 9110 §5.3). */
export type Fields = ReadonlyMap<string, string>;

export interface RequestHead {
  kind: 'request';
  method: string;
  target: string;
  fields: Fields;
}

export interface ResponseHead {
  kind: 'response';
  status: number;
  fields: Fields;
}

export type Head = RequestHead | ResponseHead;

/** A start line with its fields (RFC 9112 §2.1) and their length: null needs more bytes. */
export function readHead(bytes: Uint8Array): { head: Head; length: number } | 'invalid' | null {
  // RFC 9112 §2.2: empty lines before a start line are left out.
  let start = 0;
  while (bytes[start] === 0x0d || bytes[start] === 0x0a) start++;
  const length = headEnd(bytes, start);
  if (length === null) return bytes.length > MAX_HEAD || !couldBeHead(bytes, start) ? 'invalid' : null;
  const lines = latin1(bytes, start, length).split('\n', MAX_FIELDS + 1);
  const head = parseStart((lines[0] ?? '').trimEnd(), lines.slice(1));
  return head === null ? 'invalid' : { head, length };
}

/** Behind the empty line, whose ends may be LF alone. */
function headEnd(bytes: Uint8Array, start: number): number | null {
  let at = start;
  for (;;) {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0 || end > MAX_HEAD) return null;
    if (end > start && (end === at || (end === at + 1 && bytes[at] === 0x0d))) return end + 1;
    at = end + 1;
  }
}

function couldBeHead(bytes: Uint8Array, start: number): boolean {
  if (start >= bytes.length || startsWith(bytes, 'HTTP/', start, true)) return true;
  const shown = latin1(bytes, start, start + 24);
  return /^[A-Z][A-Z-]*( |$)/.test(shown);
}

function parseStart(line: string, rest: readonly string[]): Head | null {
  const response = /^HTTP\/1\.\d (\d{3})(?: |$)/.exec(line);
  if (response) return { kind: 'response', status: Number(response[1]), fields: parseFields(rest) };
  const request = /^([A-Z][A-Z-]{1,23}) +(\S.*?) +HTTP\/1\.\d$/.exec(line);
  if (request === null) return null;
  return { kind: 'request', method: request[1] ?? '', target: request[2] ?? '', fields: parseFields(rest) };
}

function parseFields(lines: readonly string[]): Fields {
  const fields = new Map<string, string>();
  let last = '';
  for (const line of lines) {
    const colon = nameEnd(line);
    if (colon > 0) {
      last = line.slice(0, colon).trimEnd().toLowerCase();
      append(fields, last, line.slice(colon + 1).trim(), ', ');
    } else if (/^[ \t]/.test(line) && last !== '') append(fields, last, line.trim(), ' '); // §5.2, obsolete folding
  }
  return fields;
}

/** Where the colon behind a field's name stands (RFC 9110 §5.1; white space before it is tolerated); -1 without one. */
function nameEnd(line: string): number {
  const colon = line.indexOf(':');
  let at = 0;
  while (at < colon && isTokenCharacter(line.charCodeAt(at))) at++;
  if (at === 0) return -1;
  while (at < colon && (line.charCodeAt(at) === 0x20 || line.charCodeAt(at) === 0x09)) at++;
  return at === colon ? colon : -1;
}

const isToken = Uint8Array.from({ length: 128 }, (_, code) =>
  /[!#$%&'*+.^_`|~0-9A-Za-z-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

function isTokenCharacter(code: number): boolean {
  return code < 128 && isToken[code] === 1;
}

function append(fields: Map<string, string>, name: string, value: string, between: string): void {
  const before = fields.get(name);
  fields.set(name, before === undefined ? value : `${before}${between}${value}`);
}
