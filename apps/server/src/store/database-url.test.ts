import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandLineToken } from '../config/secrets.ts';
import { startServer } from '../index.ts';
import { batch } from '../testing/synthetic.ts';
import { type Cluster, openCluster } from './cluster/cluster.ts';

const silent = { died: () => {}, restarted: () => {}, givenUp: () => {} };
let cluster: Cluster;
const folder = mkdtempSync(join(tmpdir(), 'wardline-url-'));
beforeAll(async () => {
  cluster = await openCluster(join(folder), silent);
});
afterAll(async () => {
  await cluster?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The embedded one, started by hand, stands for a server of the hospital's own. */
function url(): string {
  const { host, user, database } = cluster.connection;
  return `postgresql://${user}@/${database}?host=${encodeURIComponent(String(host))}`;
}

it('works on a PostgreSQL of the hospital’s own, and finds its rows there again', async () => {
  const dataDir = join(folder, 'keys');
  const start = () => startServer({ dataDir, databaseUrl: url(), port: 0, log: 'silent' });
  const first = await start();
  const headers = {
    authorization: `Bearer ${commandLineToken(dataDir)}`,
    'content-type': 'application/json',
  };
  const body = JSON.stringify(batch(1, 3));
  const sent = await fetch(`${first.url}/api/v1/intake/batches`, { method: 'POST', headers, body });
  expect(await sent.json()).toMatchObject({ outcome: 'accepted' });
  await first.close();
  const second = await start();
  const again = await fetch(`${second.url}/api/v1/intake/batches`, { method: 'POST', headers, body });
  expect(await again.json()).toMatchObject({ outcome: 'duplicate' });
  await second.close();
  expect(cluster.pid()).not.toBeNull();
});
