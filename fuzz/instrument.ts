/**
 * Gives the sensor's sources counters as they are loaded: one for each branch that can be taken, and a record of
 * comparisons that failed. Nothing on disk changes.
 */
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vitest/node';
import { register } from './coverage.ts';

interface Node {
  type: string;
  start: number;
  end: number;
  [field: string]: unknown;
}

/** Only what runs in production is measured. */
const measured = /\/packages\/sensor\/src\/(?!.*(?:\.test\.ts$|\/testing\/))/;

export function instrumentSensor(): void {
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      const bytes = loaded.source;
      if (!measured.test(url) || !url.endsWith('.ts') || !(bytes instanceof Uint8Array)) return loaded;
      const source = stripTypeScriptTypes(new TextDecoder().decode(bytes));
      return { ...loaded, format: 'module', source: withCounters(source, fileURLToPath(url)) };
    },
  });
}

function withCounters(source: string, file: string): string {
  const text = new Instrumented(source, basename(dirname(file))).text(parseAst(source) as unknown as Node);
  return `const { counters: __n, same: __e } = globalThis.wardlineCoverage;${text}`;
}

const LOOPS = new Set([
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'WhileStatement',
  'DoWhileStatement',
]);

/** Writes a module again, node by node. */
class Instrumented {
  readonly #source: string;
  readonly #folder: string;

  constructor(source: string, folder: string) {
    this.#source = source;
    this.#folder = folder;
  }

  /** The node as it stands, with counters in its branches. */
  text(node: Node): string {
    if (node.type === 'Program') return this.#between(node, 0, this.#source.length);
    if (isComparison(node)) return this.#comparison(node);
    if (node.type === 'Literal') this.#literal(node.value);
    if (node.type === 'SwitchCase') return this.#case(node);
    return this.#between(node, node.start, node.end);
  }

  /** What stands between two places of the source, with the node's children in it. */
  #between(node: Node, start: number, end: number): string {
    let out = '';
    let at = start;
    for (const [name, child] of childrenOf(node)) {
      if (child.start < at) continue;
      out += this.#source.slice(at, child.start) + this.#child(node, name, child);
      at = child.end;
    }
    return out + this.#source.slice(at, end);
  }

  #child(node: Node, name: string, child: Node): string {
    if (node.type === 'IfStatement' && name === 'consequent') return this.#consequent(node, child);
    if (node.type === 'IfStatement' && name === 'alternate') return this.#statement(child);
    if (LOOPS.has(node.type) && name === 'body') return this.#statement(child);
    if (node.type === 'CatchClause' && name === 'body') return this.#statement(child);
    if (node.type === 'ConditionalExpression' && name !== 'test') return this.#expression(child);
    if (node.type === 'LogicalExpression' && name === 'right') return this.#expression(child);
    if (!node.type.includes('Function') || name !== 'body') return this.text(child);
    const isBlock = child.type === 'BlockStatement' || child.type === 'FunctionBody';
    return isBlock ? this.#statement(child) : this.#expression(child);
  }

  /** The way around an `if` without `else` is a branch, too. */
  #consequent(node: Node, child: Node): string {
    const around = node.alternate ? '' : `else{${counted()}}`;
    return this.#statement(child) + around;
  }

  #statement(node: Node): string {
    const text = this.text(node);
    const isBlock = node.type === 'BlockStatement' || node.type === 'FunctionBody';
    return isBlock ? `{${counted()}${text.slice(1)}` : `{${counted()}${text}}`;
  }

  #expression(node: Node): string {
    return `(__n[${register.branch()}]++,${this.text(node)})`;
  }

  #case(node: Node): string {
    const first = (node.consequent as Node[])[0];
    const text = this.#between(node, node.start, first?.start ?? node.end);
    return first ? text + counted() + this.#between(node, first.start, node.end) : text;
  }

  /** `a === b` becomes a call that remembers both where they differ, so that a mutation can make them equal. */
  #comparison(node: Node): string {
    const [left, right] = [node.left as Node, node.right as Node];
    const operator = this.#source.slice(left.end, right.start).replace(/[!=]==/, ',');
    const start = this.#source.slice(node.start, left.start);
    const call = node.operator === '===' ? '__e(' : '!__e(';
    return `${call}${start}${this.text(left)}${operator}${this.text(right)}${this.#source.slice(right.end, node.end)})`;
  }

  #literal(value: unknown): void {
    const isText = typeof value === 'string' && value.length > 1 && value.length <= 40;
    const isNumber = typeof value === 'number' && Number.isInteger(value) && value > 9 && value < 2 ** 32;
    if (isText || isNumber) register.token(this.#folder, value);
  }
}

function counted(): string {
  return `__n[${register.branch()}]++;`;
}

function isComparison(node: Node): boolean {
  if (node.type !== 'BinaryExpression' || (node.operator !== '===' && node.operator !== '!==')) return false;
  const left = node.left as Node;
  return left.type !== 'UnaryExpression' || left.operator !== 'typeof';
}

/** Its children with the names of their fields, in the order of the source. */
function childrenOf(node: Node): [name: string, child: Node][] {
  const children = Object.entries(node).flatMap(([name, value]): [string, Node][] => {
    if (Array.isArray(value)) return value.filter(isNode).map((child) => [name, child]);
    return isNode(value) ? [[name, value]] : [];
  });
  return children.sort(([, a], [, b]) => a.start - b.start);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
