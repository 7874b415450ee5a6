import type { Head } from './head.ts';
import { BODY_SAMPLE, MAX_CHUNK_LINE, MAX_TRAILER } from './limits.ts';

/** How a body is delimited (RFC 9112 §6.3). */
export type Framing =
  | { kind: 'none' }
  | { kind: 'length'; length: number }
  | { kind: 'chunked' }
  | { kind: 'close' };

/** `bodiless`: the answer to HEAD, or a status that never has a body. Null where the fields contradict themselves. */
export function framingOf(head: Head, bodiless: boolean): Framing | null {
  if (bodiless) return { kind: 'none' };
  const coding = head.fields.get('transfer-encoding');
  if (coding !== undefined) return framingByCoding(head, coding);
  const length = head.fields.get('content-length');
  if (length === undefined) return head.kind === 'request' ? { kind: 'none' } : { kind: 'close' };
  // Repeated equal lengths are taken as one (§6.3 rule 5).
  if (/^\d{1,15}$/.test(length)) return ofLength(length);
  const values = new Set(length.split(/\s*,\s*/));
  const [value = ''] = values;
  if (values.size !== 1 || !/^\d{1,15}$/.test(value)) return null;
  return ofLength(value);
}

function ofLength(value: string): Framing {
  return value === '0' ? { kind: 'none' } : { kind: 'length', length: Number(value) };
}

function framingByCoding(head: Head, coding: string): Framing | null {
  if (/(^|,)\s*chunked\s*$/i.test(coding)) return { kind: 'chunked' };
  return head.kind === 'request' ? null : { kind: 'close' };
}

const NOTHING = new Uint8Array(0);

/** The first bytes of one body, without its chunks' sizes. */
export class BodySample {
  readonly #most: number;
  #bytes = NOTHING;
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get heldBytes(): number {
    return this.#bytes.length;
  }

  get isFull(): boolean {
    return this.#length === this.#most;
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  push(bytes: Uint8Array): void {
    const part = bytes.subarray(0, this.#most - this.#length);
    // Most bodies are whole in their first segment, or have ended before the sample is full.
    if (this.#length + part.length > this.#bytes.length) this.#grow(this.#length + part.length);
    this.#bytes.set(part, this.#length);
    this.#length += part.length;
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(
      this.#length === 0 ? needed : Math.min(this.#most, Math.max(2 * needed, BODY_SAMPLE)),
    );
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

const FOREVER = Number.MAX_SAFE_INTEGER;

/** Follows one body to its end and samples its start; what is behind the sample is skipped without being seen. */
export class BodyReader {
  readonly sample: BodySample;
  readonly #framing: Framing;
  /** Bytes left of the body, or of the chunk. */
  #left: number;
  #phase: 'data' | 'size' | 'line-end' | 'trailer';
  #trailer = 0;
  ended = false;
  /** The chunks' sizes make no sense. */
  broken = false;

  constructor(framing: Framing, most: number) {
    this.sample = new BodySample(most);
    this.#framing = framing;
    this.#left = framing.kind === 'length' ? framing.length : framing.kind === 'close' ? FOREVER : 0;
    this.#phase = framing.kind === 'chunked' ? 'size' : 'data';
    this.ended = framing.kind === 'none';
  }

  /** Returns the bytes consumed, beyond the given ones where more can be skipped. */
  read(bytes: Uint8Array): number {
    if (this.#phase === 'data') return this.#data(bytes);
    if (this.#phase === 'size') return this.#size(bytes);
    return this.#phase === 'line-end' ? this.#lineEnd(bytes) : this.#trailers(bytes);
  }

  /** Whether a gap of this length lies within the body. What is sampled then ends before it. */
  lose(length: number): boolean {
    if (this.#phase !== 'data' || length > this.#left) return false;
    this.#left -= length;
    this.#endData();
    return true;
  }

  #data(bytes: Uint8Array): number {
    const length = this.sample.isFull ? this.#left : Math.min(bytes.length, this.#left);
    if (!this.sample.isFull) this.sample.push(bytes.subarray(0, length));
    if (this.#framing.kind !== 'close') this.#left -= length;
    this.#endData();
    return length;
  }

  #endData(): void {
    if (this.#left > 0) return;
    if (this.#framing.kind === 'chunked') this.#phase = 'line-end';
    else this.ended = true;
  }

  /** RFC 9112 §7.1: the size in hexadecimal, then extensions. */
  #size(bytes: Uint8Array): number {
    const end = bytes.indexOf(0x0a);
    if (end < 0 || end > MAX_CHUNK_LINE) return end < 0 && bytes.length <= MAX_CHUNK_LINE ? 0 : this.#break();
    const line = String.fromCharCode(...bytes.subarray(0, end));
    const size = /^([0-9a-fA-F]{1,12})[ \t]*(;|\r?$)/.exec(line)?.[1];
    if (size === undefined) return this.#break();
    this.#left = Number.parseInt(size, 16);
    this.#phase = this.#left === 0 ? 'trailer' : 'data';
    return end + 1;
  }

  #lineEnd(bytes: Uint8Array): number {
    const length = bytes[0] === 0x0a ? 1 : 2;
    if (length === 2 && bytes.length < 2) return 0;
    if (bytes[length - 1] !== 0x0a) return this.#break();
    this.#phase = 'size';
    return length;
  }

  #trailers(bytes: Uint8Array): number {
    const end = bytes.indexOf(0x0a);
    if (end < 0) return bytes.length > MAX_TRAILER ? this.#break() : 0;
    this.#trailer += end + 1;
    this.ended = end === 0 || (end === 1 && bytes[0] === 0x0d);
    return this.#trailer > MAX_TRAILER ? this.#break() : end + 1;
  }

  #break(): number {
    this.broken = true;
    this.ended = true;
    return 0;
  }
}
