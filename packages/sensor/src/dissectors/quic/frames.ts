import { Cursor } from '../../bytes/cursor.ts';
import { MAX_FRAMES } from './limits.ts';
import { varint } from './varint.ts';

/** A piece of the handshake (RFC 9000 §19.6). */
export interface CryptoPiece {
  offset: number;
  data: Uint8Array;
}

const PADDING = 0;
const PING = 1;
const ACK = 2;
const ACK_ECN = 3;
const CRYPTO = 6;

/** The CRYPTO frames of an Initial packet's payload; what else it may hold (RFC 9000 §12.4) is stepped over. */
export function cryptoPieces(payload: Uint8Array): CryptoPiece[] {
  const cursor = new Cursor(payload);
  const pieces: CryptoPiece[] = [];
  for (let count = 0; count < MAX_FRAMES && cursor.left > 0; count++) {
    const type = cursor.u8();
    if (type === PADDING) skipPadding(cursor);
    else if (type === CRYPTO) pieces.push({ offset: varint(cursor), data: cursor.take(varint(cursor)) });
    else if (type === ACK || type === ACK_ECN) skipAck(cursor, type);
    else if (type !== PING) break;
  }
  return cursor.failed ? pieces.slice(0, -1) : pieces;
}

function skipPadding(cursor: Cursor): void {
  while (cursor.left > 0 && cursor.bytes[cursor.at] === PADDING) cursor.skip(1);
}

/** RFC 9000 §19.3: a delay and ranges, each number of which takes a byte at least. */
function skipAck(cursor: Cursor, type: number): void {
  varint(cursor);
  varint(cursor);
  const numbers = 1 + varint(cursor) * 2 + (type === ACK_ECN ? 3 : 0);
  for (let i = 0; i < numbers && !cursor.failed; i++) varint(cursor);
}
