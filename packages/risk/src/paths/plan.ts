import type { PathGraph } from './graph.ts';
import { hittingSet } from './hitting-set.ts';
import { PLAN_PATHS, PLAN_ROUNDS } from './limits.ts';
import { inOrder, neededOf, type Step } from './plan-order.ts';
import { reach, reachStubbornly, wayTo } from './search.ts';

/** Changes in the order in which to make them, and what they come to. */
export interface Plan {
  steps: Step[];
  /** Targets within reach before any change. */
  before: number[];
  /** Targets that no known change takes out of reach. */
  stubborn: number[];
  effort: number;
  /** No plan that takes as many targets out of reach takes less effort. Equal to `effort`: this one is the least. */
  bound: number;
}

/**
 * The changes of least effort after which no target is within reach by arcs up to the level, but for those that no
 * change can take out. Paths that a choice leaves open are added until it leaves none: what hits all of a part of the
 * paths at least effort is a bound for what hits all of them.
 */
export function planOf(graph: PathGraph, level: number): Plan {
  const search = new PlanSearch(graph, level);
  const { chosen, bound } = search.least();
  const order = search.inOrder(chosen);
  const effort = chosen.reduce((sum, remedy) => sum + search.effortOf(remedy), 0);
  return { ...order, stubborn: search.stubborn, effort, bound };
}

class PlanSearch {
  readonly #graph: PathGraph;
  readonly #level: number;
  readonly #goal: number[];
  readonly #paths = new Map<string, number[]>();
  readonly stubborn: number[];
  readonly effortOf = (remedy: number): number => this.#graph.sets.remedies[remedy]!.effort;

  constructor(graph: PathGraph, level: number) {
    this.#graph = graph;
    this.#level = level;
    const everything = new Uint8Array(graph.sets.remedies.length).fill(1);
    this.stubborn = this.#within(everything, [...graph.targets]);
    const beyond = new Set(this.stubborn);
    this.#goal = [...graph.targets].filter((target) => !beyond.has(target));
  }

  #within(done: Uint8Array, targets: readonly number[]): number[] {
    const { arcs, sets } = this.#graph;
    const { reached } = reach(arcs, { level: this.#level, blocked: sets.blockedBy(done) });
    return targets.filter((target) => reached[target] === 1);
  }

  least(): { chosen: number[]; bound: number } {
    let bound = 0;
    for (let round = 0; round < PLAN_ROUNDS && this.#paths.size < PLAN_PATHS; round++) {
      const choice = hittingSet([...this.#paths.values()], this.effortOf);
      bound = Math.max(bound, choice.bound);
      const done = this.#done(choice.chosen);
      if (this.#addPaths(done) === 0) return { chosen: this.#needed(choice.chosen), bound };
    }
    const { chosen } = hittingSet([...this.#paths.values()], this.effortOf);
    return { chosen: this.#needed(this.#completed(chosen)), bound };
  }

  #done(chosen: readonly number[]): Uint8Array {
    const done = new Uint8Array(this.#graph.sets.remedies.length);
    for (const remedy of chosen) done[remedy] = 1;
    return done;
  }

  /** Adds paths that are open, no two of which one change could cut, as long as there are any; tells how many. */
  #addPaths(done: Uint8Array): number {
    const { arcs, sets } = this.#graph;
    const gone = done.slice();
    let added = 0;
    for (;;) {
      const found = reachStubbornly(arcs, { level: this.#level, blocked: sets.blockedBy(gone) });
      const open = this.#goal.filter((target) => found.reached[target] === 1);
      if (open.length === 0) return added;
      for (const target of open) {
        const cuts = this.#cutsOf(wayTo(arcs, found, target));
        if (cuts.some((remedy) => gone[remedy] === 1)) continue;
        for (const remedy of cuts) gone[remedy] = 1;
        this.#paths.set(cuts.join(), cuts);
        added += 1;
      }
    }
  }

  #cutsOf(way: readonly number[]): number[] {
    const { arcs, sets } = this.#graph;
    return [...new Set(way.flatMap((arc) => [...sets.sets[arcs.set[arc]!]!]))].sort((a, b) => a - b);
  }

  /** Adds what cuts the most of the paths that are still open until none is. */
  #completed(chosen: readonly number[]): number[] {
    const all = [...chosen];
    const { arcs, sets } = this.#graph;
    for (;;) {
      const found = reachStubbornly(arcs, { level: this.#level, blocked: sets.blockedBy(this.#done(all)) });
      const open = this.#goal.filter((target) => found.reached[target] === 1);
      if (open.length === 0) return all;
      all.push(
        ...hittingSet(
          open.map((target) => this.#cutsOf(wayTo(arcs, found, target))),
          this.effortOf,
        ).chosen,
      );
    }
  }

  /** Leaves out what is not needed, the weightiest first. */
  #needed(chosen: readonly number[]): number[] {
    const weightiest = chosen.toSorted((a, b) => this.effortOf(b) - this.effortOf(a));
    return neededOf(this.#graph, this.#level, this.#goal, weightiest);
  }

  /** Each next change is the one that takes the most targets out of reach; where none does, the one that cuts the most paths. */
  inOrder(chosen: readonly number[]): Pick<Plan, 'steps' | 'before'> {
    return inOrder(this.#graph, this.#level, this.#byPathsCut(chosen));
  }

  #byPathsCut(chosen: readonly number[]): number[] {
    const cut = new Map(chosen.map((remedy) => [remedy, 0]));
    for (const path of this.#paths.values())
      for (const remedy of path) if (cut.has(remedy)) cut.set(remedy, cut.get(remedy)! + 1);
    return chosen.toSorted((a, b) => cut.get(b)! - cut.get(a)!);
  }
}
