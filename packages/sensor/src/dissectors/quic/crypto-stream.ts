import type { CryptoPiece } from './frames.ts';
import { MAX_CRYPTO, MAX_PIECES } from './limits.ts';

const HEADER = 4;

export interface HandshakeMessage {
  type: number;
  body: Uint8Array;
}

/** Puts the handshake of one direction together from pieces that come in any order and more than once. */
export class CryptoStream {
  #bytes = new Uint8Array(0);
  /** Filled ranges, in order and apart. */
  #ranges: [start: number, end: number][] = [];
  #read = 0;

  /** False where more would have to be held than allowed. */
  add({ offset, data }: CryptoPiece): boolean {
    const end = offset + data.length;
    if (data.length === 0) return true;
    if (end > MAX_CRYPTO || this.#ranges.length >= MAX_PIECES) return false;
    if (end > this.#bytes.length) this.#grow(end);
    this.#bytes.set(data, offset);
    this.#cover(offset, end);
    return true;
  }

  /** The next whole handshake message (RFC 8446 §4), or null. */
  next(): HandshakeMessage | null {
    const [first] = this.#ranges;
    const filled = first?.[0] === 0 ? first[1] : 0;
    const at = this.#read;
    if (filled < at + HEADER) return null;
    const bytes = this.#bytes;
    const length = (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
    if (filled < at + HEADER + length) return null;
    this.#read = at + HEADER + length;
    return { type: bytes[at]!, body: bytes.subarray(at + HEADER, this.#read) };
  }

  #grow(end: number): void {
    const grown = new Uint8Array(Math.min(Math.max(end, this.#bytes.length * 2), MAX_CRYPTO));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }

  #cover(start: number, end: number): void {
    const apart = this.#ranges.filter(([from, to]) => to < start || from > end);
    const touching = this.#ranges.filter(([from, to]) => to >= start && from <= end);
    const from = Math.min(start, ...touching.map(([first]) => first));
    const to = Math.max(end, ...touching.map(([, last]) => last));
    this.#ranges = [...apart, [from, to] as [number, number]].sort((a, b) => a[0] - b[0]);
  }
}
