import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseAllDocuments,
} from 'yaml';
import type { RuleDiagnostic, RulePlace } from '../rules/rule.ts';
import { SIGMA_DEPTH, SIGMA_DOCUMENTS, SIGMA_NODES } from './limits.ts';

export type Scalar = string | number | boolean | null;
/** A part of a YAML document with its place. */
export type Tree =
  | {
      kind: 'scalar';
      value: Scalar;
      place: RulePlace;
      /** Where the value itself begins, behind a quotation mark. */
      inside: RulePlace;
    }
  | { kind: 'list'; items: Tree[]; place: RulePlace }
  | { kind: 'map'; entries: { key: string; place: RulePlace; value: Tree }[]; place: RulePlace };

/** What a text says in YAML, document by document. Aliases, tags and keys that are no texts are faults: rules need none. */
export function readTrees(text: string): { trees: Tree[]; faults: RuleDiagnostic[] } {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    uniqueKeys: true,
    schema: 'core',
    logLevel: 'silent',
  });
  const reader = new TreeReader(lines);
  if (!Array.isArray(documents)) return { trees: [], faults: [reader.fault(0, 'There is nothing in it')] };
  const faults: RuleDiagnostic[] = [];
  const trees: Tree[] = [];
  for (const { errors, contents } of documents.slice(0, SIGMA_DOCUMENTS + 1)) {
    for (const { message, pos } of errors)
      faults.push(reader.fault(pos[0], firstLine(message), pos[1] - pos[0]));
    if (errors.length > 0 || contents === null) continue;
    trees.push(reader.read(contents as ParsedNode));
  }
  if (documents.length > SIGMA_DOCUMENTS)
    faults.push(reader.fault(0, `More than ${SIGMA_DOCUMENTS} documents are not read`));
  return { trees, faults: [...faults, ...reader.faults] };
}

const firstLine = (message: string) => message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '');

class TreeReader {
  readonly faults: RuleDiagnostic[] = [];
  readonly #lines: LineCounter;
  #nodes = 0;

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  fault(offset: number, message: string, length = 1): RuleDiagnostic {
    return { message, place: this.#place(offset, offset + length) };
  }

  read(node: ParsedNode, depth = 0): Tree {
    const [from = 0, upTo = 0] = (node as Node).range ?? [];
    const place = this.#place(from, upTo);
    this.#nodes += 1;
    if (depth > SIGMA_DEPTH || this.#nodes > SIGMA_NODES)
      return this.#none(place, 'This is nested too deep, or too much');
    if (isAlias(node)) return this.#none(place, 'Anchors and aliases are not read: write it out');
    if ((node as Node & { anchor?: string; tag?: string }).tag?.startsWith('!') === true)
      return this.#none(place, 'Tags are not read');
    if (isScalar(node)) return scalar(scalarOf(node.value), place, node.type?.startsWith('QUOTE') === true);
    if (isSeq(node))
      return { kind: 'list', items: node.items.map((one) => this.read(one as ParsedNode, depth + 1)), place };
    if (!isMap(node)) return this.#none(place, 'This is not read');
    const entries = node.items.flatMap(({ key, value }) => {
      if (!isScalar(key)) {
        this.#none(place, 'A key is a text');
        return [];
      }
      const [start = from, end = from] = (key as Node).range ?? [];
      const at = this.#place(start, end);
      const read: Tree = value === null ? scalar(null, at) : this.read(value as ParsedNode, depth + 1);
      return [{ key: String(key.value), place: at, value: read }];
    });
    return { kind: 'map', entries, place };
  }

  #none(place: RulePlace, message: string): Tree {
    this.faults.push({ message, place });
    return scalar(null, place);
  }

  #place(from: number, upTo: number): RulePlace {
    const { line, col } = this.#lines.linePos(from);
    return { line: Math.max(1, line), column: Math.max(1, col), length: Math.max(0, upTo - from) };
  }
}

function scalarOf(value: unknown): Scalar {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  return typeof value === 'number' ? value : JSON.stringify(value);
}

function scalar(value: Scalar, place: RulePlace, isQuoted = false): Tree {
  return { kind: 'scalar', value, place, inside: isQuoted ? { ...place, column: place.column + 1 } : place };
}
