import fc from 'fast-check';
import { expect, it } from 'vitest';
import { landscapes, REMEDIES } from '../testing/landscapes.ts';
import { buildGraph, OUTSIDE, type PathGraph } from './graph.ts';
import { GrowingReach } from './growing-reach.ts';
import { difficulties, reachGrounds } from './landscape.ts';
import { inOrder, neededOf } from './plan-order.ts';
import { reach } from './search.ts';

const graphs = landscapes.map((landscape) => buildGraph(landscape, new Set(reachGrounds)));
const orders = fc.shuffledSubarray([...Array(REMEDIES).keys()]);
const levels = fc.nat(difficulties.length - 1);

/** Slowly: the whole graph is searched anew for each question. */
function reachedWith(graph: PathGraph, level: number, done: readonly number[]): Uint8Array {
  const carried = new Uint8Array(REMEDIES);
  for (const remedy of done) carried[remedy] = 1;
  return reach(graph.arcs, { level, blocked: graph.sets.blockedBy(carried) }).reached;
}

const targetsWith = (graph: PathGraph, level: number, done: readonly number[]): number[] => {
  const reached = reachedWith(graph, level, done);
  return [...graph.targets].filter((target) => reached[target] === 1);
};

it('leaves out of a choice what searching anew after each change leaves out', () => {
  fc.assert(
    fc.property(graphs, levels, orders, (graph, level, chosen) => {
      const open = new Set(targetsWith(graph, level, chosen));
      const goal = [...graph.targets].filter((target) => !open.has(target));
      let kept = [...chosen];
      for (const remedy of chosen) {
        const without = kept.filter((one) => one !== remedy);
        if (!targetsWith(graph, level, without).some((target) => goal.includes(target))) kept = without;
      }
      expect(neededOf(graph, level, goal, chosen)).toEqual(kept);
    }),
    { numRuns: 400, seed: 20 },
  );
});

it('puts changes in the order, and frees by each, what searching anew after each change does', () => {
  fc.assert(
    fc.property(graphs, levels, orders, fc.nat(REMEDIES), (graph, level, chosen, last) => {
      const before = targetsWith(graph, level, []);
      const order = chosen.slice(0, Math.max(0, chosen.length - last));
      let left = chosen.slice(order.length);
      while (left.length > 0) {
        const outcomes = left.map((remedy) => ({
          remedy,
          open: targetsWith(graph, level, [...order, remedy]).length,
        }));
        const best = outcomes.reduce((a, b) => (b.open < a.open ? b : a)).remedy;
        order.push(best);
        left = left.filter((one) => one !== best);
      }
      const steps = order.map((remedy, at) => {
        const was = targetsWith(graph, level, order.slice(0, at));
        const is = new Set(targetsWith(graph, level, order.slice(0, at + 1)));
        return { remedy, freed: was.filter((one) => !is.has(one)).sort((a, b) => a - b), left: is.size };
      });
      expect(inOrder(graph, level, chosen, last)).toEqual({ steps, before });
    }),
    { numRuns: 400, seed: 21 },
  );
});

it('grows and shrinks back to what searching anew reaches', () => {
  fc.assert(
    fc.property(graphs, levels, orders, orders, (graph, level, chosen, tried) => {
      const done = new Uint8Array(REMEDIES);
      for (const remedy of chosen) done[remedy] = 1;
      const growing = new GrowingReach(graph, level, done, [OUTSIDE]);
      const some = tried.filter((remedy) => chosen.includes(remedy));
      const reachedNow = () => Array.from(growing.reached);
      const blocked = Array.from(reachedWith(graph, level, chosen));
      const rest = chosen.filter((remedy) => !some.includes(remedy));
      expect(reachedNow()).toEqual(blocked);
      const grown = growing.open(some);
      expect(reachedNow()).toEqual(Array.from(reachedWith(graph, level, rest)));
      growing.undo(some, grown);
      expect(reachedNow()).toEqual(blocked);
      for (const remedy of chosen) growing.open([remedy]);
      expect(reachedNow()).toEqual(Array.from(reachedWith(graph, level, [])));
    }),
    { numRuns: 400, seed: 22 },
  );
});
