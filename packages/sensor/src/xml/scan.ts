import { MAX_ATTRIBUTES, MAX_DEPTH, MAX_ELEMENT_TEXT, MAX_ELEMENTS } from './limits.ts';

/** One element, by its name without prefix; names of namespaces are not resolved. */
export interface XmlElement {
  readonly name: string;
  readonly parent: XmlElement | null;
  readonly depth: number;
  /** By name without prefix; the first of a name counts. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Its own text, without that of the elements in it. */
  text: string;
}

/**
 * The elements of an XML text that may be cut off anywhere, in the order in which they begin. Stops quietly at what is
 * not XML and at a document type: messages of devices have none, and what it could declare is not looked at.
 */
export function scanXml(text: string): XmlElement[] {
  const scanner = new Scanner(text);
  scanner.run();
  return scanner.elements;
}

/** True where the elements around it have these names, from the innermost outwards. */
export function isWithin(element: XmlElement, ...names: string[]): boolean {
  let at: XmlElement | null = element.parent;
  for (const name of names) {
    if (at?.name !== name) return false;
    at = at.parent;
  }
  return true;
}

class Scanner {
  readonly elements: XmlElement[] = [];
  readonly #text: string;
  #at = 0;
  #open: XmlElement | null = null;
  #ended = false;

  constructor(text: string) {
    this.#text = text;
  }

  run(): void {
    while (!this.#ended) {
      const mark = this.#text.indexOf('<', this.#at);
      this.#addText(this.#at, mark < 0 ? this.#text.length : mark);
      if (mark < 0) return;
      this.#at = mark;
      this.#markup();
    }
  }

  #addText(start: number, end: number): void {
    const open = this.#open;
    if (open === null || open.text.length >= MAX_ELEMENT_TEXT) return;
    open.text += unescaped(this.#text.slice(start, Math.min(end, start + MAX_ELEMENT_TEXT)));
  }

  #markup(): void {
    const next = this.#text.charAt(this.#at + 1);
    if (next === '?') this.#skipTo('?>');
    else if (next === '!') this.#declaration();
    else if (next === '/') this.#close();
    else this.#begin();
  }

  #skipTo(end: string): void {
    const found = this.#text.indexOf(end, this.#at);
    this.#ended = found < 0;
    this.#at = found + end.length;
  }

  #declaration(): void {
    if (this.#text.startsWith('<!--', this.#at)) this.#skipTo('-->');
    else if (this.#text.startsWith('<![CDATA[', this.#at)) this.#data();
    else this.#ended = true;
  }

  #data(): void {
    const start = this.#at + '<![CDATA['.length;
    this.#skipTo(']]>');
    if (this.#open !== null && this.#open.text.length < MAX_ELEMENT_TEXT && !this.#ended) {
      this.#open.text += this.#text.slice(start, Math.min(this.#at - 3, start + MAX_ELEMENT_TEXT));
    }
  }

  #close(): void {
    this.#open = this.#open?.parent ?? null;
    this.#skipTo('>');
  }

  #begin(): void {
    const name = /[A-Za-z_][^\s<>/="'&]{0,127}(?=[\s/>])/y;
    name.lastIndex = this.#at + 1;
    const found = name.exec(this.#text)?.[0];
    this.#ended = found === undefined || this.elements.length >= MAX_ELEMENTS;
    if (found === undefined || this.#ended) return;
    this.#at = name.lastIndex;
    this.#add(localName(found), this.#attributes());
  }

  #add(name: string, attributes: ReadonlyMap<string, string>): void {
    const end = /\s*(\/?)>/y;
    end.lastIndex = this.#at;
    const closed = end.exec(this.#text);
    const depth = (this.#open?.depth ?? 0) + 1;
    this.#ended = closed === null || depth > MAX_DEPTH;
    if (this.#ended) return;
    this.#at = end.lastIndex;
    const element = { name, parent: this.#open, depth, attributes, text: '' };
    this.elements.push(element);
    if (closed?.[1] === '') this.#open = element;
  }

  #attributes(): Map<string, string> {
    const attributes = new Map<string, string>();
    const attribute = /\s+([^\s<>/="'&]{1,128})\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
    attribute.lastIndex = this.#at;
    for (let match = attribute.exec(this.#text); match !== null; match = attribute.exec(this.#text)) {
      this.#at = attribute.lastIndex;
      const name = localName(match[1] ?? '');
      if (attributes.size < MAX_ATTRIBUTES && !attributes.has(name)) {
        attributes.set(name, unescaped((match[2] ?? match[3] ?? '').slice(0, MAX_ELEMENT_TEXT)));
      }
    }
    return attributes;
  }
}

export function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The five entities of XML itself, and characters by number; others stay as they are. */
function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));/g,
    (whole, name, decimal, hex) => {
      if (typeof name === 'string') return entities[name] ?? whole;
      const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
