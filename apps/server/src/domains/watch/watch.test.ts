import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  AlertList,
  AllowedList,
  IncidentDetail,
  LearntList,
  Overview,
  StoryDetail,
  StoryList,
  WatchStatusList,
} from '@wardline/model';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Context } from '../../context.ts';
import { openDatabase } from '../../store/database.ts';
import { connect } from '../../testing/acts/stage.ts';
import { recorded } from '../../testing/recording.ts';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';
import { watchEvidence } from './evidence.ts';

const labels = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../../fixtures/attacks/labels.json'), 'utf8'),
) as { id: string; expected: string[] }[];
const reason = 'a test of watching';
let server: TestServer;
let client: pg.Client;

const status = () => server.get<WatchStatusList>('watch/status');
const stories = (query = '') => server.get<StoryList>(`watch/stories${query}`);
const story = (id: string) => server.get<StoryDetail>(`watch/stories/${id}`);
/** Nothing waits any more, and so many batches were watched. */
const watched = (batches: number) =>
  until(status, ({ sites: [site] }) => site !== undefined && site.waiting === 0 && site.batches >= batches);

async function post<T>(path: string, body: object, expected = 200): Promise<T> {
  const response = await server.post(path, body);
  expect(response.status, await response.clone().text()).toBe(expected);
  return (await response.json()) as T;
}

let batches = 0;
/** Hands a recording over as a sensor does that sends every ten seconds. */
async function play(name: 'normal' | 'attacks', stream: string): Promise<void> {
  for (const batch of await recorded(name, stream, 10_000_000)) {
    await post('intake/batches', batch);
    if (batch.conversations.length + batch.sightings.length > 0) batches += 1;
  }
  await watched(batches);
}

beforeAll(async () => {
  server = await runServer();
  client = await connect(server);
  await play('normal', 'before');
});
afterAll(async () => {
  await client?.end();
  await server?.close();
});

it('learns first, shows what it has learnt, and ends learning when a person says so', async () => {
  const [site] = (await status()).sites;
  expect(site).toMatchObject({ mode: 'learning', heldBack: [], losses: [], fault: null });
  const learnt = await server.get<LearntList>('watch/sites/1/learnt?limit=200');
  expect(learnt.total).toBe(site!.devices);
  expect(learnt.items.flatMap(({ habits }) => habits).some((habit) => habit.startsWith('uses tcp/'))).toBe(
    true,
  );
  await post('watch/sites/1/learning', { order: 'on', reason }, 409);
  await post('watch/sites/2/learning', { order: 'end', reason }, 404);
  await post('watch/sites/1/learning', { order: 'end', reason });
  expect((await status()).sites[0]!.mode).toBe('watching');
});

it('tells every attack of the recording as stories, the gravest first, each with its packets', async () => {
  await play('attacks', 'then');
  const { items, total } = await stories();
  expect(total).toBe(items.length);
  expect(total).toBeLessThan(15);
  const found = new Set<string>(items.flatMap(({ detections }) => detections));
  expect(
    labels.filter(({ expected }) => !expected.some((name) => found.has(name))).map(({ id }) => id),
  ).toEqual([]);
  expect(items.map(({ rank }) => rank)).toEqual(items.map(({ rank }) => rank).toSorted((a, b) => b - a));
  const one = await story(items[0]!.id);
  expect(one.shown.length).toBe(one.alerts);
  expect(one.shown[0]!.evidence[0]).toMatchObject({ capture: 'attacks.pcap.gz' });
  expect((await server.raw('/api/v1/watch/stories/1-nothing')).status).toBe(404);
});

it('names assets once they are known', async () => {
  await until(
    () => stories(),
    ({ items }) => items.every(({ actor }) => actor === null || actor.outside || actor.asset !== null),
  );
});

it('filters, pages and numbers', async () => {
  const scans = await server.get<AlertList>('watch/alerts?detection=vertical-scan');
  expect(scans.total).toBeGreaterThan(0);
  expect(new Set(scans.items.map(({ detection }) => detection))).toEqual(new Set(['vertical-scan']));
  const first = await stories('?limit=2');
  const second = await stories(`?limit=2&cursor=${first.nextCursor}`);
  expect(second.items.map(({ id }) => id)).not.toContain(first.items[0]!.id);
  const { items, total } = await server.get<AlertList>('watch/alerts?limit=500&sort=number');
  expect(new Set(items.map(({ number }) => number)).size).toBe(total);
  expect((await stories('?state=resolved')).total).toBe(0);
});

/** What the compliance question came back with, as of a moment. */
async function triaged(at: number) {
  const host = join(server.dataDir, 'socket');
  const database = openDatabase({ host, user: 'wardline', database: 'wardline' }, () => {});
  const [fact] = await watchEvidence({ database } as Context, at);
  await database.destroy();
  return fact!;
}

it('is a duty, and fails the compliance question once nobody looked in time', async () => {
  const { todo } = await server.get<Overview>('overview');
  expect(todo.find(({ id }) => id === 'watch-waiting')).toMatchObject({
    severity: 'critical',
    assets: 0,
    title: `${(await stories('?state=open&severity=critical,high')).total} grave stories that nobody has`,
  });
  const grave = (await stories('?severity=critical,high')).total;
  const now = Date.now() * 1000;
  expect(await triaged(now)).toMatchObject({ query: 'watch.triaged', population: grave, failing: 0 });
  const later = await triaged(now + 2 * 86_400_000_000);
  expect([later.failing, later.members[0]!.answer]).toEqual([grave, 'fails']);
  expect(later.asOf).toBeLessThan(now + 60_000_000);
  expect((await stories('?overdue=yes')).total).toBe(0);
});

it('is taken, acknowledged, resolved and opened again, each with its line', async () => {
  const { id } = (await stories()).items.at(-1)!;
  await post(`watch/stories/${id}/take`, { note: 'on my way' });
  await post(`watch/stories/${id}/acknowledge`, { reason });
  await post(`watch/stories/${id}/open`, { reason }, 409);
  const teach = { verdict: 'true', reason, allow: { until: null } };
  await post(`watch/stories/${id}/resolve`, teach, 409);
  await post(`watch/stories/${id}/resolve`, { verdict: 'true', reason });
  await post(`watch/stories/${id}/take`, {}, 409);
  expect((await stories()).items.at(-1)).toMatchObject({ id, state: 'resolved', verdict: 'true' });
  await post(`watch/stories/${id}/open`, { reason });
  const { entries, lookedBy } = await story(id);
  expect(entries.map(({ kind }) => kind)).toEqual(['taken', 'acknowledged', 'resolved', 'reopened']);
  expect(lookedBy).toBe(entries[0]!.by);
});

it('becomes an incident that knows where it comes from', async () => {
  const { id, summary } = (await stories()).items[0]!;
  const { playbook } = await story(id);
  expect(playbook).toBe('ransomware');
  const { incident } = await post<{ incident: number }>(`watch/stories/${id}/incident`, { playbook, reason });
  await post(`watch/stories/${id}/incident`, { playbook, reason }, 409);
  const { timeline, assets } = await server.get<IncidentDetail>(`incidents/${incident}`);
  expect(timeline.map(({ kind }) => kind)).toEqual(['opened', 'note']);
  expect(timeline[1]!.text).toContain(summary.slice(0, 40));
  expect(assets.length).toBeGreaterThan(0);
  expect(await story(id)).toMatchObject({ incident, state: 'taken' });
});

it('is taught by a false alarm until a moment, and told again when that is taken back', async () => {
  const scan = async () => (await server.get<AlertList>('watch/alerts?detection=vertical-scan')).items;
  const [alert] = await scan();
  const resolve = { verdict: 'false-alarm', reason };
  const refused = await post<{ detail: string }>(
    `watch/stories/${alert!.story}/resolve`,
    { ...resolve, allow: { until: null } },
    409,
  );
  expect(refused.detail).toContain('Say until when');
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  await post(`watch/stories/${alert!.story}/resolve`, { ...resolve, allow: { until: tomorrow } });
  const before = (await scan()).map(({ id, count }) => [id, count]);
  await play('attacks', 'again');
  expect((await scan()).map(({ id, count }) => [id, count])).toEqual(before);
  const { items } = await server.get<AllowedList>('watch/allowed');
  for (const { id } of items) await post(`watch/allowed/${id}/end`, { reason });
  expect((await server.get<AllowedList>('watch/allowed')).items).toEqual([]);
  // Closed when it was of less weight than it is.
  await client.query('update watch_story set resolved_rank = 4 where id = $1', [alert!.story]);
  await play('attacks', 'once more');
  const opened = await story(alert!.story);
  expect([opened.state, opened.verdict, opened.lookedAt]).toEqual(['open', null, null]);
  expect(opened.entries.at(-1)).toMatchObject({ kind: 'reopened', by: 'server' });
  expect((await scan()).map(({ id, count }) => [id, count])).not.toEqual(before);
});

it('begins to learn anew where its state is damaged, and says so', async () => {
  await client.query(`update watch_state set body = set_byte(body, 50, 255 - get_byte(body, 50))`);
  // As after a start: nobody holds the watch but the database.
  await client.query('update watch_site set saved = saved + 1');
  await play('normal', 'after');
  const [site] = (await status()).sites;
  expect(site).toMatchObject({ mode: 'learning', fault: { text: expect.stringContaining('bytes') } });
  const { rows } = await client.query(`select 1 from ledger where action = 'watch.begin-anew'`);
  expect(rows.length).toBe(1);
});

it('counts what does not fit into the inbox or has a clock of another time, and tells', async () => {
  const [batch] = await recorded('normal', 'ahead', 10_000_000);
  const ahead = batch!.sightings.slice(0, 1).map((row) => ({ ...row, lastSeen: Date.now() * 1000 + 9e11 }));
  await client.query(`insert into watch_inbox (site, kind, received, bytes) select 1, 'trust', 0, 600000000`);
  await post('intake/batches', { ...batch, sightings: [], conversations: batch!.conversations.slice(0, 3) });
  await until(status, ({ sites: [site] }) => site!.waiting === 0);
  await until(
    async () => (await client.query(`select 1 from watch_inbox`)).rows.length,
    (waiting) => waiting === 0,
  );
  await post('intake/batches', { ...batch, number: 2, conversations: [], sightings: ahead });
  const { losses } = (
    await until(status, ({ sites: [site] }) => site!.losses.some(({ cause }) => cause === 'clock-ahead'))
  ).sites[0]!;
  expect(losses).toMatchObject(
    expect.arrayContaining([
      expect.objectContaining({ cause: 'inbox-full', stream: 'ahead', batches: 1, rows: 3 }),
      expect.objectContaining({ cause: 'clock-ahead', stream: 'ahead', rows: 1 }),
    ]) as object,
  );
});
