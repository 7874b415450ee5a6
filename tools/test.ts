/**
 * `npm test`: the checks, then the tests, without those that take longest; `--all` runs these too, a path what lies there. As
 * root on Debian the programs that tests are held against are installed; elsewhere what is missing is named, and the tests that need
 * it are reported as skipped. With CI set all are run, and nothing may be missing.
 */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install } from '@wardline/testbed';
import { isStrict, longFiles } from './long-tests.ts';
import { canInstall, distribution, missingPrograms, type Untried } from './programs.ts';
import { root } from './run-step.ts';

interface Totals {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  success: boolean;
}

const strict = isStrict(process.env);
const filters = process.argv.slice(2).filter((argument) => argument !== '--all');
const isEveryday = !strict && filters.length === 0 && !process.argv.includes('--all');

async function preflight(): Promise<boolean> {
  const missing = missingPrograms();
  if (missing.length > 0 && canInstall()) await installAll(missing);
  const left = missingPrograms();
  for (const { program, package: debian, usedFor } of left) {
    console.log(`missing: ${program} (Debian package ${debian}); not tried: ${usedFor}`);
  }
  if (left.length === 0) return true;
  console.log(
    strict
      ? 'CI never skips: install them first'
      : `on ${distribution()}: the tests that need them are reported as skipped`,
  );
  return !strict;
}

async function installAll(missing: readonly Untried[]): Promise<void> {
  console.log(`installing ${[...new Set(missing.map((one) => one.package))].join(', ')} …`);
  const trouble = await install(missing);
  if (trouble !== null) console.log(trouble);
}

function run(command: string, args: string[]): Promise<number> {
  const env = { ...process.env, WARDLINE_TESTS: isEveryday ? 'everyday' : 'all' };
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });
}

async function runTests(): Promise<Totals | null> {
  const report = join(tmpdir(), `wardline-tests-${process.pid}.json`);
  await run('node_modules/.bin/vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...filters,
  ]);
  try {
    const totals: Totals = JSON.parse(readFileSync(report, 'utf8'));
    return totals;
  } catch {
    return null;
  } finally {
    rmSync(report, { force: true });
  }
}

const ready = await preflight();
const checked = filters.length > 0 || (await run(process.execPath, ['tools/check.ts'])) === 0;
const totals = ready ? await runTests() : null;
const failed =
  (totals?.numFailedTests ?? 0) +
  (checked ? 0 : 1) +
  (totals?.success === false && totals.numFailedTests === 0 ? 1 : 0);
const skipped = (totals?.numPendingTests ?? 0) + (totals?.numTodoTests ?? 0);
if (!checked) console.log('npm run check failed (counted as one failure)');
if (isEveryday) console.log(`${longFiles.length} long files left out; npm test -- --all runs them as well`);
console.log(
  `${totals?.numPassedTests ?? 0} passed, ${totals ? failed : Math.max(failed, 1)} failed, ${skipped} skipped`,
);
process.exitCode = totals && failed === 0 ? 0 : 1;
