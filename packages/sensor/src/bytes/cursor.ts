const NONE = new Uint8Array(0);

/**
 * Reads hostile bytes from front to back. Reading past the end never throws: it gives zeros or an empty view and
 * sets {@link Cursor.failed} for good, so that a parser reads a whole structure and asks once whether it was there.
 */
export class Cursor {
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;
  failed = false;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.end = Math.min(Math.max(end, 0), bytes.length);
    this.at = Math.max(start, 0);
    if (this.at > this.end) this.failed = true;
  }

  get left(): number {
    return this.failed ? 0 : this.end - this.at;
  }

  u8(): number {
    return this.#number(1, false);
  }

  u16(): number {
    return this.#number(2, false);
  }

  u24(): number {
    return this.#number(3, false);
  }

  u32(): number {
    return this.#number(4, false);
  }

  u16le(): number {
    return this.#number(2, true);
  }

  u32le(): number {
    return this.#number(4, true);
  }

  /** A view of the next `length` bytes; empty where there are fewer. */
  take(length: number): Uint8Array {
    return this.skip(length) ? this.bytes.subarray(this.at - length, this.at) : NONE;
  }

  /** All that is left. */
  rest(): Uint8Array {
    return this.take(this.left);
  }

  /** A cursor over the next `length` bytes, which this one steps over. */
  within(length: number): Cursor {
    const start = this.at;
    const inside = new Cursor(this.bytes, start, this.skip(length) ? start + length : start);
    if (this.failed) inside.failed = true;
    return inside;
  }

  skip(length: number): boolean {
    if (this.failed || length < 0 || length > this.end - this.at) {
      this.failed = true;
      return false;
    }
    this.at += length;
    return true;
  }

  #number(size: number, little: boolean): number {
    if (!this.skip(size)) return 0;
    let value = 0;
    for (let i = 0; i < size; i++) {
      value = value * 256 + this.bytes[little ? this.at - 1 - i : this.at - size + i]!;
    }
    return value;
  }
}
