/** Control packet types (MQTT 5.0 §2.1.2). */
export const CONNECT = 1;
export const CONNACK = 2;
export const AUTH = 15;

export interface FixedHeader {
  type: number;
  flags: number;
  /** Bytes of the fixed header itself. */
  size: number;
  /** Bytes that follow it. */
  remaining: number;
}

/** The fixed header (MQTT 5.0 §2.1), the same in all versions: null needs more bytes. */
export function readFixedHeader(bytes: Uint8Array): FixedHeader | 'invalid' | null {
  const first = bytes[0];
  if (first === undefined) return null;
  const length = readVariableInteger(bytes, 1);
  if (length === null || length === 'invalid') return length;
  return { type: first >> 4, flags: first & 15, size: length.end, remaining: length.value };
}

/** Variable byte integer (MQTT 5.0 §1.5.5): at most four bytes. */
export function readVariableInteger(
  bytes: Uint8Array,
  at: number,
): { value: number; end: number } | 'invalid' | null {
  let value = 0;
  for (let i = 0; i < 4; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 128 ** i;
    if (byte < 0x80) return { value, end: at + i + 1 };
  }
  return 'invalid';
}
