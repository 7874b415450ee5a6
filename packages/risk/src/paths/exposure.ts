import type { AssetExposure } from '@wardline/model';
import { type ArcGround, buildGraph, levelOf, type PathGraph } from './graph.ts';
import {
  type Foothold,
  type FootholdKind,
  type Landscape,
  type ReachGround,
  reachGrounds,
} from './landscape.ts';
import { type Found, reach } from './search.ts';

/** Hands that the hospital does not watch at all. */
const OUTER: ReadonlySet<FootholdKind> = new Set(['internet', 'guest'] as const);
const SHOWN: ReadonlySet<ReachGround> = new Set(['same-segment', 'observed'] as const);

type Grade = AssetExposure['shown'];

/** How an asset is reached, and the foothold from which it is. */
interface Reached {
  grade: Grade;
  from: Foothold | null;
}

/**
 * How far packets of an attacker get to each asset. `open`: directly from the internet or a guest, with nothing to overcome.
 * `controlled`: from any foothold, over other assets that give way to what is published or takes some effort. `small`: from
 * none. What nothing excludes is told beside what was seen; that something is cut off for certain is not for this to say.
 */
export function exposuresOf(landscape: Landscape): Map<string, AssetExposure> {
  const shown = gradesIn(landscape, SHOWN);
  const notExcluded = gradesIn(landscape, new Set(reachGrounds));
  return new Map(
    landscape.assets.map(({ id }) => {
      const [seen, most] = [shown.get(id) ?? SMALL, notExcluded.get(id) ?? SMALL];
      return [id, { shown: seen.grade, notExcluded: most.grade, because: sentenceOf(seen, most) }];
    }),
  );
}

const SMALL: Reached = { grade: 'small', from: null };

function gradesIn(landscape: Landscape, grounds: ReadonlySet<ReachGround>): Map<string, Reached> {
  const outer = { ...landscape, footholds: landscape.footholds.filter(({ kind }) => OUTER.has(kind)) };
  return new Map([
    ...reachedBy(buildGraph(landscape, grounds), levelOf('demanding'), 'controlled'),
    ...reachedBy(buildGraph(outer, grounds), levelOf('open'), 'open'),
  ]);
}

function reachedBy(graph: PathGraph, level: number, grade: Grade): Map<string, Reached> {
  const found = reach(graph.arcs, { level, blocked: new Uint8Array(graph.sets.sets.length) });
  const reached = new Map<string, Reached>();
  for (const [node, meaning] of graph.meaning.entries()) {
    if (found.reached[node] === 0 || (meaning.kind !== 'touch' && meaning.kind !== 'service')) continue;
    if (!reached.has(meaning.asset.id))
      reached.set(meaning.asset.id, { grade, from: footholdOf(graph, found, node) });
  }
  return reached;
}

function footholdOf({ arcs, grounds }: PathGraph, found: Found, node: number): Foothold | null {
  let first = -1;
  for (let at = node; found.by[at]! !== -1; at = arcs.tail[first]!) first = found.by[at]!;
  const ground: ArcGround | undefined = first === -1 ? undefined : grounds[arcs.note[first]!];
  return ground !== undefined && 'kind' in ground ? ground : null;
}

const ways: Readonly<Record<Grade, string>> = {
  excluded: 'It is cut off',
  small: 'No way was seen by which an attacker’s packets get to it',
  controlled: 'An attacker’s packets get to it over other devices',
  open: 'An attacker’s packets get to it directly',
};

function sentenceOf(seen: Reached, most: Reached): string {
  const from = most.from ?? seen.from;
  const start = from === null ? '' : ` ${from.because}`;
  if (seen.grade === most.grade) return `${ways[seen.grade]}, by what was seen.${start}`;
  const but = most.grade === 'open' ? 'directly' : 'over other devices';
  return `${ways[seen.grade]}; but nothing excludes that they get to it ${but}.${start}`;
}
