/** Damaged variants of a message, for tests of parsers. */

/** The message cut off after each of its bytes, from nothing to one less than all. */
export function truncations(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_, length) => bytes.slice(0, length));
}

/** The message with each of its bits turned in turn. */
export function bitFlips(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length * 8 }, (_, bit) => {
    const flipped = bytes.slice();
    flipped[bit >>> 3]! ^= 1 << (bit & 7);
    return flipped;
  });
}

/** The message with each of its bytes set to the largest value in turn: lengths and counts become absurd. */
export function absurdities(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_, at) => {
    const absurd = bytes.slice();
    absurd[at] = 255;
    return absurd;
  });
}

export function allDamage(bytes: Uint8Array): Uint8Array[] {
  return [...truncations(bytes), ...bitFlips(bytes), ...absurdities(bytes)];
}

/** Bytes from hexadecimal digits; white space is ignored. */
export function hex(digits: string): Uint8Array {
  return Uint8Array.from(digits.replaceAll(/\s/g, '').match(/../g) ?? [], (pair) =>
    Number.parseInt(pair, 16),
  );
}
