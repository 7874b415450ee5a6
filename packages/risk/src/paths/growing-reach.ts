import type { Arcs } from './arcs.ts';
import type { RemedySets } from './remedy-sets.ts';

/** What taking changes back made reachable. */
export interface Grown {
  nodes: number[];
  /** A node of those that were watched for is among them; what lies beyond was not looked at. */
  met: boolean;
}

/**
 * What is reached while changes are taken back one after the other. Reach only grows, so that all of it together costs what one search
 * of the whole graph does; a step that was a trial can be undone.
 */
export class GrowingReach {
  readonly reached: Uint8Array;
  readonly #arcs: Arcs;
  readonly #sets: RemedySets;
  readonly #level: number;
  /** Per set, how many of its remedies are carried out: its arcs are there at none. */
  readonly #done: Int32Array;
  readonly #ofSet: { first: Int32Array; arcs: Int32Array };

  /** Everything that `start` reaches by arcs up to the level, with the given changes carried out. */
  constructor(
    { arcs, sets }: { arcs: Arcs; sets: RemedySets },
    level: number,
    done: Uint8Array,
    start: Iterable<number>,
  ) {
    this.#arcs = arcs;
    this.#sets = sets;
    this.#level = level;
    this.reached = new Uint8Array(arcs.nodes);
    this.#done = Int32Array.from(sets.sets, (members) => members.filter((one) => done[one] === 1).length);
    this.#ofSet = arcsOfSets(arcs, sets.sets.length);
    const nodes = [...start];
    for (const node of nodes) this.reached[node] = 1;
    this.#spread(nodes, null);
  }

  /** Takes changes back. Ends early at a node of `watched`, after which the step has to be undone. */
  open(remedies: readonly number[], watched: Uint8Array | null = null): Grown {
    const nodes: number[] = [];
    let met = false;
    for (const set of this.#opened(remedies)) {
      const { first, arcs } = this.#ofSet;
      for (let at = first[set]!; at < first[set + 1]! && !met; at++)
        met = this.reached[this.#arcs.tail[arcs[at]!]!] === 1 && this.#visit(arcs[at]!, nodes, watched);
    }
    return { nodes, met: met || this.#spread(nodes, watched) };
  }

  /** Sets that nothing carried out holds back any more. */
  #opened(remedies: readonly number[]): number[] {
    const opened: number[] = [];
    for (const remedy of remedies)
      for (const set of this.#sets.setsOf(remedy)) {
        this.#done[set]! -= 1;
        if (this.#done[set] === 0) opened.push(set);
      }
    return opened;
  }

  /** Carries the changes out again: nothing but a step just made may be undone. */
  undo(remedies: readonly number[], { nodes }: Grown): void {
    for (const node of nodes) this.reached[node] = 0;
    for (const remedy of remedies) for (const set of this.#sets.setsOf(remedy)) this.#done[set]! += 1;
  }

  /** Goes on from nodes just reached, to which it adds; true where it met one that is watched for. */
  #spread(nodes: number[], watched: Uint8Array | null): boolean {
    const { first } = this.#arcs;
    for (let next = 0; next < nodes.length; next++) {
      const node = nodes[next]!;
      for (let arc = first[node]!; arc < first[node + 1]!; arc++)
        if (this.#visit(arc, nodes, watched)) return true;
    }
    return false;
  }

  #visit(arc: number, nodes: number[], watched: Uint8Array | null): boolean {
    const head = this.#arcs.head[arc]!;
    if (this.reached[head] === 1 || this.#arcs.level[arc]! > this.#level) return false;
    if (this.#done[this.#arcs.set[arc]!]! > 0) return false;
    this.reached[head] = 1;
    nodes.push(head);
    return watched !== null && watched[head] === 1;
  }
}

function arcsOfSets(arcs: Arcs, sets: number): { first: Int32Array; arcs: Int32Array } {
  const first = new Int32Array(sets + 1);
  for (let arc = 0; arc < arcs.count; arc++) first[arcs.set[arc]! + 1]! += 1;
  for (let set = 0; set < sets; set++) first[set + 1]! += first[set]!;
  const next = first.slice(0, sets);
  const list = new Int32Array(arcs.count);
  for (let arc = 0; arc < arcs.count; arc++) list[next[arcs.set[arc]!]!++] = arc;
  return { first, arcs: list };
}
