import type { Arcs } from './arcs.ts';
import { OUTSIDE } from './graph.ts';
import type { Within } from './search.ts';

const NOBODY = -1;

/** Reached nodes such that each comes after one that leads to it, and the arcs between them. */
interface Order {
  nodes: Int32Array;
  /** Place of a node in `nodes`; -1 where it is not reached. */
  place: Int32Array;
}

/**
 * The immediate dominator of every reached node: the last node that no path from outside can go round. Nodes that are
 * not reached, and the start, have -1. Cooper, Harvey and Kennedy, “A Simple, Fast Dominance Algorithm” (2001).
 */
export function dominators(arcs: Arcs, within: Within): Int32Array {
  const order = reversePostorder(arcs, within);
  const before = predecessors(arcs, within, order);
  // By place in the order rather than by node: comparing two places tells which is nearer to the start.
  const above = new Int32Array(order.nodes.length).fill(NOBODY);
  above[0] = 0;
  for (let changed = true; changed; ) {
    changed = false;
    for (let place = 1; place < order.nodes.length; place++) {
      let meet = NOBODY;
      for (let i = before.first[place]!; i < before.first[place + 1]!; i++) {
        const other = before.list[i]!;
        if (above[other] === NOBODY) continue;
        meet = meet === NOBODY ? other : intersect(above, other, meet);
      }
      if (above[place] !== meet) {
        above[place] = meet;
        changed = true;
      }
    }
  }
  const result = new Int32Array(arcs.nodes).fill(NOBODY);
  for (let place = 1; place < order.nodes.length; place++)
    result[order.nodes[place]!] = order.nodes[above[place]!]!;
  return result;
}

function intersect(above: Int32Array, a: number, b: number): number {
  let left = a;
  let right = b;
  while (left !== right) {
    while (left > right) left = above[left]!;
    while (right > left) right = above[right]!;
  }
  return left;
}

function reversePostorder(arcs: Arcs, within: Within): Order {
  const nodes = new Int32Array(arcs.nodes);
  const place = new Int32Array(arcs.nodes).fill(NOBODY);
  const seen = new Uint8Array(arcs.nodes);
  const next = arcs.first.slice();
  const stack = new Int32Array(arcs.nodes);
  let depth = 1;
  let written = 0;
  stack[0] = OUTSIDE;
  seen[OUTSIDE] = 1;
  while (depth > 0) {
    const node = stack[depth - 1]!;
    const arc = next[node]!++;
    if (arc >= arcs.first[node + 1]!) {
      nodes[written++] = node;
      depth -= 1;
    } else if (passes(arcs, within, arc) && seen[arcs.head[arc]!] === 0) {
      seen[arcs.head[arc]!] = 1;
      stack[depth++] = arcs.head[arc]!;
    }
  }
  const ordered = nodes.slice(0, written).reverse();
  for (const [at, node] of ordered.entries()) place[node] = at;
  return { nodes: ordered, place };
}

function predecessors(arcs: Arcs, within: Within, order: Order): { first: Int32Array; list: Int32Array } {
  const first = new Int32Array(order.nodes.length + 1);
  const count = (arc: number): boolean => passes(arcs, within, arc) && order.place[arcs.tail[arc]!]! >= 0;
  for (let arc = 0; arc < arcs.count; arc++) if (count(arc)) first[order.place[arcs.head[arc]!]! + 1]! += 1;
  for (let i = 0; i < order.nodes.length; i++) first[i + 1]! += first[i]!;
  const at = first.slice();
  const list = new Int32Array(first[order.nodes.length]!);
  for (let arc = 0; arc < arcs.count; arc++)
    if (count(arc)) list[at[order.place[arcs.head[arc]!]!]!++] = order.place[arcs.tail[arc]!]!;
  return { first, list };
}

const passes = (arcs: Arcs, within: Within, arc: number): boolean =>
  arcs.level[arc]! <= within.level && within.blocked[arcs.set[arc]!] === 0;

/** Per node, how many of the targets it dominates, itself not counted. */
export function dominated(above: Int32Array, targets: Int32Array): Int32Array {
  const counts = new Int32Array(above.length);
  for (const target of targets)
    for (let node = above[target]!; node > OUTSIDE; node = above[node]!) counts[node]! += 1;
  return counts;
}
