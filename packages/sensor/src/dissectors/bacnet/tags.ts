import type { Cursor } from '../../bytes/cursor.ts';
import { factText, latin1 } from '../../text/wire-text.ts';
import { MAX_TEXT } from './limits.ts';

export interface Tag {
  number: number;
  context: boolean;
  /** `open` and `close` surround what is built of other tags. */
  form: 'value' | 'open' | 'close';
  content: Uint8Array;
}

/** Application tag numbers (ASHRAE 135-2020 §20.2.1.4). */
export const applicationTag = { boolean: 1, unsigned: 2, text: 7, enumerated: 9, objectId: 12 } as const;

const NOTHING = new Uint8Array(0);
const EXTENDED = 15;
const LONG = 5;
const OPEN = 6;
const CLOSE = 7;

/** One tag with its content (§20.2.1); null at the end or where it does not fit. */
export function readTag(cursor: Cursor): Tag | null {
  if (cursor.left === 0) return null;
  const first = cursor.u8();
  const number = first >> 4 === EXTENDED ? cursor.u8() : first >> 4;
  const context = (first & 8) !== 0;
  const kind = first & 7;
  if (context && kind >= OPEN) {
    const form = kind === CLOSE ? 'close' : 'open';
    return cursor.failed ? null : { number, context, form, content: NOTHING };
  }
  // An application's boolean holds its value in place of the length (§20.2.3).
  const bare = !context && number === applicationTag.boolean;
  const content = bare ? NOTHING : cursor.take(kind === LONG ? longLength(cursor) : kind);
  return cursor.failed ? null : { number, context, form: 'value', content };
}

function longLength(cursor: Cursor): number {
  const short = cursor.u8();
  if (short === 254) return cursor.u16();
  return short === 255 ? cursor.u32() : short;
}

export function unsignedOf(content: Uint8Array): number | undefined {
  if (content.length === 0 || content.length > 4) return undefined;
  return content.reduce((value, byte) => value * 256 + byte, 0);
}

/** Object type and instance (§20.2.14). */
export function objectOf(content: Uint8Array): { type: number; instance: number } | undefined {
  const value = content.length === 4 ? unsignedOf(content) : undefined;
  if (value === undefined) return undefined;
  return { type: Math.floor(value / 0x400000), instance: value % 0x400000 };
}

/** Character sets of texts (§20.2.9): UTF-8, UCS-2 and ISO 8859-1; others stay unread. */
export function textOf(content: Uint8Array): string | undefined {
  const [set] = content;
  const value = content.subarray(1);
  if (set === 0) return factText(value, MAX_TEXT);
  if (set === 4) return factText(utf16.decode(value), MAX_TEXT);
  return set === 5 ? factText(latin1(value), MAX_TEXT) : undefined;
}

const utf16 = new TextDecoder('utf-16be');
