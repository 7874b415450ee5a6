import { DIAGRAM_NODES } from '../limits.ts';
import type { Family, Range } from './addresses.ts';
import { type Box, bitsOf, type Field, fields, type Packet, possibleBoxes } from './packet.ts';

/**
 * Sets of packets as interval decision diagrams: each node asks one field and has one child for each of a row of
 * ranges that together are all values. Equal sets are the same node (reduced, ordered, shared; the argument is Bryant's for
 * binary diagrams), so that two sets are compared by comparing two numbers, however many packets they hold.
 *
 * Values are counted in *atoms*: the pieces between all the ends that occur in any box of the comparison. An address of
 * 128 bits thus costs no more than one of 32.
 */
export class Diagrams {
  readonly family: Family;
  /** Per field the first value of each atom, ascending; the first is 0. */
  readonly #cuts: readonly (readonly bigint[])[];
  readonly #nodes: Node[] = [];
  readonly #byHash = new Map<number, number[]>();
  readonly #memo = new Map<number, number>();
  #memoOperation: Operation | null = null;

  /** `boxes` must hold every end that any box of the comparison has. */
  constructor(family: Family, boxes: Iterable<Box>) {
    this.family = family;
    this.#cuts = cutsOf(family, boxes);
  }

  /** Every packet that can exist. */
  get possible(): number {
    return this.union(possibleBoxes.map((box) => this.ofBox(box)));
  }

  get size(): number {
    return this.#nodes.length;
  }

  /** The set of one box. */
  ofBox(box: Box): number {
    return this.ofProduct(box.source, box.destination, this.#ofRest(box));
  }

  /** All packets from any of the sources to any of the destinations whose other fields are in `rest`. Undefined is any. */
  ofProduct(
    sources: readonly Range[] | undefined,
    destinations: readonly Range[] | undefined,
    rest: number,
  ): number {
    return this.#ranged(0, sources, this.#ranged(1, destinations, rest));
  }

  /** A set over the fields after the addresses. */
  ofServices(boxes: readonly Box[]): number {
    return this.union(boxes.map((box) => this.#ofRest(box)));
  }

  #ofRest(box: Box): number {
    let node = ALL;
    for (let level = fields.length - 1; level >= 2; level -= 1)
      node = this.#ranged(level, box[fields[level]!], node);
    return node;
  }

  /** The node that leads to `child` within the ranges and to nothing elsewhere. */
  #ranged(level: number, ranges: readonly Range[] | undefined, child: number): number {
    if (child === NONE || ranges === undefined) return child;
    if (ranges.length === 0) return NONE;
    const atoms = ranges.map((range) => this.#atoms(level, range)).toSorted(([a], [b]) => a - b);
    const row = new Row();
    let next = 0;
    for (const [first, last] of atoms) {
      if (first > next) row.add(first - 1, NONE);
      if (last >= next) row.add(last, child);
      next = Math.max(next, last + 1);
    }
    if (next < this.#cuts[level]!.length) row.add(this.#cuts[level]!.length - 1, NONE);
    return this.#node(level, row);
  }

  /** First and last atom of a range whose ends are cuts. */
  #atoms(level: number, { first, last }: Range): [first: number, last: number] {
    const cuts = this.#cuts[level]!;
    return [atomOf(cuts, first), atomOf(cuts, last)];
  }

  union(nodes: readonly number[]): number {
    return this.#balanced(nodes, UNION);
  }

  intersect(a: number, b: number): number {
    return this.#apply(INTERSECTION, a, b);
  }

  subtract(a: number, b: number): number {
    return this.#apply(DIFFERENCE, a, b);
  }

  /** Where `where` holds, `then`, elsewhere `otherwise`: how one line of a list stands before the rest. */
  choose(where: number, then: number, otherwise: number): number {
    return this.union([this.intersect(where, then), this.subtract(otherwise, where)]);
  }

  /** Halves joined, so that wide nodes are walked a few times and not once for each part. */
  #balanced(nodes: readonly number[], operation: Operation): number {
    if (nodes.length === 0) return NONE;
    let row = [...nodes];
    while (row.length > 1) {
      const joined: number[] = [];
      for (let index = 0; index < row.length; index += 2) {
        const [a, b] = [row[index]!, row[index + 1]];
        joined.push(b === undefined ? a : this.#apply(operation, a, b));
      }
      row = joined;
    }
    return row[0]!;
  }

  #apply(operation: Operation, a: number, b: number): number {
    if (this.#memoOperation !== operation) {
      this.#memo.clear();
      this.#memoOperation = operation;
    }
    return this.#applied(operation, a, b);
  }

  /** Recursion is bounded by the number of fields. */
  #applied(operation: Operation, a: number, b: number): number {
    const known = operation.known(a, b);
    if (known !== null) return known;
    const key = a * (DIAGRAM_NODES + 1) + b;
    const before = this.#memo.get(key);
    if (before !== undefined) return before;
    const result = this.#walk(operation, a, b);
    this.#memo.set(key, result);
    return result;
  }

  #walk(operation: Operation, a: number, b: number): number {
    const level = Math.min(this.#level(a), this.#level(b));
    const [left, right] = [this.#at(level, a), this.#at(level, b)];
    const row = new Row();
    for (let i = 0, j = 0; i < left.ends.length && j < right.ends.length; ) {
      const end = Math.min(left.ends[i]!, right.ends[j]!);
      row.add(end, this.#applied(operation, left.children[i]!, right.children[j]!));
      if (left.ends[i] === end) i += 1;
      if (right.ends[j] === end) j += 1;
    }
    return this.#node(level, row);
  }

  #level(node: number): number {
    return node <= ALL ? fields.length : this.#nodes[node - 2]!.level;
  }

  /** A node as it looks from a level at which it does not ask. */
  #at(level: number, node: number): { ends: ArrayLike<number>; children: ArrayLike<number> } {
    if (this.#level(node) === level) return this.#nodes[node - 2]!;
    return { ends: [this.#cuts[level]!.length - 1], children: [node] };
  }

  #node(level: number, row: Row): number {
    if (row.ends.length === 1) return row.children[0]!;
    const hash = row.hash(level);
    const bucket = this.#byHash.get(hash);
    const found = bucket?.find((id) => sameNode(this.#nodes[id - 2]!, level, row));
    if (found !== undefined) return found;
    if (this.#nodes.length >= DIAGRAM_NODES)
      throw new RangeError('the decision diagrams of this comparison have too many nodes');
    this.#nodes.push({ level, ends: Int32Array.from(row.ends), children: Int32Array.from(row.children) });
    const id = this.#nodes.length + 1;
    if (bucket === undefined) this.#byHash.set(hash, [id]);
    else bucket.push(id);
    return id;
  }

  has(node: number, packet: Packet): boolean {
    let at = node;
    while (at > ALL) {
      const { level, ends, children } = this.#nodes[at - 2]!;
      const atom = atomOf(this.#cuts[level]!, packet[fields[level]!]);
      let index = 0;
      while (ends[index]! < atom) index += 1;
      at = children[index]!;
    }
    return at === ALL;
  }

  /** A packet of the set, the same one each time; null where the set is empty. */
  pick(node: number): Packet | null {
    if (node === NONE) return null;
    const packet: Packet = { family: this.family, ...usual };
    for (let at = node; at > ALL; ) {
      const { level, ends, children } = this.#nodes[at - 2]!;
      const index = children.findIndex((child) => child !== NONE);
      packet[fields[level]!] = this.#cuts[level]![index === 0 ? 0 : ends[index - 1]! + 1]!;
      at = children[index]!;
    }
    return packet;
  }

  /** How many packets the set holds, of all that its fields can say. */
  count(node: number): bigint {
    const memo = new Map<number, bigint>();
    return this.#countFrom(0, node, memo);
  }

  #countFrom(level: number, node: number, memo: Map<number, bigint>): bigint {
    if (node === NONE) return 0n;
    if (level === fields.length) return 1n;
    if (this.#level(node) > level)
      return this.#values(level, 0, this.#cuts[level]!.length - 1) * this.#countFrom(level + 1, node, memo);
    const before = memo.get(node);
    if (before !== undefined) return before;
    const { ends, children } = this.#nodes[node - 2]!;
    let total = 0n;
    for (let index = 0; index < ends.length; index += 1) {
      const first = index === 0 ? 0 : ends[index - 1]! + 1;
      total += this.#values(level, first, ends[index]!) * this.#countFrom(level + 1, children[index]!, memo);
    }
    memo.set(node, total);
    return total;
  }

  #values(level: number, first: number, last: number): bigint {
    const { first: from, last: to } = this.#range(level, first, last);
    return to - from + 1n;
  }

  #range(level: number, first: number, last: number): Range {
    const cuts = this.#cuts[level]!;
    const end = last + 1 < cuts.length ? cuts[last + 1]! : 1n << BigInt(bitsOf(fields[level]!, this.family));
    return { first: cuts[first]!, last: end - 1n };
  }

  /** The ranges below which a node's children hang, told apart by child; children that are empty are left out, but for `all`. */
  branches(node: number, all = false): { level: number; ranges: Range[]; child: number }[] {
    const { level, ends, children } = this.#nodes[node - 2]!;
    const byChild = new Map<number, Range[]>();
    for (let index = 0; index < ends.length; index += 1) {
      const child = children[index]!;
      if (child === NONE && !all) continue;
      const range = this.#range(level, index === 0 ? 0 : ends[index - 1]! + 1, ends[index]!);
      const ranges = byChild.get(child);
      if (ranges === undefined) byChild.set(child, [range]);
      else ranges.push(range);
    }
    return [...byChild].map(([child, ranges]) => ({ level, ranges, child }));
  }

  /** Every node below one, each with all ranges of its field, so that together they are a partition of all packets. */
  partition(node: number): Map<number, { field: Field; parts: { ranges: Range[]; child: number }[] }> {
    const found: ReturnType<Diagrams['partition']> = new Map();
    for (const waiting = [node]; waiting.length > 0; ) {
      const next = waiting.pop()!;
      if (next <= ALL || found.has(next)) continue;
      const parts = this.branches(next, true).map(({ ranges, child }) => ({ ranges, child }));
      found.set(next, { field: fields[this.#level(next)]!, parts });
      waiting.push(...parts.map(({ child }) => child));
    }
    return found;
  }

  /** Boxes that are apart from each other and together are the set, at most `limit` of them. */
  boxes(node: number, limit = Number.POSITIVE_INFINITY): Box[] {
    const found: Box[] = [];
    this.#collect(node, {}, found, limit);
    return found;
  }

  #collect(node: number, box: Box, found: Box[], limit: number): void {
    if (node === NONE || found.length >= limit) return;
    if (node === ALL) {
      found.push(box);
      return;
    }
    for (const { level, ranges, child } of this.branches(node))
      this.#collect(child, { ...box, [fields[level]!]: ranges }, found, limit);
  }
}

/** The empty set and the set of all packets. */
export const NONE = 0;
export const ALL = 1;

interface Node {
  level: number;
  /** The last atom of each range, ascending. */
  ends: Int32Array;
  children: Int32Array;
}

/** What a packet has where a set leaves a field open: an ephemeral source port, TCP, the opening segment. */
const usual = {
  source: 0n,
  destination: 0n,
  protocol: 6n,
  destinationPort: 0n,
  sourcePort: 49_152n,
  established: 0n,
};

/** A node's ranges as they come, neighbours with the same child joined. */
class Row {
  readonly ends: number[] = [];
  readonly children: number[] = [];

  add(end: number, child: number): void {
    const last = this.ends.length - 1;
    if (last >= 0 && this.children[last] === child) {
      this.ends[last] = end;
      return;
    }
    this.ends.push(end);
    this.children.push(child);
  }

  /** FNV-1a over whole numbers. */
  hash(level: number): number {
    let hash = Math.imul(0x811c9dc5 ^ level, 0x01000193);
    for (let index = 0; index < this.ends.length; index += 1) {
      hash = Math.imul(hash ^ this.ends[index]!, 0x01000193);
      hash = Math.imul(hash ^ this.children[index]!, 0x01000193);
    }
    return hash;
  }
}

function sameNode(node: Node, level: number, row: Row): boolean {
  if (node.level !== level || node.ends.length !== row.ends.length) return false;
  for (let index = 0; index < row.ends.length; index += 1)
    if (node.ends[index] !== row.ends[index] || node.children[index] !== row.children[index]) return false;
  return true;
}

interface Operation {
  /** What needs no walk; null where it does. */
  known: (a: number, b: number) => number | null;
}

const UNION: Operation = {
  known: (a, b) => (a === b || b === NONE ? a : a === NONE ? b : a === ALL || b === ALL ? ALL : null),
};
const INTERSECTION: Operation = {
  known: (a, b) => (a === b || b === ALL ? a : a === ALL ? b : a === NONE || b === NONE ? NONE : null),
};
const DIFFERENCE: Operation = {
  known: (a, b) => (a === NONE || b === ALL || a === b ? NONE : b === NONE ? a : null),
};

function* withPossible(boxes: Iterable<Box>): Generator<Box> {
  yield* possibleBoxes;
  yield* boxes;
}

function cutsOf(family: Family, boxes: Iterable<Box>): bigint[][] {
  const starts = fields.map(() => new Set<bigint>([0n]));
  for (const box of withPossible(boxes)) {
    for (const [level, field] of fields.entries()) {
      for (const { first, last } of box[field] ?? []) {
        starts[level]!.add(first);
        starts[level]!.add(last + 1n);
      }
    }
  }
  return starts.map((values, level) => {
    const end = 1n << BigInt(bitsOf(fields[level]!, family));
    return [...values].filter((value) => value < end).toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  });
}

/** The atom that holds a value. */
function atomOf(cuts: readonly bigint[], value: bigint): number {
  let low = 0;
  let high = cuts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (cuts[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
