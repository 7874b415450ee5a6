import { JSON_DEPTH } from '../limits.ts';
import type { ReadFault } from '../ruleset.ts';

/** A value of JSON with the line that it begins in. */
export type Located = { line: number } & (
  | { kind: 'object'; members: ReadonlyMap<string, Located> }
  | { kind: 'array'; items: readonly Located[] }
  | { kind: 'value'; value: string | number | boolean | null }
);

class JsonFault extends Error {}

/** RFC 8259, with the line of each value; a member that stands twice is refused. */
export function parseLocatedJson(text: string): { root: Located } | { fault: ReadFault } {
  const scanner = new Scanner(text);
  try {
    return { root: scanner.document() };
  } catch (error) {
    if (error instanceof JsonFault) return { fault: { line: scanner.line, message: error.message } };
    throw error;
  }
}

class Scanner {
  line = 1;
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Located {
    const root = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) throw new JsonFault('something follows the value');
    return root;
  }

  #space(): void {
    for (; ' \t\r\n'.includes(this.#text[this.#at] ?? 'x'); this.#at += 1)
      if (this.#text[this.#at] === '\n') this.line += 1;
  }

  #take(mark: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== mark) return false;
    this.#at += 1;
    return true;
  }

  #value(depth: number): Located {
    if (depth > JSON_DEPTH) throw new JsonFault(`values stand more than ${JSON_DEPTH} deep`);
    this.#space();
    const { line } = this;
    if (this.#take('{')) return { kind: 'object', line, members: this.#members(depth) };
    if (this.#take('[')) return { kind: 'array', line, items: this.#items(depth) };
    const scalar = /"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
    scalar.lastIndex = this.#at;
    const match = scalar.exec(this.#text);
    if (match === null) throw new JsonFault('expected a value');
    this.#at += match[0].length;
    return { kind: 'value', line, value: scalarOf(match[0]) };
  }

  #members(depth: number): Map<string, Located> {
    const members = new Map<string, Located>();
    if (this.#take('}')) return members;
    do {
      const name = this.#value(depth + 1);
      if (name.kind !== 'value' || typeof name.value !== 'string')
        throw new JsonFault('expected the name of a member');
      if (members.has(name.value)) throw new JsonFault(`${JSON.stringify(name.value)} stands twice`);
      if (!this.#take(':')) throw new JsonFault('expected ":"');
      members.set(name.value, this.#value(depth + 1));
    } while (this.#take(','));
    if (!this.#take('}')) throw new JsonFault('expected "," or "}"');
    return members;
  }

  #items(depth: number): Located[] {
    const items: Located[] = [];
    if (this.#take(']')) return items;
    do items.push(this.#value(depth + 1));
    while (this.#take(','));
    if (!this.#take(']')) throw new JsonFault('expected "," or "]"');
    return items;
  }
}

function scalarOf(text: string): string | number | boolean | null {
  try {
    return JSON.parse(text) as string | number | boolean | null;
  } catch {
    throw new JsonFault('a text holds what JSON does not allow');
  }
}
