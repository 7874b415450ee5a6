import type {
  AlertList,
  AssetRow,
  Behaviour,
  ClassBehaviourList,
  Conversation,
  SensorBatch,
  WatchStatusList,
} from '@wardline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runServer, type TestServer, until } from '../../../testing/running-server.ts';

const reason = 'a test of what a kind does';
const HOUR = 3_600_000_000;
const start = Date.now() * 1000 - 48 * HOUR;
let server: TestServer;
let number = 0;

const endpoint = (last: number) => ({
  mac: `02:00:00:00:08:${last.toString(16).padStart(2, '0')}`,
  ip: `10.8.0.${last}`,
  vlan: null,
});

function talk(from: number, to: number, hour: number, serverPort = 5000): Conversation {
  const firstSeen = start + hour * HOUR + from * 1_000_000;
  return {
    client: endpoint(from),
    server: endpoint(to),
    serverPort,
    transport: 'tcp',
    application: null,
    protection: 'unknown',
    basis: 'syn',
    slice: firstSeen - (firstSeen % 300_000_000),
    firstSeen,
    lastSeen: firstSeen + 1_000_000,
    packetsFromClient: 9,
    packetsFromServer: 9,
    bytesFromClient: 2000,
    bytesFromServer: 500,
    connections: { opened: 1, established: 1, refused: 0, unanswered: 0, closed: 1, reset: 0 },
    facts: {},
    evidence: { capture: 'kinds.pcap', packet: hour + 1 },
  };
}

async function post<T>(path: string, body: object, expected = 200): Promise<T> {
  const response = await server.post(path, body);
  expect(response.status, await response.clone().text()).toBe(expected);
  return (await response.json()) as T;
}

async function send(conversations: Conversation[]): Promise<void> {
  number += 1;
  const statistics = { packets: 0, bytes: 0, dropped: {}, evicted: {} };
  const batch: SensorBatch = {
    sensor: 'test',
    stream: 'kinds',
    number,
    last: false,
    conversations,
    sightings: [],
    statistics,
  };
  await post('intake/batches', batch);
  await until(
    () => server.get<WatchStatusList>('watch/status'),
    ({ sites: [site] }) => site !== undefined && site.waiting === 0 && site.batches >= number,
  );
}

const assetOf = async (last: number): Promise<string> => {
  const known = await until(
    () => server.get<{ items: AssetRow[] }>(`assets?q=10.8.0.${last}`),
    ({ items }) => items.some(({ ips }) => ips.includes(`10.8.0.${last}`)),
  );
  return known.items.find(({ ips }) => ips.includes(`10.8.0.${last}`))!.id;
};
const approve = async (last: number, value: string) =>
  post(`assets/${await assetOf(last)}/approvals`, { attribute: 'class', value, reason });
const classes = async () =>
  (await server.get<ClassBehaviourList>('watch/sites/1/classes?class=infusion-pump')).items[0]!;
const behaviour = async (last: number) => server.get<Behaviour>(`assets/${await assetOf(last)}/behaviour`);
const peers = async (last: number) =>
  (await server.get<AlertList>(`watch/alerts?detection=new-peer&q=10.8.0.${last}`)).items;

beforeAll(async () => {
  server = await runServer();
  const hours = Array.from({ length: 30 }, (_, hour) => [1, 2, 3].map((pump) => talk(pump, 20, hour))).flat();
  await send([...hours, ...Array.from({ length: 30 }, (_, hour) => talk(1, 30, hour, 6666))]);
  for (const pump of [1, 2, 3]) await approve(pump, 'infusion-pump');
  await post('watch/sites/1/learning', { order: 'end', reason });
});
afterAll(() => server?.close());

it('tells what devices of a kind do, each habit with how many have it', async () => {
  const pump = await classes();
  expect(pump).toMatchObject({ label: 'Infusion pump', members: 3, heldBack: 0, young: 0, judges: true });
  expect(pump.habits.map(({ words, have, of, counts }) => [words, have, of, counts])).toEqual([
    ['uses tcp/5000 of 10.8.0.20', 3, 3, true],
    ['uses tcp/6666 of 10.8.0.30', 1, 3, false],
  ]);
  expect(Math.max(...pump.week)).toBe(3);
});

it('shows a device beside its kind', async () => {
  // The order to end learning is carried out behind what came before.
  const found = await until(
    () => behaviour(1),
    ({ judgedBy }) => judgedBy !== 'learning',
  );
  expect(found).toMatchObject({
    judgedBy: 'own',
    own: { device: '10.8.0.1', young: false, heldBack: false },
    class: { name: 'infusion-pump', members: 3 },
    habits: [
      { words: 'uses tcp/5000 of 10.8.0.20', own: true, have: 3 },
      { words: 'uses tcp/6666 of 10.8.0.30', own: true, have: 1 },
    ],
  });
  expect((await behaviour(2)).habits.map(({ own }) => own)).toEqual([true, false]);
  expect((await behaviour(20)).class).toBeNull();
});

it('judges a device that is new by its kind', async () => {
  await send([talk(4, 20, 40)]);
  await approve(4, 'infusion-pump');
  expect(await behaviour(4)).toMatchObject({ judgedBy: 'class', own: null });
  // A minute at the most until the watch knows the class: an act of learning makes it look anew.
  await post('watch/sites/1/classes/review', {
    class: 'infusion-pump',
    habit: 's|tcp/1',
    verdict: 'not-normal',
    reason,
  });
  await send([talk(4, 20, 41), talk(4, 31, 41, 7777)]);
  const [alert, ...others] = await until(
    () => peers(4),
    (items) => items.length > 0,
  );
  expect(others).toEqual([]);
  expect(alert!.summary).toContain('None of the 3 others of its kind (infusion pump) does.');
  expect(alert!.facts).toMatchObject({ kind: 'infusion-pump', others: 3, othersWho: 0 });
});

it('is reviewed by a person: what one alone does may be normal, and what all do need not be', async () => {
  const said = (habit: string, verdict: string | null, expected = 200) =>
    post('watch/sites/1/classes/review', { class: 'infusion-pump', habit, verdict, reason }, expected);
  await said('c|10.8.0.30|tcp/6666', 'normal');
  await said('c|10.8.0.20|tcp/5000', 'not-normal');
  expect((await classes()).habits.map(({ counts, verdict }) => [counts, verdict])).toEqual([
    [false, 'not-normal'],
    [true, 'normal'],
  ]);
  await send([talk(4, 30, 42, 6666), talk(2, 20, 42)]);
  const [alert] = await until(
    () => peers(2),
    (items) => items.length > 0,
  );
  expect(alert!.summary).toContain('which a person called not normal for its kind');
  expect((await peers(4)).flatMap(({ targets }) => targets.map(({ ip }) => ip))).toEqual(['10.8.0.31']);
  await said('c|10.8.0.20|tcp/5000', null);
  await said('c|10.8.0.20|tcp/5000', null, 409);
  await post(
    'watch/sites/2/classes/review',
    { class: 'x', habit: 's|tcp/1', verdict: 'normal', reason },
    404,
  );
});
