import { Cursor } from '../../bytes/cursor.ts';
import { latin1 } from '../../text/wire-text.ts';
import { MAX_ENTRIES } from './limits.ts';

/** Descriptors of what is said before a connection is in use (AMQP 1.0 §2.7.1, §5.3.3). */
export const performatives = { open: 0x10, mechanisms: 0x40, init: 0x41, outcome: 0x44 };

export interface Performative {
  descriptor: number;
  fields: Cursor;
  count: number;
}

/** One value: its kind by constructor, and its content (AMQP 1.0 §1.6). */
export interface Value {
  code: number;
  content: Uint8Array;
}

/** A described list, as all performatives are; null where it is none. */
export function readPerformative(body: Uint8Array): Performative | null {
  const cursor = new Cursor(body);
  const described = cursor.u8() === 0 && cursor.u8() === 0x53;
  const descriptor = cursor.u8();
  const list = cursor.u8();
  if (!described || cursor.failed) return null;
  if (list === 0x45) return { descriptor, fields: new Cursor(body, body.length), count: 0 };
  if (list !== 0xc0 && list !== 0xd0) return null;
  const inside = cursor.within(list === 0xc0 ? cursor.u8() : cursor.u32());
  const count = list === 0xc0 ? inside.u8() : inside.u32();
  return inside.failed ? null : { descriptor, fields: inside, count: Math.min(count, MAX_ENTRIES) };
}

export function valuesOf({ fields, count }: Performative): Value[] {
  const values: Value[] = [];
  while (values.length < count && fields.left > 0) {
    const value = readValue(fields);
    if (value === null) break;
    values.push(value);
  }
  return values;
}

/** The high digit of a constructor tells the size (AMQP 1.0 §1.2); described values are passed over unread. */
function readValue(cursor: Cursor): Value | null {
  const code = cursor.u8();
  if (code === 0) {
    readFlat(cursor, cursor.u8());
    return { code, content: readFlat(cursor, cursor.u8()) };
  }
  const content = readFlat(cursor, code);
  return cursor.failed ? null : { code, content };
}

function readFlat(cursor: Cursor, code: number): Uint8Array {
  const digit = code >> 4;
  if (digit === 4) return cursor.take(0);
  if (digit >= 5 && digit <= 9) return cursor.take(2 ** (digit - 5));
  if (digit === 0xa || digit === 0xc || digit === 0xe) return cursor.take(cursor.u8());
  return cursor.take(digit >= 0xb ? cursor.u32() : -1);
}

/** A symbol or string. */
export function textIn(value: Value | undefined): string {
  return value !== undefined && [0xa1, 0xa3, 0xb1, 0xb3].includes(value.code) ? latin1(value.content) : '';
}

/** One symbol, or an array of them. */
export function symbolsIn(value: Value | undefined): string[] {
  if (value === undefined || (value.code !== 0xe0 && value.code !== 0xf0)) return [textIn(value)];
  const cursor = new Cursor(value.content);
  const count = value.code === 0xe0 ? cursor.u8() : cursor.u32();
  const long = cursor.u8() === 0xb3;
  const found: string[] = [];
  while (found.length < Math.min(count, MAX_ENTRIES) && cursor.left > 0) {
    found.push(latin1(cursor.take(long ? cursor.u32() : cursor.u8())));
  }
  return found;
}

/** The texts of a map with symbols as keys. */
export function mapIn(value: Value | undefined): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  if (value === undefined || (value.code !== 0xc1 && value.code !== 0xd1)) return found;
  const cursor = new Cursor(value.content);
  const count = value.code === 0xc1 ? cursor.u8() : cursor.u32();
  const fields = valuesOf({ descriptor: 0, fields: cursor, count: Math.min(count, MAX_ENTRIES) });
  for (let i = 0; i + 1 < fields.length; i += 2) {
    if (textIn(fields[i + 1]) !== '') found.set(textIn(fields[i]), fields[i + 1]!.content);
  }
  return found;
}
