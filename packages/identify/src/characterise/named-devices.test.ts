import { loadKnowledge } from '@wardline/knowledge';
import type { Endpoint } from '@wardline/model';
import { expect, test } from 'vitest';
import { identify } from '../identify.ts';
import { at, sighting } from '../testing/observe.ts';

const knowledge = loadKnowledge();
const gateway = at('01', '10.0.0.1');
const pump = at('02', '10.0.0.2');

/** What the gateway says of the device with this hardware address, as the sensor states it. */
function named(mac: Endpoint['mac'], serial: string) {
  const facts = { field: 'PRT-10', identifier: serial, namespace: 'B. Braun' };
  return [
    sighting('hl7.device', gateway, facts, { peer: pump }),
    sighting('hl7.device', { mac, ip: null, vlan: null }, facts, { peer: gateway }),
  ];
}
const seen = (endpoint: Endpoint) => sighting('address.seen', endpoint, { ttl: 64 });
const assetsOf = (...sightings: ReturnType<typeof named>) =>
  identify({ sightings, conversations: [], decisions: [] }, knowledge).assets;

test('a device that was seen has the serial number that a gateway names, and the claim says who named it', () => {
  const assets = assetsOf(seen(gateway), seen(pump), ...named(pump.mac, 'IP3-900771'));
  const asset = assets.find((a) => a.macs.includes(pump.mac!));
  expect(asset?.serial.value).toBe('IP3-900771');
  const claim = asset?.claims.find((c) => c.attribute === 'serial');
  expect(claim).toMatchObject({ strength: 'medium', reason: expect.stringContaining('from 10.0.0.1') });
});

test('a device that was only named, and never seen, is no asset', () => {
  const assets = assetsOf(seen(gateway), ...named('02:00:00:00:00:77', 'IP3-900772'));
  expect(assets.flatMap((asset) => asset.macs)).toEqual([gateway.mac]);
});

test('a gateway that names one device by its hardware address does not keep that from being a device of its own', () => {
  const assets = assetsOf(
    seen(gateway),
    seen(pump),
    ...named(pump.mac, 'IP3-900771'),
    ...named('02:00:00:00:00:77', 'IP3-900772'),
  );
  const serials = new Map(assets.map((asset) => [asset.macs[0], asset.serial.value]));
  expect(serials.get(pump.mac!)).toBe('IP3-900771');
  expect(serials.get(gateway.mac!)).toBeNull();
});
