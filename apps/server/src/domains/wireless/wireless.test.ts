import type {
  AccessPoint,
  Alert,
  BluetoothDevice,
  Endpoint,
  Facts,
  HeardNetwork,
  NfcChecklist,
  SensorBatch,
  Sighting,
  WatchStatusList,
} from '@wardline/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runServer, type TestServer, until } from '../../testing/running-server.ts';
import { batch, EPOCH, sighting } from '../../testing/synthetic.ts';

const reason = 'a test of the air';
const radio = (last: string): Endpoint => ({ mac: `00:11:22:33:44:${last}`, ip: null, vlan: null });
const beacon = (at: Endpoint, ssid: string, second: number): Sighting => ({
  ...sighting(at, EPOCH + second * 1_000_000),
  kind: 'wifi.network',
  facts: {
    ssid,
    security: 'wpa2',
    authentication: ['802.1x'],
    ciphers: ['ccmp'],
    managementFrames: 'optional',
  } satisfies Facts['wifi.network'],
});

let server: TestServer;
let number = 0;
const send = async (sightings: Sighting[]) => {
  const body: SensorBatch = { ...batch(++number, 0, 'air'), sightings };
  expect((await server.post('intake/batches', body)).status).toBe(200);
};
const approve = (items: { ssid: string; bssid: string }[]) =>
  server.post('wireless/access-points', { items, reason });
const held = async () => (await server.get<{ items: AccessPoint[] }>('wireless/access-points')).items;
const heard = async () => (await server.get<{ items: HeardNetwork[] }>('wireless/networks')).items;
const watched = async () =>
  (await server.get<WatchStatusList>('watch/status')).sites.reduce((sum, site) => sum + site.batches, 0);
const alerts = async () =>
  (await server.get<{ items: Alert[] }>('watch/alerts')).items.filter(
    ({ detection }) => detection === 'rogue-access-point',
  );

beforeAll(async () => {
  server = await runServer();
});
afterAll(() => server?.close());

describe('the air', () => {
  it('is told without a word on whose a network is while nobody keeps a list', async () => {
    await send([beacon(radio('01'), 'ward', 0), beacon(radio('66'), 'ward', 1)]);
    const found = await until(heard, (items) => items.length === 2);
    expect(found.map(({ approved }) => approved)).toEqual([null, null]);
    // What waits to be watched would be judged by a list that is kept meanwhile.
    await until(watched, (batches) => batches === 1);
    expect(await alerts()).toEqual([]);
  });

  it('is held against the list once people keep one', async () => {
    expect((await approve([{ ssid: 'ward', bssid: '00:11:22:33:44:0*' }])).status).toBe(200);
    const found = await heard();
    expect(new Map(found.map(({ bssid, approved }) => [bssid, approved]))).toEqual(
      new Map([
        ['00:11:22:33:44:66', false],
        ['00:11:22:33:44:01', true],
      ]),
    );
  });

  it('tells of who takes a name on the list, and of nobody who stands on it', async () => {
    await send([beacon(radio('02'), 'ward', 60), beacon(radio('77'), 'ward', 61)]);
    const found = await until(alerts, (items) => items.length > 0);
    expect(found.map(({ actor }) => actor?.mac)).toEqual(['00:11:22:33:44:77']);
    expect(found[0]).toMatchObject({ severity: 'high', confidence: 'high' });
  });

  it('keeps each line once, and on record when it is taken off', async () => {
    expect((await approve([{ ssid: 'ward', bssid: '00:11:22:33:44:0*' }])).status).toBe(409);
    const [one] = await held();
    const removal = { ids: [one!.id], reason };
    expect((await server.post('wireless/access-points/removal', removal)).status).toBe(200);
    expect(await held()).toEqual([]);
    expect((await server.post('wireless/access-points/removal', removal)).status).toBe(404);
    expect((await heard()).every(({ approved }) => approved === null)).toBe(true);
  });

  it.each([
    ['no address', { ssid: 'ward', bssid: 'ward' }],
    ['everything', { ssid: 'ward', bssid: '*' }],
    ['a name that no frame can hold', { ssid: 'ä'.repeat(17), bssid: '00:11:22:33:44:01' }],
  ])('takes no line with %s', async (_, item) => {
    expect((await approve([item])).status).toBe(400);
  });
});

describe('what is near', () => {
  it('tells devices of Bluetooth, those of care first, each with its asset', async () => {
    const advert = (last: string, facts: Facts['ble.advert'], second: number): Sighting => ({
      ...sighting(radio(last), EPOCH + second * 1_000_000),
      kind: 'ble.advert',
      facts,
    });
    await send([
      advert('a1', { address: 'static', services: ['fd6f'] }, 9),
      advert(
        'a2',
        { address: 'public', services: ['glucose', '180a'], appearance: 'glucose', name: 'meter+1' },
        3,
      ),
    ]);
    const devices = async () => (await server.get<{ items: BluetoothDevice[] }>('wireless/bluetooth')).items;
    const found = await until(devices, (items) => items.length === 2);
    expect(found).toMatchObject([
      {
        address: '00:11:22:33:44:a2',
        services: ['glucose'],
        otherServices: ['180a'],
        name: 'meter+1',
        addressKind: 'public',
      },
      { address: '00:11:22:33:44:a1', services: [], otherServices: ['fd6f'], name: null },
    ]);
    expect(found.every(({ asset }) => asset !== '')).toBe(true);
  });

  it('keeps what people found of NFC, and holds what nobody looked at for unknown', async () => {
    const list = () => server.get<NfcChecklist>('wireless/nfc');
    expect(new Set((await list()).items.map(({ answer }) => answer))).toEqual(new Set(['unknown']));
    const body = { item: 'badge', answer: 'not-met', reason: 'MIFARE Classic in wards 1 to 4' };
    expect((await server.post('wireless/nfc', body)).status).toBe(200);
    expect((await list()).items.find(({ id }) => id === 'badge')).toMatchObject({
      answer: 'not-met',
      note: body.reason,
      isOld: false,
    });
    expect((await server.post('wireless/nfc', { ...body, item: 'nothing' })).status).toBe(404);
    expect((await server.post('wireless/nfc', { ...body, site: 99 })).status).toBe(404);
  });
});
