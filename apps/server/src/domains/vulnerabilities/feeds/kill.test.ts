import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeedRow } from '@wardline/model';
import { afterAll, expect, it } from 'vitest';
import { csafAdvisory } from '../../../testing/advisory.ts';
import { copyGiven } from '../../../testing/given.ts';
import { until } from '../../../testing/running-server.ts';
import { ServerProcess } from '../../../testing/server-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-feed-kill-'));
copyGiven(folder);
afterAll(async () => {
  await ServerProcess.endAll();
  rmSync(folder, { recursive: true, force: true });
});

const DOCUMENTS = 120;
const body = (value: unknown) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});
const feedOf = async (server: ServerProcess): Promise<FeedRow> =>
  (await server.ask<{ items: FeedRow[] }>('feeds')).items[0]!;

it('goes on after kill -9, and takes each document in once', { timeout: 120_000 }, async () => {
  mkdirSync(join(folder, 'mirrors', 'acme'), { recursive: true });
  for (let number = 0; number < DOCUMENTS; number += 1) {
    const text = csafAdvisory('< 2.0').replaceAll('ACME-2026-0001', `K-${number}`);
    writeFileSync(join(folder, 'mirrors', 'acme', `${number}.json`), text);
  }
  let server = await ServerProcess.start(folder);
  const reason = 'a test of feeds';
  const added = await server.ask<{ id: string }>(
    'feeds',
    body({ name: 'Acme', location: 'acme', everyHours: 0, reason }),
  );
  await server.ask(`feeds/${added.id}/run`, body({ reason }));
  await until(
    () => feedOf(server),
    ({ done }) => done > 0,
  );
  await server.end('SIGKILL');
  server = await ServerProcess.start(folder);
  const { total } = await server.ask<{ total: number }>('advisories');
  expect(total).toBeGreaterThan(0);
  const ended = await until(
    () => feedOf(server),
    ({ state }) => state === 'done',
  );
  expect(ended).toMatchObject({ total: DOCUMENTS, done: DOCUMENTS });
  expect(ended.counts.same).toBeGreaterThan(0);
  expect((await server.ask<{ total: number }>('advisories')).total).toBe(DOCUMENTS);
  const acts = await server.ask<{ total: number }>('ledger?action=advisory.import&limit=1');
  expect(acts.total).toBe(DOCUMENTS);
});
