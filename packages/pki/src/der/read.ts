import { DER_DEPTH, DER_ELEMENTS } from '../limits.ts';
import { PkiError } from '../pki-error.ts';
import type { Bytes } from './write.ts';

/** One element, as it lies in the bytes. */
export interface Element {
  tag: number;
  /** Where its tag stands, from the begin of the whole. */
  at: number;
  /** With tag and length. */
  bytes: Bytes;
  /** Without them. */
  body: Bytes;
}

/**
 * Reads elements one after the other; refuses what is not the distinguished encoding (X.690 §10.1): lengths of unknown or
 * longer than least form, tags of more octets than one (nothing here has them).
 */
export class Reader {
  readonly #bytes: Bytes;
  /** Where the bytes begin within the whole. */
  readonly #base: number;
  #at = 0;

  constructor(bytes: Bytes, base = 0) {
    this.#bytes = bytes;
    this.#base = base;
  }

  /** Within an element of elements. */
  static in({ at, bytes, body }: Element): Reader {
    return new Reader(body, at + bytes.length - body.length);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** @throws PkiError where the bytes are no element, or one of another tag */
  next(what: string, tag?: number): Element {
    const start = this.#at;
    const found = this.#byte(what);
    if (tag !== undefined && found !== tag) this.#fail(`${what} expected, found tag 0x${hex(found)}`, start);
    if ((found & 0x1f) === 0x1f) this.#fail(`${what}: a tag of several octets`, start);
    const length = this.#length(what);
    const from = this.#at;
    if (length > this.#bytes.length - from) this.#fail(`${what} ends before its ${length} bytes`, start);
    this.#at = from + length;
    const [bytes, body] = [this.#bytes.subarray(start, this.#at), this.#bytes.subarray(from, this.#at)];
    return { tag: found, at: this.#base + start, bytes, body };
  }

  /** Null where something else, or nothing, comes. */
  optional(what: string, tag: number): Element | null {
    return !this.isAtEnd && this.#bytes[this.#at] === tag ? this.next(what, tag) : null;
  }

  /** A reader within the next element. */
  enter(what: string, tag = 0x30): Reader {
    return Reader.in(this.next(what, tag));
  }

  /** @throws PkiError where something is left over */
  end(what: string): void {
    if (!this.isAtEnd) this.#fail(`${what}: ${this.#bytes.length - this.#at} bytes too many`, this.#at);
  }

  #length(what: string): number {
    const start = this.#at;
    const first = this.#byte(what);
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0 || count > 4) this.#fail(`${what}: a length of this form is not taken`, start);
    let length = 0;
    for (let i = 0; i < count; i += 1) length = length * 256 + this.#byte(what);
    const isLeast = length >= 0x80 && length >= 256 ** (count - 1);
    if (!isLeast) this.#fail(`${what}: a length that is longer than it needs to be`, start);
    return length;
  }

  #byte(what: string): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) this.#fail(`${what} expected, the bytes end`, this.#at);
    this.#at += 1;
    return byte;
  }

  #fail(message: string, at: number): never {
    throw new PkiError('malformed', message, this.#base + at);
  }
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/**
 * A whole that is one element and nothing after it, within the bounds of size, depth and number, looked through to its
 * innermost before anything of it is used. @throws PkiError
 */
export function wellFormed(bytes: Bytes, most: number, what: string): Element {
  if (bytes.length > most)
    throw new PkiError('oversized', `${what} of ${bytes.length} bytes; at most ${most}`);
  const reader = new Reader(bytes);
  const whole = reader.next(what, 0x30);
  reader.end(what);
  const waiting: { element: Element; depth: number }[] = [{ element: whole, depth: 1 }];
  let count = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { element, depth } = next;
    if (depth > DER_DEPTH) throw new PkiError('oversized', `${what} is nested too deep`, element.at);
    const within = Reader.in(element);
    while (!within.isAtEnd) {
      count += 1;
      if (count > DER_ELEMENTS) throw new PkiError('oversized', `${what} has too many parts`, element.at);
      const part = within.next('a part');
      if ((part.tag & 0x20) !== 0) waiting.push({ element: part, depth: depth + 1 });
    }
  }
  return whole;
}
