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
/** Milliseconds of this process on a core: on a busy machine the clock on the wall tells little. */
const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const since = (start: number): number => cpu() - start;

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

const count = Number(process.argv[2]);
const hospital = madeUpHospital(loadKnowledge(), {
  assets: count,
  weaknesses: WEAKNESSES,
  matchesEach: MATCHES_EACH,
});
const total = hospital.assetOf.length;
const priorities = new Float64Array(total);

const full = cpu();
const assets = hospital.assets.map(assetGrades);
const sources = hospital.sources.map(gradesOf);
score(hospital, range(0, total), assets, sources, priorities);
const fullMs = since(full);

const index = byWeakness(hospital);
/** Milliseconds of one change, over so many; the processor's clock is too coarse for one. */
function each(change: (at: number) => void): number {
  const start = cpu();
  for (let at = 0; at < CHANGES; at += 1) change((at * 7919) % Math.min(count, WEAKNESSES));
  return since(start) / CHANGES;
}

const weaknessMs = each((one) => {
  sources[one] = gradesOf({ ...hospital.sources[one]!, kev: '2026-11-25' } as MadeUp['sources'][number]);
  const [first, end] = [index.first[one]!, index.first[one + 1]!];
  score(hospital, index.matches.subarray(first, end), assets, sources, priorities);
});
const assetMs = each((device) => {
  assets[device] = assetGrades({ ...hospital.assets[device]!, criticality: 'life-critical' });
  score(hospital, range(device * MATCHES_EACH, (device + 1) * MATCHES_EACH), assets, sources, priorities);
});
const scoringMebibytes = process.resourceUsage().maxRSS / 1024;

/** Ways of attack through the same hospital, what they run through and the plan that cuts them. */
function ways() {
  const start = cpu();
  const landscape = landscapeOf({ ...hospital.network, weaknesses: weaknessesOf(hospital) });
  const { plan, targets } = analysePaths(landscape, 'published');
  const waysMs = since(start);
  const reach = cpu();
  exposuresOf(landscape);
  const { steps, effort, bound, before: reached } = plan;
  const peakMebibytes = process.resourceUsage().maxRSS / 1024;
  return {
    waysMs,
    reachMs: since(reach),
    targets: targets.length,
    reached,
    steps: steps.length,
    effort,
    bound,
    peakMebibytes,
  };
}

const scoring = { assets: count, matches: total, fullMs, weaknessMs, assetMs, scoringMebibytes };
const rest = process.argv[3] === '--scoring' ? null : ways();
process.stdout.write(`${JSON.stringify({ ...scoring, ways: rest })}\n`);
