/** RFC 8701 §2: both bytes alike, with `a` in the low half. */
export function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >>> 8 === (value & 0xff);
}
