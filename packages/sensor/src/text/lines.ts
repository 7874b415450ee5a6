import type { Side } from '../dissector.ts';
import { MAX_TEXT_LINE } from '../limits.ts';
import { latin1 } from './wire-text.ts';

/**
 * Both directions of a protocol of lines (FTP, SMTP, POP3, IMAP). A line beyond `MAX_TEXT_LINE` is left out whole, in
 * however many pieces it comes.
 */
export class Lines {
  readonly #skipping: Record<Side, boolean> = { client: false, server: false };

  /** Hands over the next line without its end, if there is a whole one; returns how many bytes it consumed. */
  read(from: Side, bytes: Uint8Array, take: (from: Side, text: string) => void): number {
    const end = bytes.indexOf(0x0a);
    const tooLong = end > MAX_TEXT_LINE || (end < 0 && bytes.length > MAX_TEXT_LINE);
    if (this.#skipping[from] || tooLong) {
      this.#skipping[from] = end < 0;
      return end < 0 ? bytes.length : end + 1;
    }
    if (end < 0) return 0;
    take(from, latin1(bytes, 0, end).replace(/\r+$/, ''));
    return end + 1;
  }
}
