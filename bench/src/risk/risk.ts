import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const runner = fileURLToPath(new URL('runner.ts', import.meta.url));
const sizes = [1000, 5000, 20_000, 100_000];

interface Measured {
  assets: number;
  matches: number;
  fullMs: number;
  weaknessMs: number;
  assetMs: number;
  scoringMebibytes: number;
  waysMs: number;
  reachMs: number;
  targets: number;
  reached: number;
  steps: number;
  effort: number;
  bound: number;
  peakMebibytes: number;
}

/** Prints how scoring, one change, ways of attack and memory grow from 1,000 to 100,000 assets, at 50 matches each. */
export function run(args: string[]): void {
  const wanted = args.length > 0 ? args.map(Number) : sizes;
  console.log('50,000 weaknesses, 50 matches an asset; engine alone, without the database.\n');
  console.log(
    '| assets | matches | all scored s | µs a match | one weakness ms | one asset ms | MiB | reach s | ways and plan s | life-critical, reached | steps | effort, bound | peak MiB |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|',
  );
  for (const assets of wanted) console.log(line(measured(assets)));
}

function measured(assets: number): Measured {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--max-old-space-size=8192', runner, String(assets)],
    { encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  if (status !== 0) throw new Error(`${assets} assets: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout) as Measured;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(2);

const line = (row: Measured): string =>
  `| ${[
    row.assets.toLocaleString('en'),
    row.matches.toLocaleString('en'),
    seconds(row.fullMs),
    ((row.fullMs * 1000) / row.matches).toFixed(2),
    row.weaknessMs.toFixed(3),
    row.assetMs.toFixed(3),
    row.scoringMebibytes.toFixed(0),
    seconds(row.reachMs),
    seconds(row.waysMs),
    `${row.targets.toLocaleString('en')}, ${row.reached.toLocaleString('en')}`,
    row.steps,
    `${row.effort}, ${row.bound}`,
    row.peakMebibytes.toFixed(0),
  ].join(' | ')} |`;
