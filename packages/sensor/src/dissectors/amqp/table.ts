import { Cursor } from '../../bytes/cursor.ts';
import { latin1 } from '../../text/wire-text.ts';
import { MAX_ENTRIES } from './limits.ts';

/** Sizes of field values of a fixed size (AMQP 0-9-1 §4.2.5.5, with RabbitMQ's errata). */
const SIZES: Readonly<Record<string, number>> = {
  t: 1,
  b: 1,
  B: 1,
  s: 2,
  u: 2,
  U: 2,
  I: 4,
  i: 4,
  f: 4,
  l: 8,
  L: 8,
  d: 8,
  T: 8,
  D: 5,
  V: 0,
};

/** The texts of a field table; tables and arrays inside are passed over. */
export function readTable(bytes: Uint8Array): Map<string, Uint8Array> {
  const cursor = new Cursor(bytes);
  const found = new Map<string, Uint8Array>();
  for (let count = 0; cursor.left > 0 && count < MAX_ENTRIES; count++) {
    const name = latin1(cursor.take(cursor.u8()));
    const type = String.fromCharCode(cursor.u8());
    const value = cursor.take(SIZES[type] ?? ('SxFA'.includes(type) ? cursor.u32() : -1));
    if (cursor.failed) break;
    if (type === 'S') found.set(name, value);
  }
  return found;
}
