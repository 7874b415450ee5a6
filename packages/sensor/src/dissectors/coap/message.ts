import { Cursor } from '../../bytes/cursor.ts';
import { latin1 } from '../../text/wire-text.ts';
import { MAX_MESSAGE, MAX_OPTIONS } from './limits.ts';

export interface CoapMessage {
  type: number;
  codeClass: number;
  codeDetail: number;
  /** Path of the request, for comparison with well-known ones only: others can hold anything. */
  path: string;
  contentFormat: number | undefined;
  observe: boolean;
  /** Object security (RFC 8613): what stands inside is encrypted. */
  protected: boolean;
  payload: Uint8Array;
}

const VERSION = 1;
const EMPTY = 0;
const ACKNOWLEDGEMENT = 2;
const RESET = 3;
const PAYLOAD_MARKER = 0xff;
/** Option numbers of RFC 7252 §5.10, RFC 7641, RFC 7959, RFC 7967, RFC 8613 and RFC 8768. */
const KNOWN: ReadonlySet<number> = new Set([
  1, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 15, 16, 17, 19, 20, 23, 27, 28, 31, 35, 39, 60, 252, 258, 292,
]);
const option = { observe: 6, objectSecurity: 9, path: 11, contentFormat: 12 } as const;

/** RFC 7252 §3; null where a message does not fit to its last byte. */
export function readCoap(bytes: Uint8Array): CoapMessage | null {
  if (bytes.length < 4 || bytes.length > MAX_MESSAGE) return null;
  const first = bytes[0]!;
  const [type, tokenLength] = [(first >> 4) & 3, first & 15];
  const [codeClass, codeDetail] = [bytes[1]! >> 5, bytes[1]! & 31];
  if (first >> 6 !== VERSION || tokenLength > 8 || !isCode(codeClass, codeDetail, type)) return null;
  const empty = codeClass === 0 && codeDetail === EMPTY;
  if (empty && (bytes.length > 4 || tokenLength > 0)) return null;
  const cursor = new Cursor(bytes, 4);
  cursor.skip(tokenLength);
  const message = {
    type,
    codeClass,
    codeDetail,
    path: '',
    contentFormat: undefined,
    observe: false,
    protected: false,
  };
  return readOptions(cursor, { ...message, payload: new Uint8Array(0) });
}

/** Requests 0.01 to 0.07, responses of classes 2, 4 and 5; only a request needs no question before it. */
function isCode(codeClass: number, codeDetail: number, type: number): boolean {
  if (codeClass === 0) return codeDetail <= 7 && (codeDetail === EMPTY || type < ACKNOWLEDGEMENT);
  return (codeClass === 2 || codeClass === 4 || codeClass === 5) && type !== RESET;
}

function readOptions(cursor: Cursor, message: CoapMessage): CoapMessage | null {
  let number = 0;
  for (let i = 0; i < MAX_OPTIONS && cursor.left > 0; i++) {
    const head = cursor.u8();
    if (head === PAYLOAD_MARKER) {
      message.payload = cursor.rest();
      return message.payload.length > 0 ? message : null;
    }
    number += extended(cursor, head >> 4);
    const value = cursor.take(extended(cursor, head & 15));
    if (cursor.failed || !KNOWN.has(number)) return null;
    takeOption(message, number, value);
  }
  return cursor.left === 0 && !cursor.failed ? message : null;
}

/** §3.1: 13 and 14 announce one and two more bytes; 15 is reserved. */
function extended(cursor: Cursor, nibble: number): number {
  if (nibble === 13) return cursor.u8() + 13;
  if (nibble === 14) return cursor.u16() + 269;
  if (nibble === 15) cursor.skip(-1);
  return nibble;
}

function takeOption(message: CoapMessage, number: number, value: Uint8Array): void {
  if (number === option.observe) message.observe = true;
  else if (number === option.objectSecurity) message.protected = true;
  else if (number === option.path) message.path += `/${latin1(value)}`;
  else if (number === option.contentFormat && value.length <= 2) {
    message.contentFormat = value.reduce((sum, byte) => sum * 256 + byte, 0);
  }
}
