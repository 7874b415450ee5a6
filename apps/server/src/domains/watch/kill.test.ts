import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertList, AlertRevisions, SensorBatch, WatchStatusList } from '@wardline/model';
import { afterAll, expect, it } from 'vitest';
import { copyGiven } from '../../testing/given.ts';
import { recorded } from '../../testing/recording.ts';
import { runServer, until } from '../../testing/running-server.ts';
import { ServerProcess } from '../../testing/server-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-watch-kill-'));
afterAll(async () => {
  await ServerProcess.endAll();
  rmSync(folder, { recursive: true, force: true });
});

/** What loss or a second telling of anything would change; what devices are called depends on when they were recognised. */
const told = ({ items }: AlertList) =>
  items
    .map(({ id, detection, count, firstSeen, lastSeen, targetCount, evidence }) => ({
      id,
      detection,
      count,
      firstSeen,
      lastSeen,
      targetCount,
      evidence,
    }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
const isDone =
  (batches: number) =>
  ({ sites: [site] }: WatchStatusList) =>
    site !== undefined && site.waiting === 0 && site.batches === batches;

async function undisturbed(batches: readonly SensorBatch[]) {
  const server = await runServer();
  for (const batch of batches) expect((await server.post('intake/batches', batch)).status).toBe(200);
  await until(() => server.get<WatchStatusList>('watch/status'), isDone(batches.length));
  const alerts = told(await server.get<AlertList>('watch/alerts?limit=500'));
  await server.close();
  return alerts;
}

it('neither loses nor doubles an alert when it is killed between batches', { timeout: 400_000 }, async () => {
  const batches = await recorded('attacks', 'killed', 10_000_000);
  const expected = await undisturbed(batches);
  expect(expected.length).toBeGreaterThan(10);
  copyGiven(folder);
  let server = await ServerProcess.start(folder);
  const post = (batch: SensorBatch) =>
    server.ask('intake/batches', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(batch),
    });
  for (const [index, batch] of batches.entries()) {
    await post(batch);
    if (index % Math.ceil(batches.length / 2) !== 2) continue;
    // Long enough for a run to be under way, each time at another place of it.
    await new Promise((resolve) => setTimeout(resolve, 250 + index * 40));
    await server.end('SIGKILL');
    server = await ServerProcess.start(folder);
    // The sensor did not hear of it, and sends it again.
    await post(batch);
  }
  await until(() => server.ask<WatchStatusList>('watch/status'), isDone(batches.length));
  expect(told(await server.ask<AlertList>('watch/alerts?limit=500'))).toEqual(expected);
  const { items, latest } = await server.ask<AlertRevisions>('watch/revisions?after=0&limit=1000');
  await server.end('SIGTERM');
  expect(items.map(({ number }) => number)).toEqual(Array.from({ length: latest }, (_, index) => index + 1));
});
