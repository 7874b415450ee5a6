import type { Cursor } from '../../bytes/cursor.ts';

/** A number of one, two, four or eight bytes (RFC 9000 §16); beyond 2^53 it is no length of anything and inexact. */
export function varint(cursor: Cursor): number {
  const first = cursor.u8();
  const high = first & 0x3f;
  switch (first >>> 6) {
    case 0:
      return high;
    case 1:
      return high * 0x100 + cursor.u8();
    case 2:
      return high * 0x1000000 + cursor.u24();
    default:
      return (high * 0x1000000 + cursor.u24()) * 0x100000000 + cursor.u32();
  }
}
