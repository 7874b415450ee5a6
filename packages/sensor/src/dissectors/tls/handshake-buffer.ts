import { MAX_HANDSHAKE } from './limits.ts';

export interface HandshakeMessage {
  type: number;
  body: Uint8Array;
}

const HEADER = 4;
const EMPTY = new Uint8Array(0);

/** Puts handshake messages of one direction together from records, in which they may be split or many (RFC 8446 §5.1). */
export class HandshakeBuffer {
  #room = EMPTY;
  #start = 0;
  #end = 0;

  get heldBytes(): number {
    return this.#room.length;
  }

  /** False where more would have to be held than allowed. */
  add(fragment: Uint8Array): boolean {
    const length = this.#end - this.#start + fragment.length;
    if (length > MAX_HANDSHAKE) return false;
    if (this.#end + fragment.length > this.#room.length) this.#makeRoom(length);
    this.#room.set(fragment, this.#end);
    this.#end += fragment.length;
    return true;
  }

  /** The next whole message, or null; it is a view that holds until the next fragment is added. */
  next(): HandshakeMessage | null {
    const held = this.#room.subarray(this.#start, this.#end);
    if (held.length < HEADER) return this.#rest();
    const length = (held[1]! << 16) | (held[2]! << 8) | held[3]!;
    if (held.length < HEADER + length) return null;
    this.#start += HEADER + length;
    return { type: held[0]!, body: held.subarray(HEADER, HEADER + length) };
  }

  /** Keeps no room where nothing is held. */
  #rest(): null {
    if (this.#start === this.#end) {
      this.#room = EMPTY;
      this.#start = 0;
      this.#end = 0;
    }
    return null;
  }

  /** Room doubles, so that a message in records of one byte costs no more than one in a few. */
  #makeRoom(length: number): void {
    const grown = Math.min(MAX_HANDSHAKE, Math.max(length, this.#room.length * 2));
    const room = new Uint8Array(grown);
    room.set(this.#room.subarray(this.#start, this.#end));
    this.#end -= this.#start;
    this.#start = 0;
    this.#room = room;
  }
}
