import type { Arcs } from './arcs.ts';
import { OUTSIDE } from './graph.ts';

/** Nodes that were reached, and the arc by which each was reached first; -1: not reached, or the start. */
export interface Found {
  reached: Uint8Array;
  by: Int32Array;
}

/** Which arcs may be taken. */
export interface Within {
  /** Arcs that are harder are left out. */
  level: number;
  /** Per set of remedies: 1 where it is carried out, so that its arcs are gone. */
  blocked: Uint8Array;
}

/** Breadth first from outside: each node is reached by as few arcs as can be. */
export function reach(arcs: Arcs, within: Within): Found {
  const reached = new Uint8Array(arcs.nodes);
  const by = new Int32Array(arcs.nodes).fill(-1);
  const queue = new Int32Array(arcs.nodes);
  let end = 1;
  queue[0] = OUTSIDE;
  reached[OUTSIDE] = 1;
  for (let next = 0; next < end; next++) {
    const node = queue[next]!;
    for (let arc = arcs.first[node]!; arc < arcs.first[node + 1]!; arc++) {
      const head = arcs.head[arc]!;
      if (reached[head] === 1 || arcs.level[arc]! > within.level || within.blocked[arcs.set[arc]!] === 1)
        continue;
      reached[head] = 1;
      by[head] = arc;
      queue[end++] = head;
    }
  }
  return { reached, by };
}

/** Like {@link reach}, by as few arcs that a remedy could take away as can be: those paths are the hardest to cut. */
export function reachStubbornly(arcs: Arcs, within: Within): Found {
  const reached = new Uint8Array(arcs.nodes);
  const by = new Int32Array(arcs.nodes).fill(-1);
  let near: number[] = [OUTSIDE];
  const claim = new Int32Array(arcs.nodes).fill(-1);
  while (near.length > 0) {
    const far: number[] = [];
    for (let node = near.pop(); node !== undefined; node = near.pop()) {
      if (reached[node] === 1) continue;
      reached[node] = 1;
      by[node] = claim[node]!;
      for (let arc = arcs.first[node]!; arc < arcs.first[node + 1]!; arc++) {
        const head = arcs.head[arc]!;
        if (reached[head] === 1 || arcs.level[arc]! > within.level || within.blocked[arcs.set[arc]!] === 1)
          continue;
        if (arcs.set[arc] === 0) {
          claim[head] = arc;
          near.push(head);
        } else {
          if (claim[head] === -1) claim[head] = arc;
          far.push(head);
        }
      }
    }
    near = far;
  }
  return { reached, by };
}

/** The arcs from outside to the node, in order. */
export function wayTo(arcs: Arcs, found: Found, node: number): number[] {
  const way: number[] = [];
  for (let at = node; found.by[at]! !== -1; at = arcs.tail[found.by[at]!]!) way.push(found.by[at]!);
  return way.reverse();
}
