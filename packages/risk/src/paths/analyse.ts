import { dominated, dominators } from './dominators.ts';
import { buildGraph, levelOf, type NodeMeaning, type PathGraph } from './graph.ts';
import {
  type Difficulty,
  difficulties,
  type Landscape,
  type ReachGround,
  type Remedy,
  reachGrounds,
} from './landscape.ts';
import { CHOKE_POINTS } from './limits.ts';
import { planOf } from './plan.ts';
import { type Route, routeOf } from './route.ts';
import { type Found, reach, wayTo } from './search.ts';

/** How a target is reached at its easiest. */
export interface TargetReach {
  asset: string;
  /** By reach that is certain or was seen; null: by no path. */
  shown: Route | null;
  /** By reach that nothing excludes as well; never harder than `shown`. Null: by no path. */
  notExcluded: Route | null;
}

/** What every easy path to many targets runs through. */
export interface ChokePoint {
  kind: 'asset' | 'conduit' | 'place';
  /** Of the asset or place; of the conduit, its remedy or null. */
  id: string | null;
  name: string;
  /** Other targets that are reached through it only. */
  targets: number;
}

export interface PlanStep {
  remedy: Remedy;
  /** Assets that are no longer within reach after this change and those before it. */
  freed: string[];
  left: number;
}

export interface AttackPlan {
  steps: PlanStep[];
  before: number;
  after: number;
  /** Assets that no known change takes out of reach. */
  stubborn: string[];
  effort: number;
  /** Proved: no plan that does the same takes less effort than this. */
  bound: number;
}

export interface AttackPaths {
  /** Paths up to this grade are what choke points and plan are about. */
  level: Difficulty;
  targets: TargetReach[];
  chokePoints: ChokePoint[];
  plan: AttackPlan;
}

const SHOWN: ReadonlySet<ReachGround> = new Set(['same-segment', 'observed'] as const);

/**
 * Every way from the footholds to the targets, what they run through, and the least that cuts them. What is not known to
 * be filtered is not taken for filtered: choke points and plan are about all reach that is not excluded.
 * @throws RangeError where an item of the landscape names what is not in it.
 */
export function analysePaths(landscape: Landscape, level: Difficulty): AttackPaths {
  const shown = easiest(buildGraph(landscape, SHOWN));
  const graph = buildGraph(landscape, new Set(reachGrounds));
  const notExcluded = easiest(graph);
  const targets = landscape.assets
    .filter(({ target }) => target)
    .map(({ id }, at) => ({ asset: id, shown: shown[at]!, notExcluded: notExcluded[at]! }));
  return { level, targets, chokePoints: chokePointsOf(graph, level), plan: toldPlan(graph, level) };
}

/** Per target the easiest route: the least grade that leads there, and within it the fewest steps. */
function easiest(graph: PathGraph): (Route | null)[] {
  const blocked = new Uint8Array(graph.sets.sets.length);
  const routes: (Route | null)[] = [...graph.targets].map(() => null);
  for (const [level] of difficulties.entries()) {
    if (!routes.includes(null)) break;
    fill(routes, graph, reach(graph.arcs, { level, blocked }));
  }
  return routes;
}

function fill(routes: (Route | null)[], graph: PathGraph, found: Found): void {
  for (const [at, target] of graph.targets.entries())
    if (routes[at] === null && found.reached[target] === 1)
      routes[at] = routeOf(graph, wayTo(graph.arcs, found, target));
}

function chokePointsOf(graph: PathGraph, level: Difficulty): ChokePoint[] {
  const blocked = new Uint8Array(graph.sets.sets.length);
  const above = dominators(graph.arcs, { level: levelOf(level), blocked });
  const reached = graph.targets.filter((target) => above[target] !== -1);
  const counts = dominated(above, reached);
  const places = placeNames(graph);
  const points: ChokePoint[] = [];
  for (const [node, meaning] of graph.meaning.entries()) {
    const itself = meaning.kind === 'control' && meaning.asset.target && above[node + 1] === node ? 1 : 0;
    const targets = counts[node]! - itself;
    const named = targets > 0 ? pointOf(meaning, places) : null;
    if (named !== null) points.push({ ...named, targets });
  }
  return points.sort((a, b) => b.targets - a.targets).slice(0, CHOKE_POINTS);
}

function placeNames(graph: PathGraph): ReadonlyMap<string, string> {
  const places = graph.meaning.flatMap((meaning) => (meaning.kind === 'place' ? [meaning.place] : []));
  return new Map(places.map(({ id, name }) => [id, name]));
}

function pointOf(
  meaning: NodeMeaning,
  places: ReadonlyMap<string, string>,
): Omit<ChokePoint, 'targets'> | null {
  if (meaning.kind === 'control') return { kind: 'asset', id: meaning.asset.id, name: meaning.asset.name };
  if (meaning.kind === 'place') return { kind: 'place', id: meaning.place.id, name: meaning.place.name };
  if (meaning.kind !== 'conduit') return null;
  const { from, to, service, remedy } = meaning.conduit;
  if (from === to) return null;
  return {
    kind: 'conduit',
    id: remedy,
    name: `${places.get(from)} → ${places.get(to)}${service === null ? '' : `, ${service}`}`,
  };
}

function toldPlan(graph: PathGraph, level: Difficulty): AttackPlan {
  const plan = planOf(graph, levelOf(level));
  const steps = plan.steps.map(({ remedy, freed, left }) => ({
    remedy: graph.sets.remedies[remedy]!,
    freed: freed.map((target) => assetOf(graph, target)),
    left,
  }));
  return {
    steps,
    before: plan.before.length,
    after: steps.at(-1)?.left ?? plan.before.length,
    stubborn: plan.stubborn.map((target) => assetOf(graph, target)),
    effort: plan.effort,
    bound: plan.bound,
  };
}

function assetOf(graph: PathGraph, node: number): string {
  const meaning = graph.meaning[node]!;
  return meaning.kind === 'harm' ? meaning.asset.id : '';
}
