import { MAX_SEGMENT } from './limits.ts';

export const START_BLOCK = 0x0b;
const END_BLOCK = 0x1c;
const CARRIAGE_RETURN = 0x0d;
export const LINE_FEED = 0x0a;

/** What a reader finds, in order. */
export interface BlockListener {
  /** One segment without its terminator; a view. */
  segment(bytes: Uint8Array): void;
  /** The block has ended. */
  end(): void;
  /** Bytes between two blocks that belong to none; told once per stretch. */
  stray(): void;
}

/**
 * The minimal lower layer protocol (HL7 transport specification, MLLP release 1): 0x0B, segments that each end with
 * 0x0D (a line feed is tolerated), 0x1C 0x0D. Segments beyond the bound are left out whole.
 */
export class BlockReader {
  #inBlock = false;
  #skipping = false;
  #strayed = false;

  /** Takes as many whole segments as there are; returns the bytes consumed. */
  read(bytes: Uint8Array, listener: BlockListener): number {
    let at = 0;
    while (at < bytes.length) {
      const next = this.#inBlock ? this.#segment(bytes, at, listener) : this.#between(bytes, at, listener);
      if (next === at) break;
      at = next;
    }
    return at;
  }

  /** Bytes were lost: nothing counts before the next start of a block. */
  resynchronise(): void {
    this.#inBlock = false;
    this.#skipping = false;
    this.#strayed = true;
  }

  #between(bytes: Uint8Array, at: number, listener: BlockListener): number {
    const byte = bytes[at];
    if (byte === START_BLOCK) {
      this.#inBlock = true;
      this.#strayed = false;
    } else if (byte !== CARRIAGE_RETURN && byte !== LINE_FEED && !this.#strayed) {
      this.#strayed = true;
      listener.stray();
    }
    return at + 1;
  }

  #segment(bytes: Uint8Array, at: number, listener: BlockListener): number {
    const end = terminator(bytes, at);
    if (end < 0) {
      // Nothing of a long segment is held back: it is dropped as it comes, up to its terminator.
      this.#skipping ||= bytes.length - at > MAX_SEGMENT;
      return this.#skipping ? bytes.length : at;
    }
    if (!this.#skipping && end > at && end - at <= MAX_SEGMENT) listener.segment(bytes.subarray(at, end));
    this.#skipping = false;
    if (bytes[end] === END_BLOCK) this.#close(listener);
    return end + 1;
  }

  #close(listener: BlockListener): void {
    this.#inBlock = false;
    listener.end();
  }
}

function terminator(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === CARRIAGE_RETURN || byte === END_BLOCK || byte === LINE_FEED) return at;
  }
  return -1;
}
