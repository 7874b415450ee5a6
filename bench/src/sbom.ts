import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '@wardline/server';
import pg from 'pg';

const COMPONENTS = 50_000;
const MODELS = 2000;
const TIMES = 20;

/** Prints how long the question "where is this component" takes at 50,000 components in 2,000 models, and taking one large document in. */
export async function run(args: string[]): Promise<void> {
  const each = Number(args[0] ?? 500);
  const dataDir = mkdtempSync(join(tmpdir(), 'wardline-bench-'));
  const server = await startServer({ dataDir, port: 0, log: 'silent' });
  const token = readFileSync(join(dataDir, 'cli-token'), 'utf8').trim();
  const client = new pg.Client({
    host: join(dataDir, 'socket'),
    user: 'wardline',
    database: 'wardline',
  });
  await client.connect();
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${server.url}/api/v1/${path}`, { ...init, headers });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return (await answer.json()) as { total: number; items: { id: number }[]; outcome?: string };
  };
  try {
    const filled = await timed(() => fill(client, each));
    console.log(
      `${COMPONENTS} components, ${MODELS} models of ${each} each: ${MODELS * each} places (filled in ${filled.toFixed(0)} ms)`,
    );
    for (const q of [
      'component-4711',
      'component-4711 1.11',
      'component',
      'pkg:npm/component-7',
      'common-3',
      'nowhere',
    ])
      await report(`search "${q}"`, () => ask(`components?q=${encodeURIComponent(q)}`));
    const [common] = (await ask('components?q=common-3')).items;
    await report('its products', () => ask(`components/${common!.id}/products`));
    const text = document(COMPONENTS);
    const body = JSON.stringify({ name: 'large.json', text, reason: 'a measurement' });
    const taken = await timed(() => ask('sboms', { method: 'POST', body }));
    console.log(
      `taking in one document of ${COMPONENTS} components (${(text.length / 1e6).toFixed(1)} MB): ${taken.toFixed(0)} ms`,
    );
    console.log(`peak memory: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
  } finally {
    await client.end();
    await server.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

async function report(what: string, act: () => Promise<{ total: number }>): Promise<void> {
  const times: number[] = [];
  let total = 0;
  for (let index = 0; index < TIMES; index += 1)
    times.push(
      await timed(async () => {
        total = (await act()).total;
      }),
    );
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(TIMES - 1, Math.floor(share * TIMES))]!.toFixed(0).padStart(5);
  console.log(
    `${what.padEnd(32)} ${String(total).padStart(7)} found   median ${at(0.5)} ms   95 % ${at(0.95)} ms`,
  );
}

/** Every model has the hundred common components, and its share of the others. */
async function fill(client: pg.Client, each: number): Promise<void> {
  await client.query(
    `insert into component (key, type, supplier, name, version, purl, cpes, search)
     select 'k' || i, 'library', 'Supplier ' || i % 500, n, v, 'pkg:npm/' || n || '@' || v, '{}',
       lower('library supplier ' || i % 500 || ' ' || n || ' ' || v || ' pkg:npm/' || n || '@' || v)
     from (select i, case when i < 100 then 'common-' else 'component-' end || i as n, i % 20 || '.' || i % 13 as v
       from generate_series(0, $1::int - 1) as i) as made`,
    [COMPONENTS],
  );
  await client.query(
    `insert into sbom (id, vendor, model, software, name, format, spec_version, revision, title, components, statements, document,
       added_at, added_by)
     select 'S-' || i, 'Vendor ' || i % 80, 'Model ' || i, '1.' || i % 7, 'made.json', 'cyclonedx-json', '1.6', '1', 'Model ' || i,
       $2::int, '[]', '', 0, 'bench' from generate_series(0, $1::int - 1) as i`,
    [MODELS, each],
  );
  await client.query(
    `insert into sbom_part (sbom, number, component, ref, licenses)
     select 'S-' || m, p, (select min(id) from component) + case when p < 100 then p else 100 + (m * 7919 + p * 104729) % ($2::int - 100) end,
       'c' || p, '{}' from generate_series(0, $1::int - 1) as m, generate_series(0, $3::int - 1) as p`,
    [MODELS, COMPONENTS, each],
  );
  await client.query('analyze component; analyze sbom; analyze sbom_part');
}

const document = (count: number): string =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'device', name: 'Large', version: '1', supplier: { name: 'Vendor' } } },
    components: Array.from({ length: count }, (_one, index) => ({
      type: 'library',
      'bom-ref': `c${index}`,
      name: `part-${index}`,
      version: `1.${index}`,
      purl: `pkg:npm/part-${index}@1.${index}`,
    })),
  });
