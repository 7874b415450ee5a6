import { MAX_LINE } from './limits.ts';

/** What a person typed, with the keys that take something back. */
export class LineEditor {
  #line = '';
  #afterReturn = false;

  /** Lines that these characters end. */
  push(text: string): string[] {
    const lines: string[] = [];
    for (const character of text) {
      const ends = this.#character(character);
      if (ends !== null) lines.push(ends);
    }
    return lines;
  }

  #character(character: string): string | null {
    const afterReturn = this.#afterReturn;
    this.#afterReturn = character === '\r';
    // RFC 854: a return is followed by a line feed or a zero.
    if (afterReturn && (character === '\n' || character === '\0')) return null;
    if (character === '\r' || character === '\n') return this.#end();
    if (character === '\b' || character === '\x7f') this.#line = this.#line.slice(0, -1);
    else if (character === '\x15') this.#line = '';
    else if (character >= ' ' && this.#line.length < MAX_LINE) this.#line += character;
    return null;
  }

  #end(): string {
    const line = this.#line;
    this.#line = '';
    return line;
  }
}
