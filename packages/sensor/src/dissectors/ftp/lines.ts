import { latin1 } from '../../text/wire-text.ts';
import { MAX_LINE } from './limits.ts';

/** A line without its end, `skipped` when it was too long to be read; `length` counts its end. */
export interface Line {
  text: string;
  length: number;
}

/** Cuts one direction into lines; a line beyond `MAX_LINE` is left out whole, in however many pieces it comes. */
export class LineCutter {
  #skipping = false;

  /** The next line, how many bytes to drop, or null for more bytes. */
  next(bytes: Uint8Array): Line | { dropped: number } | null {
    const end = bytes.indexOf(0x0a);
    if (this.#skipping || end > MAX_LINE || (end < 0 && bytes.length > MAX_LINE))
      return this.#drop(bytes, end);
    if (end < 0) return null;
    return { text: latin1(bytes, 0, end).replace(/\r+$/, ''), length: end + 1 };
  }

  #drop(bytes: Uint8Array, end: number): { dropped: number } {
    this.#skipping = end < 0;
    return { dropped: end < 0 ? bytes.length : end + 1 };
  }
}
