import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '@wardline/server';
import pg from 'pg';
import { scaleStatements } from './scale-data.ts';

export const questions: readonly string[] = [
  ...[
    'name',
    'vendor',
    'class',
    'criticality',
    'findings',
    'lastSeen',
    'firstSeen',
    'model',
    'services',
  ].flatMap((sort) => ['asc', 'desc'].map((order) => `assets?sort=${sort}&order=${order}&limit=100`)),
  'assets?class=infusion-pump&limit=100',
  'assets?vlan=20&criticality=high&limit=100',
  'assets?q=ward%207&limit=100',
  'assets?q=00:1b:d3:01&limit=100',
  'assets/facets',
  'assets/facets?criticality=high',
  'overview',
  'map',
  'map?group=function',
  'conversations?limit=100',
  'conversations?sort=bytes&order=desc&limit=100',
  'conversations?application=dicom&limit=100',
  'findings?limit=100',
  'findings?severity=high&limit=100',
  'reconciliation?limit=100',
];

/** A table over several sizes, or with `--assets` every question in a hospital of one. */
export async function run(args: string[]): Promise<void> {
  const given = (option: string) => (args.includes(option) ? args[args.indexOf(option) + 1] : undefined);
  const assets = given('--assets');
  if (assets !== undefined) return eachQuestion(Number(assets) || 100_000);
  const sizes = (given('--sizes') ?? '1000,10000').split(',').map(Number);
  const { scaleTable } = await import('./scale-table.ts');
  return scaleTable(sizes);
}

/** Prints how long each list, count and picture takes in a hospital of so many assets, asked one after the other. */
async function eachQuestion(assets: number): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wardline-scale-'));
  const server = await startServer({ dataDir, port: 0, log: 'silent' });
  try {
    await fill(dataDir, assets);
    const authorization = `Bearer ${readFileSync(join(dataDir, 'cli-token'), 'utf8')}`;
    const ask = async (path: string) => {
      const response = await fetch(`${server.url}/api/v1/${path}`, { headers: { authorization } });
      const text = await response.text();
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
      return text;
    };
    const cursor = (JSON.parse(await ask('assets?limit=500')) as { nextCursor: string }).nextCursor;
    console.log(`${assets.toLocaleString('en')} assets; milliseconds p50 / p95 of 7`);
    for (const path of [...questions, `assets?limit=500&cursor=${cursor}`])
      print(path, await times(ask, path));
    const start = performance.now();
    const csv = await ask('assets.csv');
    console.log(
      `assets.csv ${Math.round(csv.length / 1e6)} MB in ${Math.round(performance.now() - start)} ms`,
    );
  } finally {
    await server.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function fill(dataDir: string, assets: number): Promise<void> {
  const host = join(dataDir, 'socket');
  const client = new pg.Client({ host, user: 'wardline', database: 'wardline' });
  await client.connect();
  for (const statement of scaleStatements(assets)) await client.query(statement);
  await client.end();
}

async function times(ask: (path: string) => Promise<string>, path: string): Promise<number[]> {
  const found: number[] = [];
  for (let turn = 0; turn < 7; turn += 1) {
    const start = performance.now();
    await ask(path);
    found.push(performance.now() - start);
  }
  return found.sort((a, b) => a - b);
}

function print(path: string, sorted: readonly number[]): void {
  console.log(
    `${sorted[3]!.toFixed(0).padStart(6)} ${sorted[6]!.toFixed(0).padStart(6)}  ${path.slice(0, 60)}`,
  );
}
