import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { landscapes, REMEDIES } from '../testing/landscapes.ts';
import { analysePaths } from './analyse.ts';
import { dominators } from './dominators.ts';
import { buildGraph, levelOf, OUTSIDE } from './graph.ts';
import { difficulties, type Landscape, reachGrounds } from './landscape.ts';
import { reach } from './search.ts';

/** The landscape after changes: what they take away is simply not there; a service that is mended is still offered. */
function after(landscape: Landscape, done: ReadonlySet<string>): Landscape {
  const stays = (remedies: readonly string[]) => !remedies.some((id) => done.has(id));
  return {
    ...landscape,
    assets: landscape.assets.map((one) => ({
      ...one,
      services: [
        ...one.services,
        ...[...landscape.openings].flatMap(({ asset, service: at }) =>
          asset === one.id && at !== null ? [at] : [],
        ),
      ],
    })),
    openings: [...landscape.openings].filter((one) => stays(one.remedies)),
    conduits: landscape.conduits.filter(({ remedy }) => remedy === null || !done.has(remedy)),
    footholds: landscape.footholds.filter((one) => stays(one.remedies)),
  };
}

/** Who can be misused, worked out on the landscape itself by closing rules until nothing new follows. */
function misused(landscape: Landscape, level: number): Set<string> {
  const { assets, conduits, contacts, footholds } = landscape;
  const open = [...landscape.openings].filter((one) => difficulties.indexOf(one.difficulty) <= level);
  const controlled = new Set(footholds.flatMap(({ asset }) => asset ?? []));
  const harmed = new Set(controlled);
  const stands = new Set(footholds.flatMap(({ place: at }) => at ?? []));
  const offered = (id: string): string[] => [
    ...(assets.find((one) => one.id === id)?.services ?? []),
    ...[...landscape.openings].flatMap((one) =>
      one.asset === id && one.service !== null ? [one.service] : [],
    ),
    ...contacts.flatMap((one) => (one.to === id ? [one.service] : [])),
  ];
  for (let before = -1; before !== controlled.size + harmed.size + stands.size; ) {
    before = controlled.size + harmed.size + stands.size;
    for (const one of assets) if (controlled.has(one.id)) for (const at of one.places) stands.add(at);
    for (const one of assets) {
      const through = conduits.filter((c) => stands.has(c.from) && one.places.includes(c.to));
      const whole = through.some((c) => c.service === null);
      const services = new Set([
        ...offered(one.id).filter((s) => whole || through.some((c) => c.service === s)),
        ...contacts.flatMap((c) => (c.to === one.id && controlled.has(c.from) ? [c.service] : [])),
      ]);
      const touched = whole || services.size > 0;
      if (touched && level >= levelOf('undisclosed')) controlled.add(one.id);
      for (const o of open) {
        if (o.asset !== one.id || !(o.service === null ? touched : services.has(o.service))) continue;
        (o.effect === 'control' ? controlled : harmed).add(one.id);
      }
      if (controlled.has(one.id)) harmed.add(one.id);
    }
  }
  return harmed;
}

describe('ways of attack through random hospitals', () => {
  it('reach exactly what closing the rules by hand reaches, at every grade', () => {
    fc.assert(
      fc.property(landscapes, (landscape) => {
        const { targets } = analysePaths(landscape, 'published');
        for (const [level] of difficulties.entries()) {
          const byHand = misused(landscape, level);
          for (const { asset, notExcluded } of targets) {
            const reached = notExcluded !== null && difficulties.indexOf(notExcluded.difficulty) <= level;
            expect(reached).toBe(byHand.has(asset));
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are never easier by what was seen than by what is not excluded', () => {
    fc.assert(
      fc.property(landscapes, (landscape) => {
        for (const { shown, notExcluded } of analysePaths(landscape, 'published').targets) {
          if (shown === null) continue;
          expect(notExcluded).not.toBeNull();
          expect(difficulties.indexOf(shown.difficulty)).toBeGreaterThanOrEqual(
            difficulties.indexOf(notExcluded!.difficulty),
          );
        }
      }),
      { numRuns: 200 },
    );
  });

  it('are cut by the plan, which is as light as trying every set of changes finds', () => {
    fc.assert(
      fc.property(
        landscapes,
        fc.constantFrom('exploited' as const, 'published' as const),
        (landscape, level) => {
          const grade = levelOf(level);
          const isTarget = (id: string) => landscape.assets.some((one) => one.id === id && one.target);
          const left = (done: ReadonlySet<string>) =>
            [...misused(after(landscape, done), grade)].filter(isTarget).sort();
          const { plan } = analysePaths(landscape, level);
          const all = new Set(landscape.remedies.map(({ id }) => id));
          const stubborn = left(all);
          expect([...plan.stubborn].sort()).toEqual(stubborn);
          expect(left(new Set(plan.steps.map(({ remedy }) => remedy.id)))).toEqual(stubborn);
          const least = leastEffort(landscape, (done) => left(done).length === stubborn.length);
          expect(plan.effort).toBe(least);
          expect(plan.bound).toBe(least);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('run through a node that dominates: without it the other is out of reach', () => {
    fc.assert(
      fc.property(landscapes, (landscape) => {
        const { arcs, sets } = buildGraph(landscape, new Set(reachGrounds));
        const within = { level: levelOf('demanding'), blocked: new Uint8Array(sets.sets.length) };
        const above = dominators(arcs, within);
        const { reached } = reach(arcs, within);
        for (let node = 1; node < arcs.nodes; node++) {
          expect(above[node] !== -1).toBe(reached[node] === 1);
          if (reached[node] === 0) continue;
          for (let other = 1; other < arcs.nodes; other++)
            if (other !== node && reached[other] === 1)
              expect(dominates(above, other, node)).toBe(!reachedWithout(arcs, within, other, node));
        }
      }),
      { numRuns: 40 },
    );
  });
});

function leastEffort(landscape: Landscape, enough: (done: ReadonlySet<string>) => boolean): number {
  let least = Number.POSITIVE_INFINITY;
  for (let choice = 0; choice < 2 ** REMEDIES; choice++) {
    const some = landscape.remedies.filter((_, n) => (choice >> n) & 1);
    const effort = some.reduce((sum, one) => sum + one.effort, 0);
    if (effort < least && enough(new Set(some.map(({ id }) => id)))) least = effort;
  }
  return least;
}

function dominates(above: Int32Array, upper: number, node: number): boolean {
  let at = above[node]!;
  while (at !== upper && at > OUTSIDE) at = above[at]!;
  return at === upper;
}

type Graph = ReturnType<typeof buildGraph>['arcs'];

function reachedWithout(
  arcs: Graph,
  within: Parameters<typeof reach>[1],
  without: number,
  node: number,
): boolean {
  const level = arcs.level.map((one, arc) => (arcs.head[arc] === without ? difficulties.length + 1 : one));
  return reach({ ...arcs, level }, within).reached[node] === 1;
}
