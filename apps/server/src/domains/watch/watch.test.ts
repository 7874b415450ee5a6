import type { AlertList, StoryDetail, StoryList, WatchStatusList } from '@wardline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recorded } from '../../testing/recording.ts';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';

let server: TestServer;

/** Hands a recording over, and waits until all of it was watched. */
async function play(name: 'normal' | 'attacks'): Promise<void> {
  for (const batch of await recorded(name, name))
    expect((await server.post('intake/batches', batch)).status).toBe(200);
  await until(status, ({ sites: [site] }) => site !== undefined && site.waiting === 0 && site.batches > 0);
}

const status = () => server.get<WatchStatusList>('watch/status');
const stories = (query = '') => server.get<StoryList>(`watch/stories${query}`);

beforeAll(async () => {
  server = await runServer();
  await play('attacks');
});
afterAll(() => server?.close());

it('tells what the wire shows as stories, the gravest first, each with its packets', async () => {
  const { items, total } = await stories();
  expect(total).toBe(items.length);
  expect(items.map(({ rank }) => rank)).toEqual(items.map(({ rank }) => rank).toSorted((a, b) => b - a));
  const one = await server.get<StoryDetail>(`watch/stories/${items[0]!.id}`);
  expect(one.shown.length).toBe(one.alerts);
  expect(one.shown[0]!.evidence[0]).toMatchObject({ capture: 'attacks.pcap.gz', packet: expect.any(Number) });
  expect((await server.raw('/api/v1/watch/stories/1-nothing')).status).toBe(404);
});

it('names assets once they are known', async () => {
  const { items } = await until(
    () => stories(),
    ({ items: found }) => found.every(({ actor }) => actor === null || actor.outside || actor.asset !== null),
  );
  expect(items.some(({ actor }) => actor !== null && actor.asset !== null)).toBe(true);
});

it('filters and pages', async () => {
  const scans = await server.get<AlertList>('watch/alerts?detection=vertical-scan');
  expect(scans.total).toBeGreaterThan(0);
  expect(new Set(scans.items.map(({ detection }) => detection))).toEqual(new Set(['vertical-scan']));
  const { total } = await stories();
  const first = await stories('?limit=2');
  const second = await stories(`?limit=2&cursor=${first.nextCursor}`);
  expect(first.items.length + Math.min(2, total - 2)).toBe(2 + second.items.length);
  expect(second.items.map(({ id }) => id)).not.toContain(first.items[0]!.id);
});

it('numbers alerts without a gap', async () => {
  const { items, total } = await server.get<AlertList>('watch/alerts?limit=500&sort=number');
  expect(items.length).toBe(total);
  expect(new Set(items.map(({ number }) => number)).size).toBe(total);
});
