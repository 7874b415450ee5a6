import { MAX_DATAGRAM, MAX_DATAGRAM_FRAGMENTS } from '../limits.ts';

interface Piece {
  start: number;
  bytes: Uint8Array;
}

/** What became of a fragment: `refused` ends the datagram, which is no use any more. */
export type Taken = 'more' | 'whole' | 'refused' | 'overlap' | 'repeated';

/**
 * The fragments of one datagram. Pieces stand in order and never overlap: where two fragments claim the same bytes the one
 * that came first wins, as in most stacks since RFC 815; an IPv6 datagram with overlapping fragments is given up (RFC 5722).
 */
export class Datagram {
  /** Source and target port of its first fragment; -1 until that came. */
  ports = -1;
  /** What its first fragment says that it starts with. */
  protocol = 0;
  /** Packet time of the first fragment that came, µs. */
  readonly began: number;
  /** Not to be put together: whole already, damaged, overlapping or cut off. */
  isOver = false;
  /** It was put together: a first fragment of the same name begins the next one. */
  isDone = false;
  #pieces: Piece[] = [];
  #held = 0;
  /** -1 until the last fragment came. */
  #length = -1;

  constructor(began: number) {
    this.began = began;
  }

  /** Bytes held. */
  get held(): number {
    return this.#held;
  }

  get isComplete(): boolean {
    return this.#length >= 0 && this.#held === this.#length;
  }

  /** Takes a fragment's bytes, which are copied. */
  take(start: number, bytes: Uint8Array, isLast: boolean, overlapsAllowed: boolean): Taken {
    const end = start + bytes.length;
    if (!this.#fits(start, end, isLast)) return 'refused';
    if (isLast) this.#length = end;
    const before = this.#held;
    const overlaps = this.#overlapped(start, end);
    if (overlaps === bytes.length) return 'repeated';
    if (overlaps > 0 && !overlapsAllowed) return 'overlap';
    if (!this.#fill(start, bytes)) return 'refused';
    if (this.isComplete) return 'whole';
    return this.#held - before < bytes.length ? 'overlap' : 'more';
  }

  /** The whole datagram's bytes. */
  join(): Uint8Array {
    const whole = new Uint8Array(this.#length);
    for (const { start, bytes } of this.#pieces) whole.set(bytes, start);
    return whole;
  }

  /** Lets go of the bytes; what comes later is not put together. */
  end(): void {
    this.isOver = true;
    this.#pieces = [];
    this.#held = 0;
  }

  /** All but the last fragment carry a multiple of eight bytes (RFC 791 §3.2, RFC 8200 §4.5), and none goes beyond the end. */
  #fits(start: number, end: number, isLast: boolean): boolean {
    if (end > MAX_DATAGRAM || end === start) return false;
    if (!isLast) return (end - start) % 8 === 0 && (this.#length < 0 || end <= this.#length);
    if (this.#length >= 0) return end === this.#length;
    const last = this.#pieces.at(-1);
    return last === undefined || last.start + last.bytes.length <= end;
  }

  #overlapped(from: number, to: number): number {
    let bytes = 0;
    for (const piece of this.#pieces) {
      bytes += Math.max(0, Math.min(to, piece.start + piece.bytes.length) - Math.max(from, piece.start));
    }
    return bytes;
  }

  /** Puts the bytes into the holes that they cover; false where there are more pieces then than may be. */
  #fill(start: number, bytes: Uint8Array): boolean {
    const end = start + bytes.length;
    const pieces: Piece[] = [];
    let at = start;
    for (const piece of this.#pieces) {
      if (at < end && at < piece.start) pieces.push(this.#copy(start, bytes, at, Math.min(end, piece.start)));
      pieces.push(piece);
      at = Math.max(at, piece.start + piece.bytes.length);
    }
    if (at < end) pieces.push(this.#copy(start, bytes, at, end));
    pieces.sort((a, b) => a.start - b.start);
    this.#pieces = pieces;
    return pieces.length <= MAX_DATAGRAM_FRAGMENTS;
  }

  #copy(start: number, bytes: Uint8Array, from: number, to: number): Piece {
    this.#held += to - from;
    return { start: from, bytes: bytes.slice(from - start, to - start) };
  }
}
