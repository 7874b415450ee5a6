/**
 * True where a frame's checksum holds: the Internet checksum (RFC 1071), except that the last byte of an odd number of
 * them is added as a signed number, and one less where it is negative.
 */
export function checksumHolds(bytes: Uint8Array): boolean {
  let sum = 0;
  for (let at = 0; at + 1 < bytes.length; at += 2) sum += (bytes[at]! << 8) | bytes[at + 1]!;
  if (bytes.length % 2 === 1) sum += lastWord(bytes.at(-1)!);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum === 0xffff;
}

function lastWord(byte: number): number {
  return byte < 0x80 ? byte : 0xff00 | (byte - 1);
}
