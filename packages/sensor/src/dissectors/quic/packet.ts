import type { LongHeader } from './header.ts';
import { headerMask, open, type PacketKeys } from './keys.ts';

export interface PlainPacket {
  number: number;
  payload: Uint8Array;
}

const SAMPLE = 16;

/**
 * Takes header and packet protection off one packet (RFC 9001 §5.4.1, §5.3). `largest` is the largest packet number seen
 * of this side, -1 for none. Null where these are not its keys.
 */
export function unprotect(
  packet: Uint8Array,
  { numberAt, end }: LongHeader,
  keys: PacketKeys,
  largest: number,
): PlainPacket | null {
  const mask = headerMask(keys, packet.subarray(numberAt + 4, numberAt + 4 + SAMPLE));
  const first = packet[0]! ^ (mask[0]! & 0x0f);
  const length = (first & 3) + 1;
  // A copy even where the bytes are a Buffer, whose own `slice` is a view.
  const header = new Uint8Array(packet.subarray(0, numberAt + length));
  header[0] = first;
  let truncated = 0;
  for (let i = 0; i < length; i++) {
    header[numberAt + i]! ^= mask[1 + i]!;
    truncated = truncated * 256 + header[numberAt + i]!;
  }
  const number = wholeNumber(truncated, length, largest);
  const payload = open(keys, number, header, packet.subarray(numberAt + length, end));
  return payload === null ? null : { number, payload };
}

/** RFC 9000 appendix A.3: the number nearest to the one that is expected next. */
function wholeNumber(truncated: number, length: number, largest: number): number {
  const window = 256 ** length;
  const expected = largest + 1;
  const candidate = expected - (expected % window) + truncated;
  if (candidate <= expected - window / 2) return candidate + window;
  return candidate > expected + window / 2 && candidate >= window ? candidate - window : candidate;
}
