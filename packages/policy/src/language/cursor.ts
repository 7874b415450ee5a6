import { DIAGNOSTICS } from '../limits.ts';
import type { Diagnostic, Place } from './diagnostic.ts';
import type { Token } from './tokens.ts';

/** Thrown at the first fault of a declaration and caught where declarations begin; no caller outside sees it. */
export class Fault extends Error {
  override readonly name = 'Fault';
}

/** Walks tokens; comments are kept aside until a declaration takes them. */
export class Cursor {
  readonly diagnostics: Diagnostic[];
  readonly #tokens: readonly Token[];
  #at = 0;
  #comments: string[] = [];

  constructor(tokens: readonly Token[], diagnostics: Diagnostic[]) {
    this.#tokens = tokens;
    this.diagnostics = diagnostics;
    this.#skipComments();
  }

  get token(): Token {
    return this.#tokens[this.#at]!;
  }

  next(): Token {
    const { token } = this;
    if (token.kind !== 'end') this.#at += 1;
    this.#skipComments();
    return token;
  }

  #skipComments(): void {
    for (let token = this.#tokens[this.#at]!; token.kind === 'comment'; token = this.#tokens[this.#at]!) {
      this.#comments.push(token.text);
      this.#at += 1;
    }
  }

  /** The comments since they were last taken. */
  takeComments(): string[] {
    const taken = this.#comments;
    this.#comments = [];
    return taken;
  }

  isWord(...words: readonly string[]): boolean {
    return this.token.kind === 'word' && words.includes(this.token.text);
  }

  /** Takes the word where it stands there. */
  takeWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.next();
    return true;
  }

  takeMark(mark: string): boolean {
    if (this.token.kind !== 'mark' || this.token.text !== mark) return false;
    this.next();
    return true;
  }

  report(
    severity: Diagnostic['severity'],
    code: string,
    message: string,
    place: Place,
    suggestion: string | null = null,
  ): void {
    if (this.diagnostics.length < DIAGNOSTICS)
      this.diagnostics.push({ severity, code, message, place, suggestion });
  }

  /** Says what was expected and leaves the declaration. */
  fail(code: string, expected: string, suggestion: string | null = null): never {
    const { kind, text, place } = this.token;
    const found = kind === 'end' ? 'the end of the text' : JSON.stringify(text);
    this.report('error', code, `Expected ${expected}, found ${found}`, place, suggestion);
    throw new Fault(code);
  }

  /** A word or a string, as a name or a value. */
  text(expected: string): string {
    const { kind, text } = this.token;
    if (kind !== 'word' && kind !== 'string') this.fail('expected-text', expected);
    this.next();
    return text;
  }

  string(expected: string): string {
    if (this.token.kind !== 'string') this.fail('expected-string', expected);
    return this.next().text;
  }

  /** At least one, with commas between. */
  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.takeMark(',')) items.push(item());
    return items;
  }
}
