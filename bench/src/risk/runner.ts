/** One size in a process of its own, so that its peak memory is its own. Prints one JSON line. */
import { loadKnowledge } from '@wardline/knowledge';
import {
  type AssetGrades,
  analysePaths,
  assetGrades,
  exposuresOf,
  gradesOf,
  landscapeOf,
  priorityOf,
  riskTables,
  type SourceGrades,
  scoreGrades,
} from '@wardline/risk';
import { type MadeUp, madeUpHospital, weaknessesOf } from './hospital.ts';

const WEAKNESSES = 50_000;
const MATCHES_EACH = 50;
const CHANGES = 200;

const tables = riskTables();
const since = (start: number): number => performance.now() - start;

/** Scores the given matches; their places in the queue are kept. */
function score(
  hospital: MadeUp,
  matches: Iterable<number>,
  assets: AssetGrades[],
  sources: SourceGrades[],
  into: Float64Array,
): number {
  let scored = 0;
  for (const match of matches) {
    const presence = hospital.unknown[match] === 1 ? 'unknown' : 'affected';
    const asset = assets[hospital.assetOf[match]!]!;
    const source = sources[hospital.sourceOf[match]!]!;
    into[match] = priorityOf(scoreGrades(asset, source, { presence, controls: [], at: 0 }, tables));
    scored += 1;
  }
  return scored;
}

function* range(start: number, end: number): Generator<number> {
  for (let at = start; at < end; at += 1) yield at;
}

/** Which matches each weakness has. */
function byWeakness({ sourceOf }: MadeUp): { first: Uint32Array; matches: Uint32Array } {
  const first = new Uint32Array(WEAKNESSES + 1);
  for (const source of sourceOf) first[source + 1]! += 1;
  for (let at = 0; at < WEAKNESSES; at += 1) first[at + 1]! += first[at]!;
  const next = first.slice();
  const matches = new Uint32Array(sourceOf.length);
  for (const [match, source] of sourceOf.entries()) {
    matches[next[source]!] = match;
    next[source]! += 1;
  }
  return { first, matches };
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

const count = Number(process.argv[2]);
const hospital = madeUpHospital(loadKnowledge(), {
  assets: count,
  weaknesses: WEAKNESSES,
  matchesEach: MATCHES_EACH,
});
const total = hospital.assetOf.length;
const priorities = new Float64Array(total);

const full = performance.now();
const assets = hospital.assets.map(assetGrades);
const sources = hospital.sources.map(gradesOf);
score(hospital, range(0, total), assets, sources, priorities);
const fullMs = since(full);

const index = byWeakness(hospital);
const ofWeakness: number[] = [];
const ofAsset: number[] = [];
for (let at = 0; at < CHANGES; at += 1) {
  const one = (at * 7919) % WEAKNESSES;
  const start = performance.now();
  sources[one] = gradesOf({ ...hospital.sources[one]!, kev: '2026-11-25' } as MadeUp['sources'][number]);
  score(
    hospital,
    index.matches.subarray(index.first[one]!, index.first[one + 1]!),
    assets,
    sources,
    priorities,
  );
  ofWeakness.push(since(start));
  const device = (at * 7919) % count;
  const again = performance.now();
  assets[device] = assetGrades({ ...hospital.assets[device]!, criticality: 'life-critical' });
  score(hospital, range(device * MATCHES_EACH, (device + 1) * MATCHES_EACH), assets, sources, priorities);
  ofAsset.push(since(again));
}
const scoringMebibytes = process.resourceUsage().maxRSS / 1024;

const ways = performance.now();
const landscape = landscapeOf({ ...hospital.network, weaknesses: weaknessesOf(hospital) });
const { plan, targets } = analysePaths(landscape, 'published');
const waysMs = since(ways);
const reach = performance.now();
const exposures = exposuresOf(landscape);
const reachMs = since(reach);

process.stdout.write(
  `${JSON.stringify({
    assets: count,
    matches: total,
    fullMs,
    weaknessMs: median(ofWeakness),
    assetMs: median(ofAsset),
    scoringMebibytes,
    waysMs,
    reachMs,
    targets: targets.length,
    reached: plan.before,
    steps: plan.steps.length,
    effort: plan.effort,
    bound: plan.bound,
    open: [...exposures.values()].filter(({ notExcluded }) => notExcluded === 'open').length,
    peakMebibytes: process.resourceUsage().maxRSS / 1024,
  })}\n`,
);
