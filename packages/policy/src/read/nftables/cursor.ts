import type { NftToken } from './tokens.ts';

/** Thrown within this reader and caught at its door. */
export class NftFault extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** Goes over the tokens of a ruleset, and says where it stood when something else was expected. */
export class NftCursor {
  readonly tokens: readonly NftToken[];
  readonly #lines: readonly string[];
  at = 0;

  /** `lines`: of the text that the tokens were read from. */
  constructor(tokens: readonly NftToken[], lines: readonly string[]) {
    this.tokens = tokens;
    this.#lines = lines;
  }

  /** The same text's other tokens. */
  over(tokens: readonly NftToken[]): NftCursor {
    return new NftCursor(tokens, this.#lines);
  }

  /** What is written in a line, from 1. */
  textOf(line: number): string {
    return this.#lines[line - 1]?.trim() ?? '';
  }

  get token(): NftToken {
    return this.tokens[this.at]!;
  }

  next(): NftToken {
    const token = this.token;
    if (token.kind !== 'end') this.at += 1;
    return token;
  }

  fail(expected: string): never {
    const { kind, text, line } = this.token;
    throw new NftFault(
      line,
      `expected ${expected}, found ${kind === 'end' ? 'the end' : JSON.stringify(text)}`,
    );
  }

  failBefore(message: string): never {
    throw new NftFault(this.tokens[Math.max(0, this.at - 1)]!.line, message);
  }

  skipSeparators(): void {
    while (this.token.kind === 'newline' || this.isMark(';')) this.next();
  }

  skipNewlines(): void {
    while (this.token.kind === 'newline') this.next();
  }

  isMark(text: string): boolean {
    return this.token.kind === 'mark' && this.token.text === text;
  }

  mark(text: string): void {
    if (!this.isMark(text)) this.fail(JSON.stringify(text));
    this.next();
  }

  takeWord(...words: readonly string[]): string | null {
    if (this.token.kind !== 'word' || !words.includes(this.token.text)) return null;
    return this.next().text;
  }

  word(expected: string): string {
    if (this.token.kind !== 'word' && this.token.kind !== 'string') this.fail(expected);
    return this.next().text;
  }

  restOfLine(): void {
    while (this.token.kind !== 'newline' && this.token.kind !== 'end' && !this.isMark(';')) this.next();
  }

  skipBlock(): void {
    let depth = 0;
    do {
      if (this.isMark('{')) depth += 1;
      if (this.isMark('}')) depth -= 1;
      if (this.token.kind === 'end') this.fail('"}"');
      this.next();
    } while (depth > 0);
  }

  restOfRule(): void {
    while (this.token.kind !== 'newline' && !this.isMark(';') && !this.isMark('}')) {
      if (this.token.kind === 'end') return;
      if (this.isMark('{')) this.skipBlock();
      else this.next();
    }
  }

  endOfRule(): number {
    const start = this.at;
    this.restOfRule();
    const end = this.at;
    this.at = start;
    return end;
  }
}
