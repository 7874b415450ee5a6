/** `npm run check`: everything that can be said of the code without running the product, in seconds. */
import { runStep, type StepResult } from './run-step.ts';

const bin = 'node_modules/.bin';
const steps: [name: string, command: string, args: string[]][] = [
  ['types', `${bin}/tsc`, ['-p', 'tsconfig.json']],
  ['types of the console', `${bin}/tsc`, ['-p', 'apps/console/tsconfig.json']],
  ['format and lint', `${bin}/biome`, ['check', '--error-on-warnings', '.']],
  ['type-aware lint', `${bin}/oxlint`, ['--type-aware', '--deny-warnings', '.']],
  ['unused code', `${bin}/knip`, []],
  ['architecture', process.execPath, ['tools/architecture.ts']],
  ['generated files', process.execPath, ['tools/generate.ts', '--check']],
];

const results: StepResult[] = [];
// Two at a time: each of the tools uses several threads of its own.
const queue = [...steps];
async function worker(): Promise<void> {
  for (let step = queue.shift(); step; step = queue.shift()) {
    const result = await runStep(...step);
    results.push(result);
    console.log(`${result.ok ? 'ok  ' : 'FAIL'} ${result.name} (${result.seconds.toFixed(1)} s)`);
    if (!result.ok) console.log(result.output);
  }
}
await Promise.all([worker(), worker()]);
process.exitCode = results.every((result) => result.ok) ? 0 : 1;
