/** Sub-identifiers of an object identifier (RFC 2578 §3.5). */
const MAX_SUB_IDENTIFIERS = 128;

export const tags = { integer: 2, octetString: 4, objectId: 6, sequence: 0x30 };

export interface Element {
  tag: number;
  content: Uint8Array;
}

/**
 * Reads BER elements one after the other (X.690 §8.1), of definite length and with single-byte tags, as SNMP (RFC 3417
 * §8), LDAP (RFC 4511 §5.1) and Kerberos use them. It never descends by itself, so that nesting costs nothing.
 */
export class BerReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  failed = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.failed ? 0 : this.#bytes.length - this.#at;
  }

  /** The next element, or null at the end and where it runs over the end. */
  next(): Element | null {
    const tag = this.#bytes[this.#at];
    const length = tag === undefined ? null : this.#length();
    if (tag === undefined || length === null || length > this.#bytes.length - this.#at) {
      this.failed = true;
      return null;
    }
    this.#at += length;
    return { tag, content: this.#bytes.subarray(this.#at - length, this.#at) };
  }

  /** The content of the next element if it has that tag. */
  take(tag: number): Uint8Array | null {
    const element = this.next();
    if (element?.tag === tag) return element.content;
    this.failed = true;
    return null;
  }

  #length(): number | null {
    const first = this.#bytes[this.#at + 1];
    if (first === undefined) return null;
    this.#at += 2;
    if (first < 0x80) return first;
    const size = first & 0x7f;
    if (size === 0 || size > 4 || this.#at + size > this.#bytes.length) return null;
    let length = 0;
    for (let i = 0; i < size; i++) length = length * 256 + this.#bytes[this.#at + i]!;
    this.#at += size;
    return length;
  }
}

/** A small integer; null where it is absent or larger than a safe number allows. */
export function integerOf(content: Uint8Array | null): number | null {
  if (content === null || content.length === 0 || content.length > 5) return null;
  return content.reduce((value, byte) => value * 256 + byte, content[0]! >= 0x80 ? -1 : 0);
}

/** "1.3.6.1.2.1.1.1.0" (X.690 §8.19); null where a sub-identifier is cut off or too large (RFC 2578 §3.5). */
export function objectId(content: Uint8Array): string | null {
  const parts: number[] = [];
  let value = 0;
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if (value > 0xffffffff || parts.length > MAX_SUB_IDENTIFIERS) return null;
    if (byte >= 0x80) continue;
    parts.push(value);
    value = 0;
  }
  const [first] = parts;
  if (first === undefined || content.at(-1)! >= 0x80) return null;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...parts.slice(1)].join('.');
}
