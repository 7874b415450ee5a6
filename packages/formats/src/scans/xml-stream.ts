import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { SCAN_ATTRIBUTES, SCAN_DEPTH, SCAN_TOKEN_CHARS } from '../limits.ts';

/** What stands in the file is no scan; the place is its line. */
export class ScanFault extends Error {
  override readonly name = 'ScanFault';
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

export interface ElementHandler {
  open: (name: string, attributes: Readonly<Record<string, string>>, line: number) => void;
  /** With the text that stood directly in it. */
  close: (name: string, text: string) => void;
}

/** No text that is looked at is longer. */
const TEXT_CHARS = 4096;
/** Characters that are handed to the parser at once, so that a token without end is met early. */
const STEP_CHARS = 65_536;

/**
 * Reads XML 1.0 piece by piece in bounded memory. A document type may be named, as Nmap does, but neither declare nor fetch
 * anything: there are no entities besides the five of XML itself, whatever a file says.
 */
export class XmlStream {
  readonly #parser = new SaxesParser({ xmlns: false, position: true });
  readonly #handler: ElementHandler;
  readonly #texts: string[] = [];
  readonly #space: 'trimmed' | 'as-it-stands';
  #progress = 0;

  /** `space`: whether blanks around a text are dropped. */
  constructor(handler: ElementHandler, space: 'trimmed' | 'as-it-stands' = 'trimmed') {
    this.#handler = handler;
    this.#space = space;
    const parser = this.#parser;
    parser.on('error', (error) => {
      throw this.#fault(error.message.replace(/^\d+:\d+: /, '').slice(0, 200));
    });
    parser.on('doctype', (type) => {
      if (!/^\s*[A-Za-z_][\w.-]*\s*$/.test(type))
        throw this.#fault('a document type that declares or fetches something is not taken');
    });
    parser.on('opentag', (tag) => this.#open(tag));
    parser.on('text', (text) => this.#text(text));
    parser.on('cdata', (text) => this.#text(text));
    parser.on('closetag', ({ name }) => this.#close(name));
  }

  get line(): number {
    return this.#parser.line;
  }

  /** @throws ScanFault */
  write(text: string): void {
    for (let at = 0; at < text.length; at += STEP_CHARS) {
      this.#parser.write(text.slice(at, at + STEP_CHARS));
      if (this.#parser.position - this.#progress > SCAN_TOKEN_CHARS)
        throw this.#fault(`one tag or text is longer than ${SCAN_TOKEN_CHARS} characters`);
    }
  }

  /** @throws ScanFault where the document has not ended */
  end(): void {
    this.#parser.close();
  }

  #open({ name, attributes }: SaxesTagPlain): void {
    this.#progress = this.#parser.position;
    if (this.#texts.length >= SCAN_DEPTH) throw this.#fault(`nested deeper than ${SCAN_DEPTH} levels`);
    if (Object.keys(attributes).length > SCAN_ATTRIBUTES)
      throw this.#fault(`more than ${SCAN_ATTRIBUTES} attributes`);
    this.#texts.push('');
    this.#handler.open(name, attributes, this.line);
  }

  #text(text: string): void {
    this.#progress = this.#parser.position;
    const known = this.#texts.pop();
    if (known !== undefined) this.#texts.push((known + text.slice(0, TEXT_CHARS)).slice(0, TEXT_CHARS));
  }

  #close(name: string): void {
    this.#progress = this.#parser.position;
    const text = this.#texts.pop() ?? '';
    this.#handler.close(name, this.#space === 'trimmed' ? text.trim() : text);
  }

  #fault(message: string): ScanFault {
    return new ScanFault(this.line, message);
  }
}
