import { createHash } from 'node:crypto';
import { loadKnowledge } from '@wardline/knowledge';
import {
  type AlertList,
  type Drift,
  type Enforcement,
  formatMicros,
  type Overview,
  type PointDetail,
  type PointGround,
  type PointPreview,
  type PointReport,
  type PointReported,
  type PolicyCompiled,
} from '@wardline/model';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../store/database.ts';
import { connect } from '../../testing/acts/stage.ts';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';
import { askAs, type Somebody, signIn } from '../../testing/sign-in.ts';
import { conversation, EPOCH, endpoint, sighting } from '../../testing/synthetic.ts';
import { keepSilenceFindings } from './silence.ts';

const [pc, store, pump] = [endpoint(1), endpoint(2), endpoint(3)];
const reason = 'a test of enforcement points';
const second = 1_000_000;
let server: TestServer;
let client: pg.Client;
let writer: Somebody;
let approver: Somebody;

const text = (port: number) => `policy "House A" version 1
undeclared enforce

zone desks
  addresses ${pc.ip}
zone stores
  addresses ${store.ip}

conduit desks-to-stores
  from desks
  to stores
  allow tcp ${port}
  mode enforce
`;

async function hear(number: number, conversations: object[]): Promise<void> {
  const subjects = [pc, store, pump].map((subject) => sighting(subject, EPOCH));
  await server.post('intake/batches', {
    sensor: 'test',
    stream: 'made-up',
    number,
    last: false,
    conversations,
    sightings: number === 1 ? subjects : [],
    statistics: { packets: 3, bytes: 100, dropped: {}, evicted: {} },
  });
}

async function inForce(policy: string): Promise<void> {
  const answer = async <T>(who: Somebody, path: string, body: object): Promise<T> => {
    const response = await askAs(server.url, who, 'POST', `segmentation${path}`, body);
    expect(response.status, await response.clone().text()).toBe(200);
    return (await response.json()) as T;
  };
  const { id } = await answer<{ id: string }>(writer, '/drafts', { name: 'House A', text: policy, reason });
  const { number } = await answer<{ number: number }>(writer, `/drafts/${id}/proposal`, { reason });
  await answer(approver, `/versions/${number}/approval`, { reason });
}

async function listingOf(policy: string): Promise<string> {
  const response = await server.post('segmentation/compilation', { text: policy, target: 'nftables' });
  const { files } = (await response.json()) as PolicyCompiled;
  return files[0]!.text;
}

async function report(policy: string | null, changed: Partial<PointReport> = {}): Promise<Drift[]> {
  const runs: PointReport = {
    kernel: policy === null ? 'none' : 'same',
    policyName: policy && 'House A',
    policyDigest: policy && createHash('sha256').update(policy).digest('hex'),
    applied: policy && formatMicros(EPOCH + 100 * second),
    trialUntil: null,
    listing: policy && (await listingOf(policy)),
    counted: [{ declaration: 'conduit desks-to-stores', declared: 3, observed: 0, alerted: 0, dropped: 1 }],
    obeys: false,
    back: null,
    ...changed,
  };
  const response = await server.post('enforcement/reports/cellar', runs);
  expect(response.status, await response.clone().text()).toBe(200);
  return ((await response.json()) as { drift: Drift[] }).drift;
}

const silentReport = {
  kernel: 'none',
  policyName: null,
  policyDigest: null,
  applied: null,
  trialUntil: null,
  listing: null,
  counted: [],
};
const kinds = (drift: readonly Drift[]) => drift.map(({ kind }) => kind);
const overview = () => server.get<Enforcement>('enforcement');

beforeAll(async () => {
  server = await runServer();
  client = await connect(server);
  [writer, approver] = [
    await signIn(client, 'Who writes', 'network-engineer'),
    await signIn(client, 'Who approves', 'biomedical-engineer'),
  ];
  await hear(1, [conversation(pc, store, EPOCH), conversation(pc, pump, EPOCH)]);
  await until(
    () => server.get<{ items: unknown[] }>('assets'),
    ({ items }) => items.length === 3,
  );
  await server.post('enforcement/points', { name: 'cellar', place: 'Cellar', reason });
});
afterAll(async () => {
  await client?.end();
  await server?.close();
});

it('takes reports of points that somebody added, and of no others; a name stands for one', async () => {
  expect(await report(null)).toEqual([]);
  const nobody = await server.post('enforcement/reports/attic', silentReport);
  expect(nobody.status).toBe(404);
  expect((await server.post('enforcement/points', { name: 'cellar', reason })).status).toBe(409);
});

it('proves what a point says that it runs against the version in force', async () => {
  await inForce(text(104));
  expect(kinds(await report(null))).toEqual(['unapplied']);
  expect(await report(text(104))).toEqual([]);
  const { points, current } = await overview();
  expect(points).toMatchObject([
    { name: 'cellar', version: current, kernel: 'same', drift: [], counted: [{ declared: 3 }] },
  ]);
  const wider = (await listingOf(text(104))).replace(/dport 104/g, 'dport 104-105');
  const [drift] = await report(text(104), { listing: wider });
  expect(drift).toMatchObject({
    kind: 'differs',
    message: expect.stringContaining('lets packets through') as string,
  });
  expect(drift!.evidence[0]).toMatch(/^tcp .*:105 passes though nothing declares it/);
  expect(kinds(await report(text(104), { kernel: 'changed', listing: 'table inet wardline {' }))).toEqual([
    'changed',
    'differs',
  ]);
});

it('finds traffic that got past the point, but none from before', async () => {
  expect(await report(text(104))).toEqual([]);
  await hear(2, [conversation(pc, pump, EPOCH + 200 * second)]);
  const [drift] = await report(text(104), { applied: formatMicros(EPOCH + 150 * second) });
  // The conversation began before; only one that began since speaks against the point.
  expect(drift).toBeUndefined();
  await hear(3, [conversation(store, pump, EPOCH + 300 * second)]);
  const [past] = await report(text(104));
  expect(past).toMatchObject({
    kind: 'bypassed',
    message: expect.stringContaining('1 conversation was answered since') as string,
  });
  expect(past!.evidence[0]).toMatch(/→.*tcp \d+ \(.*packet \d+\)$/);
});

it('tells each packet with the line that decides, each conversation with its parties, each conduit with its stage', async () => {
  const wider = (await listingOf(text(104))).replace(/dport 104/g, 'dport 104-105');
  const [differs] = await report(text(104), { listing: wider });
  const [packet] = differs!.packets;
  expect(packet).toMatchObject({ kind: 'leak', declarations: [], breaksMust: false });
  expect(wider.split('\n')[packet!.line! - 1]).toContain('dport 104-105');
  const drift = await report(text(104));
  expect(drift[0]!.conversations[0]).toMatchObject({ client: { ip: store.ip }, server: { ip: pump.ip } });
  const [point] = (await overview()).points;
  expect(point!.stages).toMatchObject([
    { declaration: 'conduit desks-to-stores', mode: 'enforce', counted: { declared: 3, dropped: 1 } },
    { declaration: 'undeclared', mode: 'enforce', counted: null },
  ]);
});

it('opens a finding on each device that a drift concerns, grave where a life hangs on it, until the point is read back equal', async () => {
  const open = async () =>
    (
      await client.query<{ rule: string; summary: string }>(
        `select rule, summary from finding where rule like 'policy-drift%' and closed_at is null order by rule`,
      )
    ).rows;
  const wider = (await listingOf(text(104))).replace(/dport 104/g, 'dport 104-105');
  const listing = { listing: wider, applied: formatMicros(EPOCH + 400 * second) };
  const [drift] = await report(text(104), listing);
  expect(drift!.assets.map(({ id }) => id)).not.toEqual([]);
  expect((await open()).map(({ rule }) => rule)).toEqual(drift!.assets.map(() => 'policy-drift'));
  expect((await open())[0]!.summary).toContain('At the enforcement point cellar: It lets packets through');
  await client.query(`update asset set criticality = 'life-critical' where id = $1`, [drift!.assets[0]!.id]);
  await report(text(104), listing);
  expect((await open()).map(({ rule }) => rule)).toContain('policy-drift-life-critical');
  await client.query('update enforcement_point set reported = reported - 3600000000');
  expect((await open()).length).toBeGreaterThan(0);
  await report(text(104), { applied: listing.applied });
  expect(await open()).toEqual([]);
  await client.query(`update asset set criticality = 'unknown' where id = $1`, [drift!.assets[0]!.id]);
});

it('writes down what became of a trial, whoever kept it or let it go', async () => {
  const { id } = (await overview()).points[0]!;
  const trialUntil = formatMicros(Date.now() * 1000 + 60_000_000);
  await report(text(104), { trialUntil });
  await report(text(104), { trialUntil: null });
  await report(text(105), { trialUntil });
  await report(text(104), { trialUntil: null });
  const { rows } = await client.query<{ changes: { outcome: string } }>(
    `select changes from ledger where subject = $1 and action = 'enforcement.trial' order by sequence`,
    [`enforcement:${id}`],
  );
  expect(rows.map(({ changes }) => changes.outcome)).toEqual(['kept', 'went back']);
});

it('foresees an act by what the point says that it runs, and hands an order to that point alone', async () => {
  const { id } = (await overview()).points[0]!;
  const preview = (act: string) => server.get<PointPreview>(`enforcement/points/${id}/preview?act=${act}`);
  await report(null, {
    obeys: true,
    back: { policyName: null, policyDigest: null, listing: await listingOf(text(104)) },
  });
  const apply = await preview('apply');
  expect(apply).toMatchObject({ version: 1, ends: 2, endsLifeCritical: 0, opens: 0, keeps: 1 });
  expect(apply.endRows.map((row) => row.server.ip)).toEqual([pump.ip, pump.ip]);
  expect((await preview('go-back')).ends).toBe(2);
  const order = (body: object) => server.post(`enforcement/points/${id}/orders`, { ...body, reason });
  expect((await order({ act: 'confirm' })).status).toBe(409);
  const given = (await (await order({ act: 'apply', trialSeconds: 30 })).json()) as { id: string };
  expect((await order({ act: 'go-back' })).status).toBe(409);
  expect(await server.get('enforcement/news/cellar')).toMatchObject({ waiting: true });
  const ground = await server.get<PointGround>('enforcement/ground/cellar');
  expect(ground).toMatchObject({ version: 1, text: text(104) });
  expect(new Set(ground.assets.flatMap(({ ips }) => ips))).toEqual(
    new Set([pc, store, pump].map(({ ip }) => ip)),
  );
  const answer = await server.post('enforcement/reports/cellar', { ...silentReport, obeys: true });
  const taken = ((await answer.json()) as PointReported).order;
  expect(taken).toMatchObject({ id: given.id, act: 'apply', version: 1, trialSeconds: 30, state: 'taken' });
  expect((await server.post(`enforcement/orders/${given.id}/withdrawal`, { reason })).status).toBe(409);
  await server.post('enforcement/points', { name: 'attic', reason });
  const foreign = await server.post(`enforcement/outcomes/attic/${given.id}`, { done: true, said: '' });
  expect(foreign.status).toBe(404);
  const done = await server.post(`enforcement/outcomes/cellar/${given.id}`, { done: true, said: 'it runs' });
  expect(done.status).toBe(200);
  const { orders } = await server.get<PointDetail>(`enforcement/points/${id}`);
  expect(orders).toMatchObject([{ state: 'done', said: 'it runs' }]);
  const kept = await client.query(
    `select action from ledger where subject = $1 order by sequence desc limit 3`,
    [`enforcement:${id}`],
  );
  expect(kept.rows.map(({ action }) => action)).toEqual([
    'enforcement.outcome',
    'enforcement.taken',
    'enforcement.order',
  ]);
});

it('gives up an order that nobody takes; a point that takes none is given none; a token speaks for its own point only', async () => {
  const { points } = await overview();
  const [attic, cellar] = [
    points.find((one) => one.name === 'attic')!,
    points.find((one) => one.name === 'cellar')!,
  ];
  const order = (id: string) => server.post(`enforcement/points/${id}/orders`, { act: 'go-back', reason });
  expect((await order(attic.id)).status).toBe(409);
  expect((await order(cellar.id)).status).toBe(200);
  await client.query('update enforcement_order set ordered = ordered - 3600000000 where ended is null');
  expect((await overview()).points.find((one) => one.name === 'cellar')!.order).toBeNull();
  expect(await server.get('enforcement/news/cellar')).toMatchObject({ waiting: false });
  // The next order, the point's next question or the server's next round ends it.
  expect((await order(cellar.id)).status).toBe(200);
  const { rows } = await client.query(
    `select actor, changes->>'outcome' as outcome from ledger where action = 'enforcement.given-up'`,
  );
  expect(rows).toEqual([{ actor: 'server', outcome: 'expired' }]);
  const made = await server.post('tokens', {
    name: 'Cellar',
    sensor: 'cellar',
    expires: formatMicros(Date.now() * 1000 + 3_600_000_000),
    reason,
  });
  const { secret } = (await made.json()) as { secret: string };
  const say = (name: string) =>
    fetch(`${server.url}/api/v1/enforcement/reports/${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify(silentReport),
    });
  expect((await say('attic')).status).toBe(403);
  expect((await say('cellar')).status).toBe(200);
  await server.post(`enforcement/points/${attic.id}/removal`, { reason });
});

it('a point that fell silent is a finding on each life-critical device that the policy protects, and something to see to', async () => {
  const { id } = (
    await client.query<{ id: string }>(`select id from asset where ips @> array[$1]`, [store.ip])
  ).rows[0]!;
  await client.query(`update asset set criticality = 'life-critical' where id = $1`, [id]);
  await client.query(
    `insert into authorised_asset (asset, zones, name, attributes, since) values ($1, '{stores}', 'store', '{}', 1)
     on conflict (asset) do update set zones = excluded.zones`,
    [id],
  );
  const database = openDatabase(
    { host: `${server.dataDir}/socket`, user: 'wardline', database: 'wardline' },
    () => {},
  );
  const at = Date.now() * 1000;
  const keep = (listening: number) =>
    keepSilenceFindings({ database, knowledge: loadKnowledge(), now: () => at }, listening);
  const open = async () =>
    (
      await client.query<{ asset: string; severity: string; summary: string }>(
        `select asset_id as asset, severity, summary from finding where rule = 'policy-drift-silent' and closed_at is null`,
      )
    ).rows;
  const todo = async () =>
    (await server.get<Overview>('overview')).todo.find((one) => one.id === 'enforcement-silent');
  await report(text(104));
  expect([await keep(0), await open(), await todo()]).toEqual([0, [], undefined]);
  await client.query(`update enforcement_point set reported = reported - 3600000000`);
  // Nobody could report to a server that has just started.
  expect([await keep(at), await open()]).toEqual([0, []]);
  expect([await keep(0), await keep(0)]).toEqual([1, 0]);
  expect(await open()).toMatchObject([
    {
      asset: id,
      severity: 'high',
      summary: expect.stringMatching(/^What stands before this device.*cellar/),
    },
  ]);
  expect(await todo()).toMatchObject({
    title: 'An enforcement point has fallen silent',
    why: expect.stringContaining('1 life-critical device is kept apart by the policy: an attack may reach'),
    severity: 'high',
    harms: ['patient', 'operations'],
  });
  await report(text(104));
  expect([await keep(0), await open(), await todo()]).toEqual([1, [], undefined]);
  await client.query(`update asset set criticality = 'unknown' where id = $1`, [id]);
  await database.destroy();
});

it('says which version a point runs when another is in force, and which point is silent', async () => {
  await inForce(text(105));
  expect(kinds(await report(text(104)))).toEqual(['outdated', 'differs']);
  await client.query(`update enforcement_point set reported = reported - 3600000000`);
  const [point] = (await overview()).points;
  expect(kinds(point!.drift)).toEqual(['silent', 'outdated', 'differs']);
  const removed = await server.post(`enforcement/points/${point!.id}/removal`, { reason });
  expect(removed.status).toBe(200);
  expect((await overview()).points).toEqual([]);
});

it('traffic that the policy in force denies becomes an alert of the watch, and none that began before', async () => {
  const drifts = async () => (await server.get<AlertList>('watch/alerts?detection=policy-drift')).items;
  expect(await drifts()).toEqual([]);
  const now = Date.now() * 1000;
  await hear(4, [conversation(pc, store, now), conversation(store, pump, now)]);
  const found = await until(drifts, (items) => items.length > 0);
  expect(found.map(({ severity, basis }) => `${severity} ${basis}`)).toEqual([
    'medium policy',
    'medium policy',
  ]);
  const why = found.map(({ summary }) => summary.replace(/.* denies it: /, ''));
  expect(new Set(why)).toEqual(
    new Set(['nothing declares it.', 'conduit desks-to-stores does not declare it.']),
  );
});
