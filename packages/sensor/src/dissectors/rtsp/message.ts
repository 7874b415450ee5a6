import { latin1, startsWith } from '../../text/wire-text.ts';
import { headEnd, readFields } from '../sip/message.ts';
import { MAX_START_LINE } from './limits.ts';

export interface RtspMessage {
  method: string | null;
  status: number | null;
  /** The address that a request is about; it may hold a login, and is never stated. */
  address: string;
  /** By lower-case name; the first of each. */
  fields: ReadonlyMap<string, string>;
  /** Where the body starts. */
  body: number;
}

/** RFC 2326 §10, RFC 7826 §13. */
const METHODS = [
  'OPTIONS',
  'DESCRIBE',
  'ANNOUNCE',
  'SETUP',
  'PLAY',
  'PLAY_NOTIFY',
  'PAUSE',
  'TEARDOWN',
  'GET_PARAMETER',
  'SET_PARAMETER',
  'REDIRECT',
  'RECORD',
];
const VERSION = /^RTSP\/[12]\.0$/;
const VERSION_LENGTH = 8;
export const FIRST_BYTES: readonly number[] = [
  ...new Set([...METHODS, 'RTSP'].map((word) => word.charCodeAt(0))),
];
const LF = 10;

/** `more` where the start line is not whole yet. */
export function recogniseStart(bytes: Uint8Array): 'request' | 'response' | 'no' | 'more' {
  if (bytes.length === 0) return 'more';
  if (startsWith(bytes, 'RTSP/', 0, true)) return recogniseStatus(bytes);
  if (!METHODS.some((word) => startsWith(bytes, `${word} `, 0, true))) return 'no';
  const end = bytes.subarray(0, MAX_START_LINE).indexOf(LF);
  if (end < 0) return bytes.length < MAX_START_LINE ? 'more' : 'no';
  const words = latin1(bytes, 0, end).trimEnd().split(' ');
  return words.length === 3 && VERSION.test(words[2]!) ? 'request' : 'no';
}

/** `RTSP/1.0 200` with something behind it. */
function recogniseStatus(bytes: Uint8Array): 'response' | 'no' | 'more' {
  const shown = latin1(bytes, 0, Math.min(bytes.length, VERSION_LENGTH + 5));
  if (shown.length < VERSION_LENGTH + 5) return 'RTSP/1.0 200 '.length > shown.length ? 'more' : 'no';
  return /^RTSP\/[12]\.0 [1-5]\d\d\s$/.test(shown) ? 'response' : 'no';
}

/** Reads start line and header fields; the grammar is that of HTTP and SIP (RFC 2326 §4). Null: none begins here. */
export function readMessage(bytes: Uint8Array): RtspMessage | null {
  const start = recogniseStart(bytes);
  const body = headEnd(bytes);
  if (body === 0 || start === 'no' || start === 'more') return null;
  const [first = '', ...lines] = latin1(bytes, 0, body).split('\n');
  const [word = '', second = ''] = first.split(' ', 2);
  const fields = readFields(lines);
  return start === 'response'
    ? { method: null, status: Number(second), address: '', fields, body }
    : { method: word, status: null, address: second, fields, body };
}
