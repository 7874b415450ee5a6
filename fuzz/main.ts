/**
 * `npm run fuzz`: coverage-guided fuzzing of the sensor, see `docs/guides/fuzzing.md`.
 *
 *   npm run fuzz -- --list
 *   npm run fuzz -- --target mqtt --minutes 10
 *   npm run fuzz -- --all --minutes 60
 *   npm run fuzz -- --replay .tmp/fuzz/findings/mqtt-stream-0123456789abcdef.bin
 */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Figures } from './campaign.ts';
import { root } from './corpus.ts';
import { gather } from './gather.ts';
import { decode, nameOf } from './input.ts';
import { allTargets } from './targets.ts';
import type { Orders } from './worker.ts';

/** An execution takes microseconds; one that takes this long hangs. */
const HANG_SECONDS = 30;
/** The sensor's bounds in the targets are a few KiB; corpora and coverage take the rest. */
const MOST_MEMORY = 1_500_000_000;
const findingsFolder = join(root, '.tmp/fuzz/findings');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean' },
    all: { type: 'boolean' },
    target: { type: 'string', multiple: true },
    minutes: { type: 'string', default: '1' },
    /** Executions per target instead of minutes: the same on every machine. */
    runs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    replay: { type: 'string' },
    /** Folders of dissectors may be named; without them all are, and the captures. */
    gather: { type: 'boolean' },
    minimise: { type: 'boolean' },
  },
});

async function main(): Promise<number> {
  const ids = allTargets().map(({ id }) => id);
  if (values.list) return list(ids);
  if (values.replay) return await replay(values.replay);
  if (values.gather) return await gather(positionals);
  const wanted = values.all || (values.minimise && !values.target) ? ids : ids.filter(isWanted);
  if (wanted.length === 0) return list(ids, 'name one of these with --target, or all with --all:');
  return await execute(ordersFor(wanted));
}

function list(ids: readonly string[], heading?: string): number {
  if (heading) console.log(heading);
  for (const id of ids) console.log(id);
  return heading ? 2 : 0;
}

function isWanted(id: string): boolean {
  return values.target?.some((name) => id === name || id.startsWith(`${name}/`)) ?? false;
}

function ordersFor(targets: readonly string[]): Orders {
  const executions = values.runs === undefined ? Number.POSITIVE_INFINITY : Number(values.runs);
  const seconds = values.runs === undefined ? (Number(values.minutes) * 60) / targets.length : 3600;
  const watch = new SharedArrayBuffer(8 + 65_536);
  return {
    targets,
    seconds,
    executions,
    seed: Number(values.seed),
    minimise: values.minimise ?? false,
    watch,
  };
}

/** Runs the worker until it is done, hangs or grows; returns the exit code. */
function execute(orders: Orders): Promise<number> {
  const figures = new Map<string, Figures>();
  let failures = 0;
  const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: orders });
  worker.on(
    'message',
    (message: { finding?: { target: string; message: string; input: Uint8Array }; figures?: Figures }) => {
      if (message.figures) figures.set(message.figures.target, message.figures);
      if (message.finding) failures += report(message.finding);
    },
  );
  return new Promise((resolve) => {
    const done = (code: number) => {
      clearInterval(timer);
      if (!orders.minimise) table([...figures.values()]);
      resolve(failures > 0 ? 1 : code);
    };
    const timer = setInterval(() => {
      const trouble = troubleOf(orders.watch);
      if (trouble === null) return;
      failures += report({ target: 'unknown', message: trouble, input: inputIn(orders.watch) });
      void worker.terminate();
    }, 5000);
    worker.on('error', (cause) => {
      console.error(cause);
      failures += 1;
    });
    worker.on('exit', done);
  });
}

let lastProgress = { executions: -1, at: 0 };

function troubleOf(watch: SharedArrayBuffer): string | null {
  const executions = new Int32Array(watch, 0, 1)[0]!;
  const now = performance.now();
  if (executions !== lastProgress.executions) lastProgress = { executions, at: now };
  if (now - lastProgress.at > HANG_SECONDS * 1000 && executions > 0) return `hangs for ${HANG_SECONDS} s`;
  return process.memoryUsage.rss() > MOST_MEMORY ? 'memory left its bound' : null;
}

function inputIn(watch: SharedArrayBuffer): Uint8Array {
  const length = new Int32Array(watch, 4, 1)[0]!;
  return Uint8Array.from(new Uint8Array(watch, 8, Math.min(length, 65_536)));
}

/** Writes what makes a failure again and says how. */
function report({ target, message, input }: { target: string; message: string; input: Uint8Array }): number {
  mkdirSync(findingsFolder, { recursive: true });
  const file = join(findingsFolder, `${target.replace('/', '-')}-${nameOf(decode(input))}.bin`);
  writeFileSync(file, input);
  appendFileSync(join(findingsFolder, 'log.txt'), `${target} ${basename(file)}\n${message}\n\n`);
  console.log(`${target}: ${message.split('\n').slice(0, 6).join('\n')}`);
  console.log(`again: npm run fuzz -- --replay ${relative(root, file)} --target ${target}\n`);
  return 1;
}

function table(rows: readonly Figures[]): void {
  console.table(rows.map(({ target, ...rest }) => ({ target, ...rest })));
  const executions = rows.reduce((sum, row) => sum + row.executions, 0);
  const seconds = rows.reduce((sum, row) => sum + row.seconds, 0);
  const findings = rows.reduce((sum, row) => sum + row.findings, 0);
  console.log(
    `${rows.length} targets, ${executions} executions in ${(seconds / 60).toFixed(1)} min, ${findings} findings`,
  );
  mkdirSync(join(root, '.tmp/fuzz'), { recursive: true });
  writeFileSync(join(root, '.tmp/fuzz/figures.json'), JSON.stringify(rows, null, 1));
}

async function replay(file: string): Promise<number> {
  const input = decode(readFileSync(file));
  const targets = allTargets().filter(({ id }) => values.target === undefined || isWanted(id));
  for (const { kind, bytes } of input) console.log(kind, Buffer.from(bytes).toString('hex'));
  for (const target of targets.filter(
    ({ id }) => basename(file).startsWith(id.replace('/', '-')) || values.target,
  )) {
    await target.run(input);
    target.examine?.(input);
    console.log(`${target.id}: holds`);
  }
  return 0;
}

process.exitCode = await main();
