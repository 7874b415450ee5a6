import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '@wardline/server';
import pg from 'pg';
import { questions } from './scale.ts';
import { scaleStatements } from './scale-data.ts';
import { batchOfKnown } from './testing/scale-batch.ts';

/** How often each question is asked; the first time is left out, for it warms what the next ones find warm. */
const TIMES = 20;
const [BATCHES, ROWS] = [40, 1000];
/** Longer than any run of identification that was seen; beyond it the figure is missing, not made up. */
const PATIENCE_MS = 900_000;

interface Figures {
  assets: number;
  p50: number;
  p95: number;
  p99: number;
  slowest: string;
  slowestP95: number;
  rowsASecond: number;
  batchP95: number;
  identification: number | null;
  bytesAnAsset: number;
  megabytes: number;
}

/** Prints a table with a row for each size: what the API, intake and identification take in a hospital so large, and its disk. */
export async function scaleTable(sizes: readonly number[]): Promise<void> {
  const rows: Figures[] = [];
  for (const assets of sizes) {
    rows.push(await measured(assets));
    console.log(JSON.stringify(rows.at(-1)));
  }
  console.log(tableOf(rows));
}

async function measured(assets: number): Promise<Figures> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wardline-scale-'));
  const server = await startServer({ dataDir, port: 0, log: 'silent' });
  const client = await filled(dataDir, assets);
  const authorization = `Bearer ${readFileSync(join(dataDir, 'cli-token'), 'utf8')}`;
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization, ...(init.headers as Record<string, string> | undefined) };
    const response = await fetch(`${server.url}${path}`, { ...init, headers });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
    return text;
  };
  try {
    const size = await client.query<{ bytes: string }>(
      'select pg_database_size(current_database()) as bytes',
    );
    const answers = await askAll(ask);
    const taken = await handIn(ask, assets);
    const identification = await identified(client);
    return {
      assets,
      ...answers,
      ...taken,
      identification,
      bytesAnAsset: Number(size.rows[0]!.bytes) / assets,
      megabytes: process.memoryUsage.rss() / 1e6,
    };
  } finally {
    await client.end();
    await server.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function filled(dataDir: string, assets: number): Promise<pg.Client> {
  const client = new pg.Client({
    host: join(dataDir, 'socket'),
    user: 'wardline',
    database: 'wardline',
  });
  await client.connect();
  for (const statement of scaleStatements(assets)) await client.query(statement);
  return client;
}

type Ask = (path: string, init?: RequestInit) => Promise<string>;

async function askAll(ask: Ask) {
  const all: number[] = [];
  let [slowest, slowestP95] = ['', 0];
  for (const question of questions) {
    const times: number[] = [];
    for (let turn = 0; turn <= TIMES; turn++) {
      const start = performance.now();
      await ask(`/api/v1/${question}`);
      if (turn > 0) times.push(performance.now() - start);
    }
    all.push(...times);
    const p95 = quantile(times, 0.95);
    if (p95 > slowestP95) [slowest, slowestP95] = [question, p95];
  }
  return { p50: quantile(all, 0.5), p95: quantile(all, 0.95), p99: quantile(all, 0.99), slowest, slowestP95 };
}

/** Batches of conversations between devices that are known, one after the other as one sensor hands them over. */
async function handIn(ask: Ask, assets: number) {
  const times: number[] = [];
  const headers = { 'content-type': 'application/json' };
  for (let number = 1; number <= BATCHES; number++) {
    const body = JSON.stringify(batchOfKnown(number, ROWS, assets));
    const start = performance.now();
    await ask('/api/v1/intake/batches', { method: 'POST', headers, body });
    times.push(performance.now() - start);
  }
  const seconds = times.reduce((sum, time) => sum + time, 0) / 1000;
  return { rowsASecond: (BATCHES * ROWS * 2) / seconds, batchP95: quantile(times, 0.95) };
}

/** Seconds from the last batch until every device was looked at again. */
async function identified(client: pg.Client): Promise<number | null> {
  const start = performance.now();
  while (performance.now() - start < PATIENCE_MS) {
    const { rows } = await client.query('select 1 from endpoint where revision <> seen_revision limit 1');
    if (rows.length === 0) return (performance.now() - start) / 1000;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return null;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function tableOf(rows: readonly Figures[]): string {
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  const lines: [string, (row: Figures) => string][] = [
    ['API, p50', ({ p50 }) => ms(p50)],
    ['API, p95', ({ p95 }) => ms(p95)],
    ['API, p99', ({ p99 }) => ms(p99)],
    ['slowest question, its p95', ({ slowest, slowestP95 }) => `${ms(slowestP95)} (\`${slowest}\`)`],
    ['intake, rows a second', ({ rowsASecond }) => rowsASecond.toFixed(0)],
    ['intake, a batch of 2,000 rows, p95', ({ batchP95 }) => ms(batchP95)],
    [
      'identification after 40 batches',
      ({ identification }) =>
        identification === null ? 'not within 15 min' : `${identification.toFixed(1)} s`,
    ],
    ['database, bytes an asset', ({ bytesAnAsset }) => bytesAnAsset.toFixed(0)],
    ['memory of the server', ({ megabytes }) => `${megabytes.toFixed(0)} MB`],
  ];
  const heading = `| assets | ${rows.map(({ assets }) => assets.toLocaleString('en')).join(' | ')} |`;
  const body = lines.map(([name, cell]) => `| ${name} | ${rows.map(cell).join(' | ')} |`);
  return [heading, `|---|${rows.map(() => '---|').join('')}`, ...body].join('\n');
}
