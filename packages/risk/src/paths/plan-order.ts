import { reversed } from './arcs.ts';
import { OUTSIDE, type PathGraph } from './graph.ts';
import { GrowingReach } from './growing-reach.ts';
import { ORDERED_EXACTLY } from './limits.ts';

/** A change of a plan: the targets (nodes) that it takes out of reach after those before it, and how many are left. */
export interface Step {
  remedy: number;
  freed: number[];
  left: number;
}

/** Leaves out of a choice that cuts every way to the goal what is not needed for that, trying in the given order. */
export function neededOf(
  graph: PathGraph,
  level: number,
  goal: readonly number[],
  chosen: readonly number[],
): number[] {
  const done = carriedOut(graph, chosen);
  const forward = new GrowingReach(graph, level, done, [OUTSIDE]);
  const backward = new GrowingReach({ arcs: reversed(graph.arcs), sets: graph.sets }, level, done, goal);
  return chosen.filter((remedy) => {
    const grown = forward.open([remedy], backward.reached);
    if (grown.met) forward.undo([remedy], grown);
    else backward.open([remedy]);
    return grown.met;
  });
}

/**
 * The changes in the order in which to make them: as given, but of the `last` each time the one that takes the most targets out of
 * reach; where none does, the first. What each frees is found by taking them back from the last to the first.
 */
export function inOrder(
  graph: PathGraph,
  level: number,
  chosen: readonly number[],
  last = ORDERED_EXACTLY,
): { steps: Step[]; before: number[] } {
  const growing = new GrowingReach(graph, level, carriedOut(graph, chosen), [OUTSIDE]);
  const isTarget = new Uint8Array(graph.arcs.nodes);
  for (const target of graph.targets) isTarget[target] = 1;
  const exactly = Math.max(0, chosen.length - last);
  const order = [...chosen.slice(0, exactly), ...mostFirst(growing, isTarget, chosen.slice(exactly))];
  let left = graph.targets.filter((target) => growing.reached[target] === 1).length;
  const steps: Step[] = [];
  for (const remedy of order.toReversed()) {
    const freed = growing.open([remedy]).nodes.filter((node) => isTarget[node] === 1);
    steps.push({ remedy, freed: freed.sort((a, b) => a - b), left });
    left += freed.length;
  }
  const before = [...graph.targets].filter((target) => growing.reached[target] === 1);
  return { steps: steps.reverse(), before };
}

function mostFirst(growing: GrowingReach, isTarget: Uint8Array, some: readonly number[]): number[] {
  const order: number[] = [];
  let left = [...some];
  const reachedAfter = (remedy: number): number => {
    const others = left.filter((one) => one !== remedy);
    const grown = growing.open(others);
    growing.undo(others, grown);
    return grown.nodes.filter((node) => isTarget[node] === 1).length;
  };
  while (left.length > 0) {
    const outcomes = left.map((remedy) => ({ remedy, reached: reachedAfter(remedy) }));
    const { remedy } = outcomes.reduce((a, b) => (b.reached < a.reached ? b : a));
    order.push(remedy);
    left = left.filter((one) => one !== remedy);
  }
  return order;
}

function carriedOut({ sets }: PathGraph, chosen: readonly number[]): Uint8Array {
  const done = new Uint8Array(sets.remedies.length);
  for (const remedy of chosen) done[remedy] = 1;
  return done;
}
