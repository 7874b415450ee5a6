import { MAX_HANDSHAKE } from './limits.ts';

export interface HandshakeMessage {
  type: number;
  body: Uint8Array;
}

const HEADER = 4;

/** Puts handshake messages of one direction together from records, in which they may be split or many (RFC 8446 §5.1). */
export class HandshakeBuffer {
  #held = new Uint8Array(0);

  /** False where more would have to be held than allowed. */
  add(fragment: Uint8Array): boolean {
    if (this.#held.length + fragment.length > MAX_HANDSHAKE) return false;
    const joined = new Uint8Array(this.#held.length + fragment.length);
    joined.set(this.#held);
    joined.set(fragment, this.#held.length);
    this.#held = joined;
    return true;
  }

  /** The next whole message, or null. */
  next(): HandshakeMessage | null {
    const held = this.#held;
    if (held.length < HEADER) return null;
    const length = (held[1]! << 16) | (held[2]! << 8) | held[3]!;
    if (held.length < HEADER + length) return null;
    this.#held = held.subarray(HEADER + length);
    return { type: held[0]!, body: held.subarray(HEADER, HEADER + length) };
  }
}
