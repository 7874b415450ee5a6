import { LOG_LINE_CHARS } from '../limits.ts';

/** One line of a log; null in place of one that is beyond the bound. */
export interface Line {
  number: number;
  text: string | null;
}

/** Cuts chunks of UTF-8 into lines without holding more than one of them. */
export class LineSplitter {
  readonly #decoder = new TextDecoder();
  #rest = '';
  #tooLong = false;
  #number = 0;

  *push(chunk: Uint8Array): Generator<Line> {
    yield* this.#split(this.#decoder.decode(chunk, { stream: true }));
  }

  *end(): Generator<Line> {
    yield* this.#split(this.#decoder.decode());
    if (this.#rest !== '' || this.#tooLong) yield this.#line('');
  }

  *#split(text: string): Generator<Line> {
    let start = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', start)) {
      yield this.#line(text.slice(start, at));
      start = at + 1;
    }
    this.#keep(text.slice(start));
  }

  #keep(text: string): void {
    if (this.#tooLong) return;
    this.#tooLong = this.#rest.length + text.length > LOG_LINE_CHARS;
    this.#rest = this.#tooLong ? '' : this.#rest + text;
  }

  #line(end: string): Line {
    this.#keep(end);
    const text = this.#tooLong ? null : this.#rest.replace(/\r$/, '');
    this.#rest = '';
    this.#tooLong = false;
    this.#number += 1;
    return { number: this.#number, text };
  }
}
