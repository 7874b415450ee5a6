const HEADER = 16;

/** True where a message of IPFIX begins: its version, a length that holds its head, and a first set of a known kind. */
export function beginsMessage(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER + 4) return false;
  const word = (at: number) => bytes[at]! * 256 + bytes[at + 1]!;
  const set = word(HEADER);
  return word(0) === 10 && word(2) >= HEADER && (set === 2 || set === 3 || set >= 256);
}

/** Cuts chunks into messages of IPFIX by their lengths (RFC 5655 §6); holds one message, of 65,535 bytes at the most. */
export class MessageSplitter {
  /** Where no message begins though one should; nothing behind it can be read. */
  damagedAt: number | null = null;
  #rest: Uint8Array = new Uint8Array(0);
  #offset = 0;

  /** Where the last message began that has not come whole; null where all did. */
  get unfinishedAt(): number | null {
    return this.#rest.length > 0 ? this.#offset : null;
  }

  *push(chunk: Uint8Array): Generator<Uint8Array> {
    const bytes = new Uint8Array(this.#rest.length + chunk.length);
    bytes.set(this.#rest);
    bytes.set(chunk, this.#rest.length);
    let at = 0;
    while (this.damagedAt === null && at + 4 <= bytes.length) {
      const length = bytes[at + 2]! * 256 + bytes[at + 3]!;
      if (bytes[at] !== 0 || bytes[at + 1] !== 10 || length < HEADER) this.damagedAt = this.#offset + at;
      else if (at + length > bytes.length) break;
      else {
        yield bytes.subarray(at, at + length);
        at += length;
      }
    }
    this.#offset += at;
    this.#rest = bytes.subarray(at);
  }
}
