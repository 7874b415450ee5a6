import { SIGMA_TERMS } from './limits.ts';
import { fits, patternOf } from './pattern.ts';

/** A condition over named searches; how many of several is written out. */
export type Condition =
  | { kind: 'search'; name: string }
  | { kind: 'not'; of: Condition }
  | { kind: 'and' | 'or'; of: Condition[] };

export type ReadCondition =
  | { ok: true; condition: Condition }
  | { ok: false; message: string; at: number; length: number };

interface Token {
  text: string;
  at: number;
}

class Fault extends Error {
  readonly token: Token;
  constructor(message: string, token: Token) {
    super(message);
    this.token = token;
  }
}

/** Reads a condition over the searches that a rule names (Sigma §condition); a fault says where in it. */
export function readCondition(text: string, searches: readonly string[]): ReadCondition {
  try {
    return { ok: true, condition: new ConditionReader(text, searches).read() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { text: found, at } = error.token;
    return { ok: false, message: error.message, at, length: Math.max(1, found.length) };
  }
}

class ConditionReader {
  readonly #tokens: Token[];
  readonly #searches: readonly string[];
  #at = 0;
  #terms = 0;

  constructor(text: string, searches: readonly string[]) {
    this.#tokens = [...text.matchAll(/[()|]|[^\s()|]+/g)].map((match) => ({
      text: match[0],
      at: match.index,
    }));
    this.#tokens.push({ text: '', at: text.length });
    this.#searches = searches;
  }

  read(): Condition {
    const condition = this.#or();
    const rest = this.#token;
    if (rest.text === '|')
      throw new Fault('Aggregations behind | are no longer Sigma: write a correlation', rest);
    if (rest.text !== '') throw new Fault('Expected and, or, or the end', rest);
    return condition;
  }

  get #token(): Token {
    return this.#tokens[this.#at]!;
  }

  #is(word: string): boolean {
    if (this.#token.text.toLowerCase() !== word) return false;
    this.#at += 1;
    return true;
  }

  #or(): Condition {
    const of = [this.#and()];
    while (this.#is('or')) of.push(this.#and());
    return of.length === 1 ? of[0]! : { kind: 'or', of };
  }

  #and(): Condition {
    const of = [this.#not()];
    while (this.#is('and')) of.push(this.#not());
    return of.length === 1 ? of[0]! : { kind: 'and', of };
  }

  #not(): Condition {
    this.#terms += 1;
    if (this.#terms > SIGMA_TERMS) throw new Fault('The condition is too long', this.#token);
    if (this.#is('not')) return { kind: 'not', of: this.#not() };
    if (!this.#is('(')) return this.#term();
    const inner = this.#or();
    if (!this.#is(')')) throw new Fault('Expected a closing bracket', this.#token);
    return inner;
  }

  #term(): Condition {
    const token = this.#token;
    if (/^(and|or|not|of|\)|\|)?$/i.test(token.text))
      throw new Fault('Expected the name of a search, or not', token);
    this.#at += 1;
    if (this.#token.text.toLowerCase() === 'of') return this.#several(token);
    if (!this.#searches.includes(token.text)) throw new Fault(`There is no search “${token.text}”`, token);
    return { kind: 'search', name: token.text };
  }

  /** `1 of selection*`, `all of them`. */
  #several(quantity: Token): Condition {
    const kind = /^(1|any)$/i.test(quantity.text) ? 'or' : /^all$/i.test(quantity.text) ? 'and' : null;
    if (kind === null) throw new Fault(`Expected “1 of” or “all of”`, quantity);
    this.#at += 1;
    const pattern = this.#token;
    this.#at += 1;
    const meant = this.#searches.filter((name) => isMeant(pattern.text, name));
    if (meant.length === 0) throw new Fault(`No search is named “${pattern.text}”`, pattern);
    return { kind, of: meant.map((name) => ({ kind: 'search' as const, name })) };
  }
}

/** `them` are all but those that begin with an underscore. */
function isMeant(pattern: string, name: string): boolean {
  if (pattern.toLowerCase() === 'them') return !name.startsWith('_');
  return fits(patternOf(pattern), name, true);
}

export function holdsCondition(condition: Condition, holds: (name: string) => boolean): boolean {
  if (condition.kind === 'search') return holds(condition.name);
  if (condition.kind === 'not') return !holdsCondition(condition.of, holds);
  return condition.kind === 'and'
    ? condition.of.every((one) => holdsCondition(one, holds))
    : condition.of.some((one) => holdsCondition(one, holds));
}
