import { Cursor } from '../../bytes/cursor.ts';
import { MAX_PEERS } from './limits.ts';
import { readNpdu } from './npdu.ts';

/** BACnet Virtual Link Control functions (ASHRAE 135-2020 Annex J.2). */
export const bvlc = {
  result: 0,
  writeBroadcastTable: 1,
  readBroadcastTable: 2,
  readBroadcastTableAck: 3,
  forwarded: 4,
  registerForeignDevice: 5,
  readForeignTable: 6,
  readForeignTableAck: 7,
  deleteForeignEntry: 8,
  distributeBroadcast: 9,
  unicast: 10,
  broadcast: 11,
} as const;

export const BVLC_HEADER = 4;
const TYPE = 0x81;
/** Address and port. */
const ADDRESS = 6;
/** Address, port and mask of a broadcast table's entry; address, port, lifetime and time left of a foreign device's. */
const ENTRY = 10;

/** Bytes behind the header, where the function fixes them. */
const FIXED: Readonly<Record<number, number>> = {
  [bvlc.result]: 2,
  [bvlc.readBroadcastTable]: 0,
  [bvlc.registerForeignDevice]: 2,
  [bvlc.readForeignTable]: 0,
  [bvlc.deleteForeignEntry]: ADDRESS,
};
const TABLES: readonly number[] = [
  bvlc.writeBroadcastTable,
  bvlc.readBroadcastTableAck,
  bvlc.readForeignTableAck,
];

/** True where type, length and what its function must hold fit. */
export function isBvlc(payload: Uint8Array): boolean {
  if (payload.length < BVLC_HEADER || payload[0] !== TYPE) return false;
  const length = payload[2]! * 256 + payload[3]!;
  if (length !== payload.length) return false;
  const inside = length - BVLC_HEADER;
  const fixed = FIXED[payload[1]!];
  if (fixed !== undefined) return inside === fixed;
  if (TABLES.includes(payload[1]!)) return inside % ENTRY === 0;
  const start = npduStart(payload);
  return start > 0 && readNpdu(new Cursor(payload, start)) !== null;
}

/** Where the network layer starts, or 0 where the function carries none. */
export function npduStart(payload: Uint8Array): number {
  const [, code] = payload;
  if (code === bvlc.forwarded) return BVLC_HEADER + ADDRESS;
  const plain = code === bvlc.unicast || code === bvlc.broadcast || code === bvlc.distributeBroadcast;
  return plain ? BVLC_HEADER : 0;
}

/** IPv4 addresses of a table's entries, or of the origin of a forwarded message. */
export function addressesOf(payload: Uint8Array, size: number = ENTRY): string[] {
  const found: string[] = [];
  for (let at = BVLC_HEADER; at + ADDRESS <= payload.length && found.length < MAX_PEERS; at += size) {
    found.push(payload.subarray(at, at + 4).join('.'));
  }
  return found;
}
