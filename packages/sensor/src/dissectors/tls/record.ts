import type { Recognition } from '../../dissector.ts';
import { MAX_HANDSHAKE, MAX_RECORD } from './limits.ts';

export const RECORD_HEADER = 5;
export const contentTypes = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
  heartbeat: 24,
};
export const messageTypes = { clientHello: 1, serverHello: 2, certificate: 11 };

export interface RecordHeader {
  type: number;
  length: number;
}

/** Null where no TLS record can begin so (RFC 8446 §5.1). */
export function readRecordHeader(bytes: Uint8Array): RecordHeader | null {
  const [type = 0, major = 0, minor = 0, high = 0, low = 0] = bytes;
  const length = (high << 8) | low;
  if (type < contentTypes.changeCipherSpec || type > contentTypes.heartbeat) return null;
  const version = (major === 3 && minor <= 4) || major === 0x7f;
  return version && length <= MAX_RECORD ? { type, length } : null;
}

/** Does the direction begin with a hello of `type`? */
export function beginsWithHello(bytes: Uint8Array, type: number): Recognition {
  if (bytes.length < 11) return plausiblyPartial(bytes);
  const header = readRecordHeader(bytes);
  if (header?.type !== contentTypes.handshake || header.length < 4 || bytes[5] !== type) return 'no';
  const length = (bytes[6]! << 16) | (bytes[7]! << 8) | bytes[8]!;
  // RFC 5246 §6.2.1 allows fragments so small that the version is in the next record.
  if (length < 38 || length > MAX_HANDSHAKE) return 'no';
  return header.length < 6 || bytes[9] === 3 || bytes[9] === 0x7f ? 'yes' : 'no';
}

function plausiblyPartial(bytes: Uint8Array): Recognition {
  if (bytes.length > 0 && bytes[0] !== contentTypes.handshake) return 'no';
  return bytes.length > 1 && bytes[1] !== 3 ? 'no' : 'more';
}
