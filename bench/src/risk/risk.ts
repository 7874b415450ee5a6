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
  ways: {
    waysMs: number;
    reachMs: number;
    targets: number;
    reached: number;
    steps: number;
    effort: number;
    bound: number;
    peakMebibytes: number;
  } | null;
}

/**
 * Prints how scoring, one change, ways of attack and memory grow from 1,000 to 100,000 assets, at 50 matches each, in seconds of
 * the processor. `--scoring` leaves the ways of attack out; other arguments are sizes.
 */
export function run(args: string[]): void {
  const scoring = args.includes('--scoring');
  const given = args.filter((arg) => arg !== '--scoring').map(Number);
  console.log('50,000 weaknesses, 50 matches an asset; engine alone, without the database.\n');
  console.log(
    '| assets | matches | all scored, s | one weakness, ms | one asset, ms | peak MiB | reach, s | ways and plan, s | life-critical, reached | steps | effort, bound | peak MiB |\n|---|---|---|---|---|---|---|---|---|---|---|---|',
  );
  for (const assets of given.length > 0 ? given : sizes) console.log(line(measured(assets, scoring)));
}

function measured(assets: number, scoring: boolean): Measured {
  const own = [runner, String(assets), ...(scoring ? ['--scoring'] : [])];
  const options = { encoding: 'utf8', maxBuffer: 1 << 26 } as const;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--max-old-space-size=8192', ...own],
    options,
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
    row.weaknessMs.toFixed(3),
    row.assetMs.toFixed(3),
    row.scoringMebibytes.toFixed(0),
    ...waysOf(row),
  ].join(' | ')} |`;

function waysOf({ ways }: Measured): (string | number)[] {
  if (ways === null) return ['', '', '', '', '', ''];
  const { reachMs, waysMs, targets, reached, steps, effort, bound, peakMebibytes } = ways;
  const count = `${targets.toLocaleString('en')}, ${reached.toLocaleString('en')}`;
  return [seconds(reachMs), seconds(waysMs), count, steps, `${effort}, ${bound}`, peakMebibytes.toFixed(0)];
}
