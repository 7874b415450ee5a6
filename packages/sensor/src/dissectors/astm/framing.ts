import { latin1 } from '../../text/wire-text.ts';
import { MAX_FRAME } from './limits.ts';

const STX = 0x02;
const ETX = 0x03;
const EOT = 0x04;
const ENQ = 0x05;
const ACK = 0x06;
const LF = 0x0a;
const VT = 0x0b;
const CR = 0x0d;
const NAK = 0x15;
const ETB = 0x17;
const LETTER_H = 0x48;
/** Below it only control characters stand. */
const PRINTABLE = 0x20;

/** What a reader finds in one direction, in order. */
export interface FrameListener {
  /** The text of one frame whose checksum holds; `last`: it ends with ETX, so that the record ends, too. */
  text(text: string, last: boolean): void;
  /** ACK or NAK for the other direction's frame. */
  answer(accepted: boolean): void;
  /** EOT: the transfer has ended. */
  end(): void;
  fault(cause: string): void;
}

type State = 'between' | 'text' | 'checksum' | 'line';

/**
 * The low-level protocol of LIS01-A2 (ASTM E1381): ENQ, frames of `STX number text ETB|ETX checksum CR LF`, EOT, and the
 * other side's ACK and NAK. Records that some instruments send without frames are taken line by line.
 */
export class FrameReader {
  readonly #listener: FrameListener;
  #state: State = 'between';
  #text = '';
  #sum = 0;
  #digits = '';
  #last = false;
  #framed = false;
  #unframed = false;
  #strayed = false;

  constructor(listener: FrameListener) {
    this.#listener = listener;
  }

  /** Takes all bytes. */
  read(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at = this.#step(bytes, at);
  }

  /** Bytes were lost: nothing counts before the next frame. */
  resynchronise(): void {
    this.#begin('between');
    this.#strayed = true;
  }

  #step(bytes: Uint8Array, at: number): number {
    switch (this.#state) {
      case 'between':
        return this.#between(bytes[at] ?? 0) ? at + 1 : at;
      case 'checksum':
        return this.#checksum(bytes, at);
      default:
        return this.#run(bytes, at);
    }
  }

  /** False where the byte belongs to what it begins: a line has no start of its own. */
  #between(byte: number): boolean {
    const startsLine = byte >= PRINTABLE && this.#startsLine(byte);
    if (byte === STX) this.#frame();
    else if (byte === ACK || byte === NAK) this.#listener.answer(byte === ACK);
    else if (byte === EOT) this.#listener.end();
    else if (byte === VT || startsLine) this.#line();
    else if (byte >= PRINTABLE) this.#stray();
    return !startsLine;
  }

  #frame(): void {
    this.#framed = true;
    this.#begin('text');
  }

  #startsLine(byte: number): boolean {
    return this.#unframed || (byte === LETTER_H && !this.#framed);
  }

  #line(): void {
    this.#unframed = true;
    this.#begin('line');
  }

  #stray(): void {
    if (!this.#strayed) this.#listener.fault('astm-framing');
    this.#strayed = true;
  }

  #begin(state: State): void {
    this.#state = state;
    this.#text = '';
    this.#sum = 0;
    this.#digits = '';
    this.#strayed = false;
  }

  /** Text up to the next control character that ends it. */
  #run(bytes: Uint8Array, at: number): number {
    let end = at;
    for (let byte = bytes[end]; end < bytes.length && !this.#ends(byte ?? 0); byte = bytes[++end]) {
      this.#sum += byte ?? 0;
    }
    if (this.#text.length <= MAX_FRAME) this.#text += latin1(bytes, at, end);
    if (end === bytes.length) return end;
    return this.#state === 'line' ? this.#endLine(end) : this.#endText(bytes[end] ?? 0, end);
  }

  #ends(byte: number): boolean {
    if (this.#state === 'line') return byte < PRINTABLE && byte !== 0x09;
    return byte === ETX || byte === ETB || byte === STX || byte === ENQ || byte === EOT;
  }

  #endLine(end: number): number {
    if (this.#text.length <= MAX_FRAME && this.#text !== '') this.#listener.text(this.#text, true);
    this.#begin('between');
    return end;
  }

  #endText(byte: number, end: number): number {
    if (byte !== ETX && byte !== ETB) {
      // The frame was given up, and another begins.
      this.#listener.fault('astm-frame');
      this.#begin('between');
      return end;
    }
    this.#sum += byte;
    this.#last = byte === ETX;
    this.#state = 'checksum';
    return end + 1;
  }

  /** Two hexadecimal digits: the sum from the frame number to ETB or ETX, modulo 256 (LIS01-A2 §6.3.3). */
  #checksum(bytes: Uint8Array, at: number): number {
    const byte = bytes[at] ?? 0;
    const isControl = byte < PRINTABLE;
    if (!isControl) this.#digits += String.fromCharCode(byte);
    if (!isControl && this.#digits.length < 2) return at + 1;
    this.#close();
    return isControl ? at : at + 1;
  }

  #close(): void {
    const sound =
      /^[0-9A-Fa-f]{2}$/.test(this.#digits) && Number.parseInt(this.#digits, 16) === this.#sum % 256;
    const text = this.#text;
    this.#begin('between');
    if (!sound) this.#listener.fault('astm-checksum');
    else if (!/^[0-7]/.test(text) || text.length > MAX_FRAME) this.#listener.fault('astm-frame');
    else this.#listener.text(text.slice(1), this.#last);
  }
}

export const controls: ReadonlySet<number> = new Set([EOT, ENQ, ACK, NAK, CR, LF]);
/** What a side can begin with: a control character, a frame, or a record without frames. */
export const firstBytes: readonly number[] = [STX, EOT, ENQ, ACK, NAK, VT, LETTER_H];
