import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type {
  Endpoint,
  FactKind,
  Facts,
  SensorBatch,
  Sighting,
  SupplicantNetwork,
  SupplicantReadinessList,
} from '@wardline/model';
import {
  fromPem,
  issueRoot,
  issueZone,
  keySigner,
  parseCertificate,
  parseRequest,
  toPem,
} from '@wardline/pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runServer, type TestServer, until } from '../../../testing/running-server.ts';
import { batch, EPOCH, sighting } from '../../../testing/synthetic.ts';

const reason = 'a test of joining';
const device = (last: string): Endpoint => ({ mac: `00:1b:d3:00:00:${last}`, ip: null, vlan: null });
const radio: Endpoint = { mac: '00:11:22:33:44:01', ip: null, vlan: null };
const seen = <K extends FactKind>(kind: K, at: Endpoint, facts: Facts[K]): Sighting => ({
  ...sighting(at, EPOCH),
  kind,
  facts: facts as Sighting['facts'],
});
const scope = {
  organization: 'Wardline General',
  zone: 'icu',
  domain: 'icu.devices.hospital.example',
  mailDomain: null,
};
const servers = [`radius.${scope.domain}`];
const moment = () => ({ at: Date.now() * 1000, random: randomBytes(16) });

let server: TestServer;
const readiness = (query = '') => server.get<SupplicantReadinessList>(`supplicants/readiness${query}`);
const states = ({ items }: SupplicantReadinessList) =>
  new Map(items.map(({ asset, state }) => [asset.slice(-2), state]));

/** What the ceremony does far from the server. */
async function ceremony(): Promise<void> {
  const signer = keySigner(generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey);
  const top = parseCertificate(await issueRoot(signer, scope.organization, 20, moment()));
  if (!top.ok) throw new Error(top.refused.message);
  const made = (await (await server.post('trust/authorities', { ...scope, reason })).json()) as {
    request: string;
  };
  const asked = parseRequest(fromPem(made.request, 'CERTIFICATE REQUEST')[0]!);
  if (!asked.ok) throw new Error(asked.refused.message);
  const order = { key: asked.value.publicKey, scope, days: 1825, list: null };
  const zone = await issueZone({ signer, certificate: top.value }, order, moment());
  const [certificate, root] = [zone, top.value.der].map((der) => toPem('CERTIFICATE', der));
  const answer = await server.post('trust/authorities/certificate', { certificate, root, reason });
  expect(answer.status).toBe(200);
}

beforeAll(async () => {
  server = await runServer();
  const sightings = [
    seen('eapol.party', device('01'), { role: 'supplicant', method: 'TLS' }),
    seen('eapol.party', device('02'), { role: 'supplicant', method: 'PEAP' }),
    // The other end of the same exchange shows nothing of itself.
    seen('eapol.party', device('03'), { role: 'authenticator', method: 'TLS' }),
    seen('wifi.client', device('04'), { bssid: radio.mac!, encrypted: true }),
    seen('wifi.network', radio, {
      ssid: 'ward',
      security: 'wpa3',
      authentication: ['802.1x-sha256'],
      ciphers: ['ccmp'],
      managementFrames: 'required',
    }),
  ];
  const body: SensorBatch = { ...batch(1, 0, 'air'), sightings };
  expect((await server.post('intake/batches', body)).status).toBe(200);
  await until(readiness, (list) => ['01', '02', '03', '04'].every((last) => states(list).has(last)));
});
afterAll(() => server?.close());

describe('joining by certificate', () => {
  it('is judged by what was seen, and unknown where nothing was', async () => {
    const list = await readiness();
    expect(Object.fromEntries(states(list))).toMatchObject({
      '01': 'in-use',
      '02': 'other-method',
      '03': 'unknown',
      '04': 'ask-maker',
    });
    const onAir = list.items.find(({ asset }) => asset.endsWith('04'))!;
    expect(onAir.managementFrames).toBe('required');
    expect(onAir.grounds[0]!.text).toContain('the network “ward” (WPA3), which takes 802.1X alone');
    const unknown = await readiness('?state=unknown');
    expect(unknown.items.every(({ state }) => state === 'unknown')).toBe(true);
    expect(unknown.counts).toEqual(list.counts);
    expect(unknown.items).toHaveLength(list.counts.unknown);
  });

  it('takes no network whose server nobody could know, then one, once', async () => {
    const ward = { name: 'ward', medium: 'wifi', ssid: 'ward', servers, reason };
    expect((await server.post('supplicants/networks', ward)).status).toBe(409);
    await ceremony();
    const elsewhere = { ...ward, servers: ['radius.elsewhere.example'] };
    expect((await server.post('supplicants/networks', elsewhere)).status).toBe(409);
    expect((await server.post('supplicants/networks', { ...ward, servers: ['*.example'] })).status).toBe(400);
    expect((await server.post('supplicants/networks', ward)).status).toBe(200);
    expect((await server.post('supplicants/networks', { ...ward, name: 'WARD' })).status).toBe(409);
    const { items } = await server.get<{ items: SupplicantNetwork[] }>('supplicants/networks');
    expect(items).toMatchObject([
      { name: 'ward', managementFrames: 'required', servers: [{ name: servers[0], until: null }] },
    ]);
  });

  it('gives a profile to a zone that has an authority, and to no device without a certificate', async () => {
    const { items } = await server.get<{ items: SupplicantNetwork[] }>('supplicants/networks');
    const path = `/api/v1/supplicants/networks/${items[0]!.id}/file`;
    const file = async (query: string) => {
      const answer = await server.raw(`${path}?format=wpa-supplicant&${query}`);
      return { status: answer.status, body: (await answer.json()) as { text: string } };
    };
    const given = await file('zone=icu');
    expect(given.body.text).toContain(`identity="anonymous@${scope.domain}"`);
    expect(given.body.text).toContain(`domain_match="${servers[0]}"`);
    expect((await file('zone=radiology')).status).toBe(409);
    expect((await file(`asset=mac-001bd3000001`)).status).toBe(409);
    expect((await file('')).status).toBe(400);
    expect((await file('zone=icu&folder=/etc/%22')).status).toBe(400);
  });

  it('is taken back under the ledger', async () => {
    const held = () => server.get<{ items: SupplicantNetwork[] }>('supplicants/networks');
    const [{ id }] = (await held()).items as [SupplicantNetwork];
    expect((await server.post(`supplicants/networks/${id}/removal`, { reason })).status).toBe(200);
    expect((await server.post(`supplicants/networks/${id}/removal`, { reason })).status).toBe(404);
    expect((await held()).items).toEqual([]);
    const entries = await server.get<{ items: { action: string }[] }>('ledger?limit=10');
    const actions = entries.items.map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(['supplicant.add', 'supplicant.remove']));
  });
});
