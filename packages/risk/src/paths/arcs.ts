import { difficulties } from './landscape.ts';

const LEVELS = difficulties.length;

/** A growing list of arcs in typed tables, closed into lists per tail (compressed sparse rows). */
export class ArcList {
  #tails = new Int32Array(1024);
  #heads = new Int32Array(1024);
  #levels = new Uint8Array(1024);
  #sets = new Int32Array(1024);
  #notes = new Int32Array(1024);
  #count = 0;

  /** `level`: ordinal difficulty. `set`: of remedies that take it away, 0 for none. `note`: what it rests on, or -1. */
  add(tail: number, head: number, level: number, set = 0, note = -1): void {
    if (this.#count === this.#tails.length) this.#grow();
    this.#tails[this.#count] = tail;
    this.#heads[this.#count] = head;
    this.#levels[this.#count] = level;
    this.#sets[this.#count] = set;
    this.#notes[this.#count] = note;
    this.#count += 1;
  }

  #grow(): void {
    const longer = (table: Int32Array): Int32Array<ArrayBuffer> => {
      const next = new Int32Array(table.length * 2);
      next.set(table);
      return next;
    };
    const levels = new Uint8Array(this.#levels.length * 2);
    levels.set(this.#levels);
    this.#levels = levels;
    this.#tails = longer(this.#tails);
    this.#heads = longer(this.#heads);
    this.#sets = longer(this.#sets);
    this.#notes = longer(this.#notes);
  }

  /** Arcs of one node stand easiest first, so that of two ways that are as short the easier is taken. */
  #easiestFirst(): Int32Array {
    const levels = new Int32Array(LEVELS + 1);
    for (let i = 0; i < this.#count; i++) levels[this.#levels[i]! + 1]! += 1;
    for (let level = 0; level < LEVELS; level++) levels[level + 1]! += levels[level]!;
    const order = new Int32Array(this.#count);
    for (let i = 0; i < this.#count; i++) order[levels[this.#levels[i]!]!++] = i;
    return order;
  }

  close(nodes: number): Arcs {
    const first = new Int32Array(nodes + 1);
    for (let i = 0; i < this.#count; i++) first[this.#tails[i]! + 1]! += 1;
    for (let node = 0; node < nodes; node++) first[node + 1]! += first[node]!;
    const at = first.slice(0, nodes);
    const arcs: Arcs = {
      nodes,
      count: this.#count,
      first,
      tail: new Int32Array(this.#count),
      head: new Int32Array(this.#count),
      level: new Uint8Array(this.#count),
      set: new Int32Array(this.#count),
      note: new Int32Array(this.#count),
    };
    for (const i of this.#easiestFirst()) {
      const place = at[this.#tails[i]!]!++;
      arcs.tail[place] = this.#tails[i]!;
      arcs.head[place] = this.#heads[i]!;
      arcs.level[place] = this.#levels[i]!;
      arcs.set[place] = this.#sets[i]!;
      arcs.note[place] = this.#notes[i]!;
    }
    return arcs;
  }
}

/** The arcs that leave node `n` are those from `first[n]` to just before `first[n + 1]`. */
export interface Arcs {
  nodes: number;
  count: number;
  first: Int32Array;
  tail: Int32Array;
  head: Int32Array;
  level: Uint8Array;
  set: Int32Array;
  note: Int32Array;
}

/** The same arcs the other way round; what they rest on is not kept. */
export function reversed(arcs: Arcs): Arcs {
  const list = new ArcList();
  for (let arc = 0; arc < arcs.count; arc++)
    list.add(arcs.head[arc]!, arcs.tail[arc]!, arcs.level[arc]!, arcs.set[arc]!);
  return list.close(arcs.nodes);
}
