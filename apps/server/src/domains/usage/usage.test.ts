import type {
  AssetRow,
  AssetUsage,
  Conversation,
  Endpoint,
  MaintenanceWindow,
  SensorBatch,
  UsageClasses,
  UsageRow,
} from '@wardline/model';
import { type ActiveHours, addTrace, HOUR, hoursOf, traceOf } from '@wardline/watch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watchedHours } from '../../intake/listening.ts';
import { BATCH_HOURS } from '../../limits.ts';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';
import { batch, conversation, endpoint } from '../../testing/synthetic.ts';

/** Monday 0:00 in Berlin, in winter. */
const MONDAY = Date.UTC(2024, 0, 7, 23) * 1000;
const WEEKS = 4;
const ZONE = 'Europe/Berlin';
const MINUTE = HOUR / 60;
const reason = 'a test of use';

const [archive, scanner, other, clock, chatter] = [1, 2, 3, 4, 5].map(endpoint) as Endpoint[];

const said = (client: Endpoint, server: Endpoint, at: number, over: Partial<Conversation>): Conversation => ({
  ...conversation(client, server, at),
  slice: Math.floor(at / (5 * MINUTE)) * 5 * MINUTE,
  ...over,
});
const image = (from: Endpoint, at: number) =>
  said(from, archive!, at, { bytesFromClient: 900_000, bytesFromServer: 4000 });
const echo = (from: Endpoint, at: number) =>
  said(from, archive!, at, { bytesFromClient: 400, bytesFromServer: 300 });
const time = (from: Endpoint, at: number) =>
  said(from, clock!, at, {
    application: 'ntp',
    transport: 'udp',
    serverPort: 123,
    bytesFromClient: 90,
    bytesFromServer: 90,
  });

/** Hours of the four weeks, from Monday 0:00, in which they hold. */
const hoursWhere = (holds: (day: number, hour: number, week: number) => boolean) =>
  Array.from({ length: WEEKS * 168 }, (_, at) => at)
    .filter((at) => holds(Math.floor(at / 24) % 7, at % 24, Math.floor(at / 168)))
    .map((at) => MONDAY + at * HOUR);
const byDay = hoursWhere((day, hour) => day < 5 && hour >= 8 && hour < 18);
/** The second scanner works on Saturdays, too. */
const saturdays = hoursWhere((day, hour) => day === 5 && hour >= 8 && hour < 18);
/** Nobody listened: one Sunday afternoon. */
const deaf = new Set(hoursWhere((day, hour, week) => day === 6 && hour >= 12 && week === 1));
const all = hoursWhere(() => true).filter((hour) => !deaf.has(hour));

/** Somebody speaks in every five minutes that are listened to. */
const everywhere = all.flatMap((hour) =>
  [0, 10, 20, 30, 40, 50].map((minute) =>
    said(chatter!, clock!, hour + minute * MINUTE, {
      application: 'ntp',
      lastSeen: hour + (minute + 9) * MINUTE,
    }),
  ),
);
const ofScanners = [
  ...all.flatMap((hour) => [time(scanner!, hour + MINUTE), time(other!, hour + 2 * MINUTE)]),
  ...byDay.flatMap((hour) => [image(scanner!, hour + 3 * MINUTE), image(other!, hour + 4 * MINUTE)]),
  ...saturdays.flatMap((hour) => [echo(scanner!, hour + 5 * MINUTE), image(other!, hour + 5 * MINUTE)]),
];

let server: TestServer;
let number = 0;
const send = async (conversations: Conversation[], sensor = 'radiology') => {
  const body: SensorBatch = {
    ...batch(++number, 0, `weeks-${sensor}`),
    sensor,
    conversations,
    sightings: [],
  };
  const answer = await server.post('intake/batches', body);
  expect(answer.status).toBe(200);
};
const assetOf = async ({ ip }: Endpoint) =>
  (await server.get<{ items: AssetRow[] }>(`assets?q=${ip}`)).items.find(({ ips }) => ips.includes(ip!))!;
const rows = async (query = '') => (await server.get<{ items: UsageRow[] }>(`usage?${query}`)).items;

beforeAll(async () => {
  server = await runServer();
  const zone = await server.send('POST', 'sites/1', { timeZone: ZONE, reason });
  expect(zone.status).toBe(200);
  await send(everywhere);
  await send(ofScanners);
  for (const one of [scanner!, other!]) {
    const asset = await until(
      () => assetOf(one),
      (found) => found !== undefined,
    );
    const approval = { attribute: 'class', value: 'ct', reason };
    expect((await server.post(`assets/${asset.id}/approvals`, approval)).status).toBe(200);
  }
  await until(
    () => rows('use=known&class=ct'),
    (found) => found.length === 2,
  );
}, 180_000);
afterAll(() => server?.close());

const usageOf = async (one: Endpoint, weeks = WEEKS) =>
  server.get<AssetUsage>(`assets/${(await assetOf(one)).id}/usage?weeks=${weeks}`);

describe('use of devices', () => {
  it('is, hour by hour, what the same conversations tell outside the server', async () => {
    const told = await usageOf(other!);
    const active: ActiveHours = new Map();
    for (const one of ofScanners) if (one.client === other) addTrace(active, traceOf(one));
    const end = MONDAY + WEEKS * 168 * HOUR;
    const expected = hoursOf(active, MONDAY, end, { heard: (hour) => !deaf.has(hour) });
    expect(told.from).toBe('2024-01-07T23:00:00.000000Z');
    expect(told.states).toEqual(expected.map(({ state }) => state));
    expect(told.protocols).toEqual(['dicom']);
  });

  it('takes an association that only asks whether anybody is there for no use', async () => {
    const { week } = await usageOf(scanner!);
    expect([week[5 * 24 + 9], week[9]]).toEqual([0, 1]);
  });

  it('tells the week in the time of the site', async () => {
    const { week, timeZone } = await usageOf(scanner!);
    expect(timeZone).toBe(ZONE);
    expect([7, 8, 17, 18].map((hour) => week[hour])).toEqual([0, 1, 1, 0]);
  });

  it('says unknown of hours in which nobody listened, and never idle', async () => {
    const { hours, states, weekKnown } = await usageOf(scanner!);
    expect(hours.unknown).toBe(deaf.size);
    const at = ([...deaf][0]! - MONDAY) / HOUR;
    expect(states.slice(at - 1, at + 1)).toEqual(['idle', 'unknown']);
    expect([weekKnown[6 * 24 + 11], weekKnown[6 * 24 + 12]]).toEqual([4, 3]);
  });

  it('proposes windows with what they rest on', async () => {
    const { windows } = await usageOf(scanner!);
    expect(windows.find(({ day }) => day === 6)).toMatchObject({
      fromHour: 0,
      hours: 24,
      times: 3,
      timesInUse: 0,
    });
    expect(windows.find(({ day }) => day === 0)).toMatchObject({ fromHour: 0, hours: 8, times: 4 });
    expect((await usageOf(scanner!, 2)).windows).toEqual([]);
  });

  it('lists the fleet with the most used first, and tells no use where none shows', async () => {
    const used = await rows('use=known&sort=utilisation&order=desc');
    const names = used.map(({ asset }) => asset);
    const [first, second] = [await assetOf(other!), await assetOf(scanner!)];
    expect(names.indexOf(first.id)).toBeLessThan(names.indexOf(second.id));
    expect(used.find(({ asset }) => asset === second.id)!.utilisation).toBeCloseTo(200 / (672 - deaf.size));
    const chatterRow = (await rows('use=unknown')).find(({ utilisation }) => utilisation !== null);
    expect(chatterRow).toBeUndefined();
    const known = (await rows('use=unknown')).map(({ asset }) => asset);
    expect(known).toContain((await assetOf(chatter!)).id);
  });

  it('tells the list as a table', async () => {
    const text = await (await server.raw('/api/v1/usage.csv?use=known&class=ct')).text();
    expect(text.split('\r\n').filter(Boolean)).toHaveLength(3);
    expect(text).toContain('Europe/Berlin');
  });

  it('leaves a class no hour in which one of its devices is in use', async () => {
    const { items, all: together } = await server.get<UsageClasses>('usage/classes');
    const ct = items.find((one) => one.class === 'ct')!;
    expect(ct).toMatchObject({ devices: 2, knownDevices: 2, timeZone: ZONE });
    expect(ct.windows.filter(({ day }) => day === 5)).toMatchObject([{ fromHour: 0, hours: 8 }]);
    expect(ct.week[5 * 24 + 9]).toBeCloseTo(0.5);
    expect(together.windows).toEqual([]);
    expect(together.devices).toBeGreaterThan(2);
  });

  it('makes a part of a proposed window a maintenance window, with what it rests on on record', async () => {
    const body = { on: 'class', onId: 'ct', day: 5, fromHour: 2, hours: 4, note: 'agreed', reason };
    expect((await server.post('usage/windows', body)).status).toBe(200);
    const { items } = await server.get<{ items: MaintenanceWindow[] }>('maintenance-windows');
    expect(items).toMatchObject([
      { on: 'class', day: 5, fromHour: 2, hours: 4, timeZone: ZONE, note: 'agreed' },
    ]);
    const ledger = await server.get<{ items: { action: string; changes: object }[] }>(
      'ledger?action=usage.adopt',
    );
    expect(ledger.items[0]).toMatchObject({
      action: 'usage.adopt',
      changes: { window: items[0]!.id, times: 4, timesInUse: 0, devices: 2, knownDevices: 2 },
    });
  });

  it('adopts nothing that is not proposed', async () => {
    const body = { on: 'class', onId: 'ct', day: 5, fromHour: 6, hours: 4, reason };
    expect((await server.post('usage/windows', body)).status).toBe(409);
    const asset = { ...body, on: 'asset', onId: (await assetOf(other!)).id };
    expect((await server.post('usage/windows', asset)).status).toBe(409);
    const nobody = await server.post('usage/windows', { ...body, onId: 'no-such-class' });
    expect(nobody.status).toBe(404);
  });

  it('learns of an hour that is told of later, and by another sensor hears only whom that one hears', async () => {
    const late = [...deaf][0]!;
    number = 0;
    await send([image(scanner!, late + MINUTE)], 'theatre');
    const at = (late - MONDAY) / HOUR;
    const { states } = await until(
      () => usageOf(scanner!),
      (found) => found.states[at] === 'in-use',
    );
    expect(states[at + 1]).toBe('unknown');
    expect((await usageOf(other!)).states[at]).toBe('unknown');
  });
});

it('marks no more hours for one batch than a month has, whatever its clock says', () => {
  const wild = Array.from({ length: 3000 }, (_, at) => conversation(scanner!, archive!, at * 7 * HOUR));
  expect(watchedHours(wild).size).toBe(BATCH_HOURS);
});
