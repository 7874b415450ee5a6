import { XML_DEPTH } from '../limits.ts';
import type { ReadFault } from '../ruleset.ts';

export interface XmlElement {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly XmlElement[];
  /** What stands between its children, without the white space at the ends. */
  text: string;
  line: number;
}

class XmlFault extends Error {}

/**
 * One element with all that is in it. Document types, entities of one's own and processing instructions, which a
 * firewall's configuration does not have, are refused.
 */
export function parseXml(text: string): { root: XmlElement } | { fault: ReadFault } {
  const scanner = new Scanner(text);
  try {
    return { root: scanner.document() };
  } catch (error) {
    if (error instanceof XmlFault) return { fault: { line: scanner.line, message: error.message } };
    throw error;
  }
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

class Scanner {
  readonly #text: string;
  #at = 0;
  #counted = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text.startsWith('\uFEFF') ? text.slice(1) : text;
  }

  /** Of where the reading stands; counted as it goes on. */
  get line(): number {
    for (; this.#counted < Math.min(this.#at, this.#text.length); this.#counted += 1)
      if (this.#text[this.#counted] === '\n') this.#line += 1;
    return this.#line;
  }

  document(): XmlElement {
    this.#space();
    if (this.#text.startsWith('<?xml', this.#at)) this.#until('?>');
    this.#comments();
    const root = this.#element(0);
    this.#comments();
    if (this.#at < this.#text.length) throw new XmlFault('something follows the last element');
    return root;
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }

  #comments(): void {
    for (this.#space(); this.#text.startsWith('<!--', this.#at); this.#space()) this.#until('-->');
  }

  #until(end: string): string {
    const found = this.#text.indexOf(end, this.#at);
    if (found < 0) throw new XmlFault(`${JSON.stringify(end)} is missing`);
    const passed = this.#text.slice(this.#at, found);
    this.#at = found + end.length;
    return passed;
  }

  #match(pattern: RegExp, expected: string): RegExpExecArray {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) throw new XmlFault(`expected ${expected}`);
    this.#at += match[0].length;
    return match;
  }

  #element(depth: number): XmlElement {
    if (depth > XML_DEPTH) throw new XmlFault(`elements stand more than ${XML_DEPTH} deep`);
    const { line } = this;
    const [, name] = this.#match(/<([A-Za-z_][\w.-]*)/y, 'an element');
    const attributes = this.#attributes();
    const [, close] = this.#match(/\s*(\/?)>/y, 'the end of a tag');
    if (close === '/') return { name: name!, attributes, children: [], text: '', line };
    return { name: name!, attributes, line, ...this.#content(name!, depth) };
  }

  #attributes(): Record<string, string> {
    const found: Record<string, string> = Object.create(null) as Record<string, string>;
    while (/^\s+[A-Za-z_]/.test(this.#text.slice(this.#at, this.#at + 64))) {
      const [, key] = this.#match(/\s+([A-Za-z_][\w.:-]*)\s*=\s*/y, 'an attribute');
      const [, double, single] = this.#match(/"([^"<]*)"|'([^'<]*)'/y, 'a value in quotes');
      found[key!] = decoded(double ?? single!);
    }
    return found;
  }

  #content(name: string, depth: number): { children: XmlElement[]; text: string } {
    const children: XmlElement[] = [];
    const text: string[] = [];
    for (;;) {
      text.push(decoded(this.#match(/[^<]*/y, 'text')[0]));
      if (this.#text.startsWith('</', this.#at)) break;
      if (this.#text.startsWith('<!--', this.#at)) this.#until('-->');
      else if (this.#text.startsWith('<![CDATA[', this.#at)) {
        this.#at += '<![CDATA['.length;
        text.push(this.#until(']]>'));
      } else children.push(this.#element(depth + 1));
    }
    const [, closed] = this.#match(/<\/([\w.-]+)\s*>/y, `</${name}>`);
    if (closed !== name) throw new XmlFault(`<${name}> is closed by </${closed}>`);
    return { children, text: text.join('').trim() };
  }
}

function decoded(text: string): string {
  return text.replaceAll(/&([^;&\s]{0,10});?/g, (whole, name: string) => {
    const number = /^#(x[0-9a-f]+|\d+)$/i.exec(name)?.[1];
    if (number !== undefined) {
      const point = Number(number.startsWith('x') ? `0${number}` : number);
      if (point > 0 && point <= 0x10ffff) return String.fromCodePoint(point);
    }
    const known = whole.endsWith(';') && Object.hasOwn(entities, name) ? entities[name] : undefined;
    if (known === undefined) throw new XmlFault(`the entity ${whole} is not known`);
    return known;
  });
}
