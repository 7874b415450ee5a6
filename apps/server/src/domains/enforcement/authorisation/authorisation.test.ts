import type { Enforcement, HoldPreview, HoldRow, PointGround } from '@wardline/model';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '../../../testing/acts/stage.ts';
import { runServer, type TestServer, until } from '../../../testing/running-server.ts';
import { askAs, type Somebody, signIn } from '../../../testing/sign-in.ts';
import { conversation, endpoint, sighting } from '../../../testing/synthetic.ts';

// What is known of devices changes; what becomes of them under the policy in force is worked out by the real server.

const [pump, vital, store] = [endpoint(1), endpoint(2), endpoint(3)];
const reason = 'a test of authorisation';
const heard = Date.now() * 1000 - 3_600_000_000;
let server: TestServer;
let client: pg.Client;
let writer: Somebody;
let approver: Somebody;
let ids: Record<'pump' | 'vital' | 'store', string>;

const text = () => `policy "Ward" version 1
undeclared enforce
zone pumps
  members asset in (${ids.pump}, ${ids.vital}) and not location is "Apart"
zone apart
  members location is "Apart"
zone stores
  addresses ${store.ip}
conduit pumps-to-stores
  from pumps
  to stores
  allow tcp 104
  mode enforce
`;

async function answer<T>(who: Somebody, path: string, body: object): Promise<T> {
  const response = await askAs(server.url, who, 'POST', path, body);
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) as T;
}

async function inForce(policy: string): Promise<void> {
  const draft = { name: 'Ward', text: policy, reason };
  const { id } = await answer<{ id: string }>(writer, 'segmentation/drafts', draft);
  const { number } = await answer<{ number: number }>(writer, `segmentation/drafts/${id}/proposal`, {
    reason,
  });
  await answer(approver, `segmentation/versions/${number}/approval`, { reason, cutLifeCritical: 100 });
}

/** A person says what a device is, or where; devices are authorised again by that. */
async function approve(asset: string, attribute: string, value: string): Promise<void> {
  const response = await server.post(`assets/${asset}/approvals`, { attribute, value, reason });
  expect(response.status, await response.clone().text()).toBe(200);
}
const place = (asset: string, location: string) => approve(asset, 'location', location);
const acts = async (action: string, subject: string) =>
  (
    await client.query<{ changes: Record<string, unknown> }>(
      'select changes from ledger where action = $1 and subject = $2 order by sequence',
      [action, subject],
    )
  ).rows.map(({ changes }) => changes);
const news = () => server.get<{ revision: string }>('enforcement/news/cellar');
const holds = () => server.get<{ items: HoldRow[] }>('enforcement/holds');
const ground = () => server.get<PointGround>('enforcement/ground/cellar');
const zoneOf = async (asset: string) =>
  (await client.query<{ zones: string[] }>('select zones from authorised_asset where asset = $1', [asset]))
    .rows[0]?.zones;

beforeAll(async () => {
  server = await runServer();
  client = await connect(server);
  [writer, approver] = [
    await signIn(client, 'Who writes', 'network-engineer'),
    await signIn(client, 'Who approves', 'biomedical-engineer'),
  ];
  await server.post('intake/batches', {
    sensor: 'test',
    stream: 'made-up',
    number: 1,
    last: false,
    conversations: [conversation(pump, store, heard), conversation(vital, store, heard)],
    sightings: [pump, vital, store].map((subject) => sighting(subject, heard)),
    statistics: { packets: 3, bytes: 100, dropped: {}, evicted: {} },
  });
  const { items } = await until(
    () => server.get<{ items: { id: string; ips: string[] }[] }>('assets'),
    (page) => page.items.length === 3,
  );
  const idOf = (ip: string | null) => items.find(({ ips }) => ips.includes(ip ?? ''))!.id;
  ids = { pump: idOf(pump.ip), vital: idOf(vital.ip), store: idOf(store.ip) };
  await approve(ids.vital, 'criticality', 'life-critical');
  await until(
    () => server.get<{ items: unknown[] }>('assets?criticality=life-critical'),
    (page) => page.items.length === 1,
  );
  await server.post('enforcement/points', { name: 'cellar', reason });
});
afterAll(async () => {
  await client?.end();
  await server?.close();
});

it('authorises every device when a version comes into force, and says so in one act', async () => {
  await inForce(text());
  const { revision } = await until(news, (value) => value.revision !== null);
  expect(revision).toMatch(/^[0-9a-f]{64}$/);
  expect([await zoneOf(ids.pump), await zoneOf(ids.vital)]).toEqual([['pumps'], ['pumps']]);
  expect(await acts('authorisation.renew', 'policy:1')).toEqual([{ version: 1, devices: 3, inZones: 2 }]);
});

it('moves a device whose attributes changed, with an act that says which, and tells points that theirs is old', async () => {
  const before = (await news()).revision;
  await place(ids.pump, 'Apart');
  await until(news, ({ revision }) => revision !== before);
  expect(await zoneOf(ids.pump)).toEqual(['apart']);
  expect(await acts('authorisation.move', `asset:${ids.pump}`)).toEqual([
    {
      version: 1,
      from: ['pumps'],
      to: ['apart'],
      because: [{ attribute: 'location', was: [], is: ['Apart'] }],
    },
  ]);
  const { assets, macs, revision } = await ground();
  expect(assets.find(({ id }) => id === ids.pump)!.attributes.location).toEqual(['Apart']);
  expect([macs[ids.pump], revision]).toEqual([[pump.mac], (await news()).revision]);
});

it('leaves a life-critical device where it is, hands it out as it was, and asks a person with what would end', async () => {
  const before = (await news()).revision;
  await place(ids.vital, 'Apart');
  const [hold] = (await until(holds, ({ items }) => items.length > 0)).items;
  expect(hold).toMatchObject({
    asset: ids.vital,
    criticality: 'life-critical',
    from: ['pumps'],
    to: ['apart'],
  });
  expect((await news()).revision).toBe(before);
  const handed = (await ground()).assets.find(({ id }) => id === ids.vital)!;
  expect(handed.attributes.location).toEqual([]);
  expect(await acts('authorisation.hold', `asset:${ids.vital}`)).toHaveLength(1);
  const preview = await server.get<HoldPreview>(`enforcement/holds/${ids.vital}/preview`);
  expect(preview).toMatchObject({ ends: 1, endsLifeCritical: 1 });
  expect(preview.endRows[0]).toMatchObject({ client: { asset: ids.vital }, server: { asset: ids.store } });
  // What a point runs is proved over devices as they count, so that a device that is held is no drift.
  const { files } = (await (
    await server.post('segmentation/compilation', { text: text(), target: 'nftables' })
  ).json()) as { files: { text: string }[] };
  expect(files[0]!.text).not.toContain(vital.ip!);
});

it('a person has it stay, or follow; what changes back waits no more', async () => {
  const decide = (follow: boolean) =>
    answer(approver, `enforcement/holds/${ids.vital}/decision`, { follow, reason });
  await decide(false);
  expect((await holds()).items[0]).toMatchObject({ kept: true });
  await place(ids.vital, 'Ward 3');
  await until(holds, ({ items }) => items.length === 0);
  expect(await acts('authorisation.lapse', `asset:${ids.vital}`)).toHaveLength(1);
  await place(ids.vital, 'Apart');
  await until(holds, ({ items }) => items.length === 1);
  const before = (await news()).revision;
  await decide(true);
  expect([(await holds()).items, await zoneOf(ids.vital)]).toEqual([[], ['apart']]);
  expect((await news()).revision).not.toBe(before);
  const late = await askAs(server.url, approver, 'POST', `enforcement/holds/${ids.vital}/decision`, {
    follow: true,
    reason,
  });
  expect(late.status).toBe(409);
  const { points } = await server.get<Enforcement>('enforcement');
  expect(points.map(({ name }) => name)).toEqual(['cellar']);
});
