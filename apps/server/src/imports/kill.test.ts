import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportJob, Overview } from '@wardline/model';
import { afterAll, expect, it } from 'vitest';
import { hospitalCapture } from '../testing/capture.ts';
import { copyGiven } from '../testing/given.ts';
import { until } from '../testing/running-server.ts';
import { ServerProcess } from '../testing/server-process.ts';

const folders: string[] = [];
afterAll(async () => {
  await ServerProcess.endAll();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const capture = hospitalCapture(12_000);

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wardline-kill-'));
  folders.push(folder);
  copyGiven(folder);
  return folder;
}

const upload = (server: ServerProcess) =>
  server.ask<ImportJob>('imports?name=ward.pcap', {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: capture,
  });

/** What was counted, in numbers that any loss or double count would change. */
async function counted(server: ServerProcess) {
  const jobs = await until(
    () => server.ask<{ items: ImportJob[] }>('imports').catch(() => ({ items: [] as ImportJob[] })),
    ({ items }) => items.length > 0 && items.every((job) => job.finishedAt !== null),
  );
  const overview = await server.ask<Overview>('overview');
  const totals = await server.ask<{ items: unknown[] }>('conversations?limit=500&sort=bytes&order=desc');
  const { observed, assets, conversations } = overview;
  const { packets, conversations: rows, sightings, state } = jobs.items[0]!;
  return {
    observed,
    assets: assets.total,
    conversations,
    job: { packets, rows, sightings, state },
    items: totals.items,
  };
}

async function undisturbed() {
  const server = await ServerProcess.start(newFolder());
  await upload(server);
  const result = await counted(server);
  await server.end('SIGTERM');
  return result;
}

/** Numbers from 0 to 1 that are the same in every run (a linear congruential generator). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

it('counts an import once, whatever is killed in the middle of it', { timeout: 400_000 }, async () => {
  const whole = await undisturbed();
  expect(whole.job).toMatchObject({ state: 'done', packets: 12_000 });
  const random = seeded(7);
  for (let round = 0; round < 6; round += 1) {
    const folder = newFolder();
    let server = await ServerProcess.start(folder);
    await upload(server);
    await new Promise((resolve) => setTimeout(resolve, random() * 900));
    const victim = (['server', 'database', 'both'] as const)[round % 3];
    const databasePid = server.databasePid;
    if (victim !== 'server') execFileSync('kill', ['-9', String(databasePid)]);
    if (victim !== 'database') {
      await server.end('SIGKILL');
      server = await ServerProcess.start(folder);
    }
    expect(await counted(server), `round ${round}: ${victim}`).toEqual(whole);
    expect(readdirSync(join(folder, 'spool'))).toEqual([]);
    await server.end('SIGTERM');
  }
});
