import { Cursor } from '../../bytes/cursor.ts';
import { MAX_CONNECTION_ID } from './limits.ts';
import { varint } from './varint.ts';
import { type QuicVersion, quicVersion } from './versions.ts';

const LONG_AND_FIXED = 0xc0;
/** A packet number and the sample behind it that header protection needs (RFC 9001 §5.4.2). */
const SMALLEST_PROTECTED = 20;

export interface LongHeader {
  version: QuicVersion;
  isInitial: boolean;
  destination: Uint8Array;
  /** Of an Initial, in bytes. */
  tokenLength: number;
  /** Where the packet number begins, from the packet's start. */
  numberAt: number;
  /** Where the packet ends. */
  end: number;
}

/** A long header (RFC 9000 §17.2) of a version that can be read; null for others, and where it has no length (a Retry). */
export function readLongHeader(bytes: Uint8Array): LongHeader | null {
  if ((bytes[0]! & LONG_AND_FIXED) !== LONG_AND_FIXED) return null;
  const cursor = new Cursor(bytes, 1);
  const version = quicVersion(cursor.u32());
  if (version === null) return null;
  const destination = cursor.take(connectionIdLength(cursor));
  cursor.skip(connectionIdLength(cursor));
  const type = (((bytes[0]! >>> 4) & 3) + 4 - version.initial) & 3;
  if (type === 3) return null;
  const tokenLength = type === 0 ? varint(cursor) : 0;
  cursor.skip(tokenLength);
  const length = varint(cursor);
  const end = cursor.at + length;
  if (cursor.failed || length < SMALLEST_PROTECTED || end > bytes.length) return null;
  return { version, isInitial: type === 0, destination, tokenLength, numberAt: cursor.at, end };
}

function connectionIdLength(cursor: Cursor): number {
  const length = cursor.u8();
  return length > MAX_CONNECTION_ID ? -1 : length;
}
