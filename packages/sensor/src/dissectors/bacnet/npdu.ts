import type { Cursor } from '../../bytes/cursor.ts';

/** What a datagram carries below its application layer. */
export interface Npdu {
  /** Where the device stands behind the one that sent it: `network 5 address 0a`. */
  behind: string | undefined;
  /** Number of a network layer message, or null where an APDU follows. */
  message: number | null;
  rest: Cursor;
}

const VERSION = 1;
const NETWORK_MESSAGE = 0x80;
const RESERVED = 0x50;
const DESTINATION = 0x20;
const SOURCE = 0x08;
/** Messages from here on begin with a maker's identifier (ASHRAE 135-2020 §6.2.4). */
const PROPRIETARY = 0x80;

/** The network layer's header (ASHRAE 135-2020 §6.2); null where it is none. */
export function readNpdu(cursor: Cursor): Npdu | null {
  const version = cursor.u8();
  const control = cursor.u8();
  if (version !== VERSION || (control & RESERVED) !== 0) return null;
  if ((control & DESTINATION) !== 0) {
    cursor.skip(2);
    cursor.skip(cursor.u8());
  }
  const behind = (control & SOURCE) === 0 ? undefined : readSource(cursor);
  if ((control & DESTINATION) !== 0) cursor.skip(1); // hop count
  const message = (control & NETWORK_MESSAGE) === 0 ? null : cursor.u8();
  if (message !== null && message >= PROPRIETARY) cursor.skip(2);
  return cursor.failed ? null : { behind, message, rest: cursor };
}

function readSource(cursor: Cursor): string {
  const network = cursor.u16();
  const address = cursor.take(cursor.u8());
  const digits = Array.from(address.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0'));
  return `network ${network} address ${digits.join('')}`;
}
