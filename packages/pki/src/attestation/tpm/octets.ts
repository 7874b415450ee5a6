const NONE = new Uint8Array(0);

/**
 * Reads hostile structures from front to back. Past the end it gives zeros or an empty view and sets
 * {@link Octets.failed} for good, so that a parser reads a whole structure and asks once whether it was there.
 */
export class Octets {
  readonly bytes: Uint8Array;
  readonly #little: boolean;
  at = 0;
  failed = false;

  /** A TPM's own structures are big-endian; its event log is little-endian. */
  constructor(bytes: Uint8Array, order: 'big' | 'little' = 'big') {
    this.bytes = bytes;
    this.#little = order === 'little';
  }

  /** True where all was there and nothing is left over. */
  get complete(): boolean {
    return !this.failed && this.at === this.bytes.length;
  }

  get left(): number {
    return this.failed ? 0 : this.bytes.length - this.at;
  }

  u8(): number {
    return this.#number(1);
  }

  u16(): number {
    return this.#number(2);
  }

  u32(): number {
    return this.#number(4);
  }

  u64(): bigint {
    const [first, second] = [this.u32(), this.u32()].map(BigInt) as [bigint, bigint];
    return this.#little ? (second << 32n) | first : (first << 32n) | second;
  }

  /** A view of the next `length` bytes; empty where there are fewer. */
  take(length: number): Uint8Array {
    if (this.failed || length > this.bytes.length - this.at) {
      this.failed = true;
      return NONE;
    }
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** TPM 2.0 Part 2 §10.4: a size of two bytes and as many bytes. */
  sized(): Uint8Array {
    return this.take(this.u16());
  }

  #number(size: number): number {
    const bytes = this.take(size);
    let value = 0;
    for (let place = 0; place < bytes.length; place += 1)
      value = value * 256 + bytes[this.#little ? bytes.length - 1 - place : place]!;
    return value;
  }
}

/** `value` in two bytes, big-endian. */
export const u16 = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff);

/** `value` in four bytes, big-endian. */
export const u32 = (value: number): Uint8Array => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** TPM2B: the length in two bytes, and the bytes. */
export const sized = (bytes: Uint8Array): Uint8Array => Buffer.concat([u16(bytes.length), bytes]);

export const sameBytes = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;
