import { refuse, type ScimType } from './error.ts';
import { SCIM_FILTER_DEPTH, SCIM_FILTER_LETTERS } from './limits.ts';

const operators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr'] as const;
type Operator = (typeof operators)[number];
type Literal = string | number | boolean | null;

/** A filter of RFC 7644 §3.4.2.2, read. Names are in lower case: SCIM's are not case-sensitive. */
export type Filter =
  | { kind: 'compare'; path: string[]; operator: Operator; value: Literal }
  | { kind: 'within'; path: string[]; filter: Filter }
  | { kind: 'not'; filter: Filter }
  | { kind: 'and' | 'or'; left: Filter; right: Filter };

/** A path of a PATCH operation (§3.5.2): `emails[type eq "work"].value`. */
export interface Path {
  attribute: string;
  filter: Filter | null;
  sub: string | null;
}

/** @throws ScimRefusal (`invalidFilter`) */
export function parseFilter(text: string): Filter {
  const reader = new Reader(text, 'invalidFilter');
  const filter = reader.either(0);
  reader.end();
  return filter;
}

/** @throws ScimRefusal (`invalidPath`) */
export function parsePath(text: string): Path {
  const reader = new Reader(text, 'invalidPath');
  const [attribute = '', sub, ...more] = reader.name();
  if (more.length > 0) throw reader.fault('a name of at most two parts');
  const filter = reader.filterInBrackets();
  const after = filter === null ? (sub ?? null) : reader.subAfterBrackets();
  reader.end();
  return { attribute, filter, sub: after };
}

/** Reads by recursive descent; each fault names the place. */
class Reader {
  readonly #text: string;
  readonly #kind: ScimType;
  #at = 0;

  constructor(text: string, kind: ScimType) {
    if (text.length > SCIM_FILTER_LETTERS) throw refuse(kind, `more than ${SCIM_FILTER_LETTERS} letters`);
    this.#text = text;
    this.#kind = kind;
  }

  fault(expected: string) {
    return refuse(this.#kind, `at letter ${this.#at + 1}: expected ${expected}`);
  }

  end(): void {
    this.#skip();
    if (this.#at < this.#text.length) throw this.fault('the end');
  }

  #skip(): void {
    while (this.#text[this.#at] === ' ') this.#at += 1;
  }

  #take(pattern: RegExp): string | null {
    this.#skip();
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return null;
    this.#at += found[0].length;
    return found[0];
  }

  either(depth: number): Filter {
    let left = this.#both(depth);
    while (this.#take(/or\b/iy) !== null) left = { kind: 'or', left, right: this.#both(depth) };
    return left;
  }

  #both(depth: number): Filter {
    let left = this.#one(depth);
    while (this.#take(/and\b/iy) !== null) left = { kind: 'and', left, right: this.#one(depth) };
    return left;
  }

  #one(depth: number): Filter {
    if (depth > SCIM_FILTER_DEPTH)
      throw this.fault(`at most ${SCIM_FILTER_DEPTH} parentheses within each other`);
    if (this.#take(/not\s*(?=\()/iy) !== null) return { kind: 'not', filter: this.#one(depth + 1) };
    if (this.#take(/\(/y) !== null) {
      const filter = this.either(depth + 1);
      if (this.#take(/\)/y) === null) throw this.fault('a closing parenthesis');
      return filter;
    }
    return this.#comparison();
  }

  #comparison(): Filter {
    const path = this.name();
    const filter = this.filterInBrackets();
    if (filter !== null) return { kind: 'within', path, filter };
    const operator = this.#operator();
    return { kind: 'compare', path, operator, value: operator === 'pr' ? null : this.#literal() };
  }

  #operator(): Operator {
    this.#skip();
    const from = this.#at;
    const word = this.#take(/[a-z]{2}\b/iy)?.toLowerCase();
    const operator = operators.find((one) => one === word);
    if (operator !== undefined) return operator;
    this.#at = from;
    throw this.fault(`one of ${operators.join(', ')}`);
  }

  /** A name, with its schema's URN left off (§3.10). */
  name(): string[] {
    const name = this.#take(/(?:urn:[\w.:-]+:)?[a-z$][\w$-]*(?:\.[a-z$][\w$-]*)*/iy);
    if (name === null) throw this.fault('the name of an attribute');
    return name
      .replace(/^urn:.*:/i, '')
      .toLowerCase()
      .split('.');
  }

  filterInBrackets(): Filter | null {
    if (this.#take(/\[/y) === null) return null;
    const filter = this.either(1);
    if (this.#take(/\]/y) === null) throw this.fault('a closing bracket');
    return filter;
  }

  subAfterBrackets(): string | null {
    const sub = this.#take(/\.[a-z$][\w$-]*/iy);
    return sub === null ? null : sub.slice(1).toLowerCase();
  }

  #literal(): Literal {
    const text = this.#take(/"(?:[^"\\]|\\.)*"|true\b|false\b|null\b|-?\d+(?:\.\d+)?/iy);
    if (text === null) throw this.fault('a value: a text in quotes, a number, true, false or null');
    try {
      return JSON.parse(text.startsWith('"') ? text : text.toLowerCase()) as Literal;
    } catch {
      throw this.fault('a text in quotes as JSON writes it');
    }
  }
}

/** Does the resource meet the filter? Names and texts are compared without regard to case, but for ids. */
export function meets(filter: Filter, resource: unknown): boolean {
  switch (filter.kind) {
    case 'and':
      return meets(filter.left, resource) && meets(filter.right, resource);
    case 'or':
      return meets(filter.left, resource) || meets(filter.right, resource);
    case 'not':
      return !meets(filter.filter, resource);
    case 'within':
      return valuesAt(resource, filter.path).some((value) => meets(filter.filter, value));
    default:
      return compares(filter, valuesAt(resource, filter.path));
  }
}

/** What stands at a path; of a list each of its values. A value that is an object stands for its `value`. */
function valuesAt(resource: unknown, path: readonly string[]): unknown[] {
  let values: unknown[] = [resource];
  for (const name of path) values = values.flatMap((value) => partOf(value, name));
  return values;
}

function partOf(value: unknown, name: string): unknown[] {
  if (typeof value !== 'object' || value === null) return name === 'value' ? [value] : [];
  const key = Object.keys(value).find((one) => one.toLowerCase() === name);
  const part = key === undefined ? undefined : (value as Record<string, unknown>)[key];
  if (part === undefined || part === null) return [];
  return Array.isArray(part) ? part : [part];
}

function compares(
  { operator, value, path }: Extract<Filter, { kind: 'compare' }>,
  found: readonly unknown[],
): boolean {
  const plain = found.flatMap((one) =>
    typeof one === 'object' && one !== null ? partOf(one, 'value') : [one],
  );
  if (operator === 'pr') return found.some((one) => one !== '' && one !== null);
  if (operator === 'ne') return !compares({ kind: 'compare', operator: 'eq', value, path }, found);
  if (value === null) return operator === 'eq' && plain.length === 0;
  const exact = path.at(-1) === 'id' || path.at(-1) === 'externalid';
  return plain.some((one) => holds(operator, folded(one, exact), folded(value, exact)));
}

const folded = (value: unknown, exact: boolean): unknown =>
  typeof value === 'string' && !exact ? value.toLowerCase() : value;

function holds(operator: Operator, left: unknown, right: unknown): boolean {
  if (operator === 'eq') return left === right;
  if (typeof left === 'string' && typeof right === 'string') return holdsOfTexts(operator, left, right);
  if (typeof left !== 'number' || typeof right !== 'number') return false;
  return ordered(operator, left - right);
}

function holdsOfTexts(operator: Operator, left: string, right: string): boolean {
  if (operator === 'co') return left.includes(right);
  if (operator === 'sw') return left.startsWith(right);
  if (operator === 'ew') return left.endsWith(right);
  return ordered(operator, left < right ? -1 : left > right ? 1 : 0);
}

function ordered(operator: Operator, difference: number): boolean {
  if (operator === 'gt') return difference > 0;
  if (operator === 'ge') return difference >= 0;
  if (operator === 'lt') return difference < 0;
  return operator === 'le' && difference <= 0;
}
