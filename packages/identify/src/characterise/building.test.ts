import { loadKnowledge } from '@wardline/knowledge';
import type { Asset, Sighting } from '@wardline/model';
import { expect, test } from 'vitest';
import { identify } from '../identify.ts';
import { at, sighting } from '../testing/observe.ts';

const knowledge = loadKnowledge();
const host = at('02:00:00:00:00:01', '10.0.0.1');

function assetOf(...sightings: Sighting[]): Asset {
  return identify({ sightings, conversations: [], decisions: [] }, knowledge).assets[0]!;
}

const answer = (unit: number) => {
  const facts = { role: 'server', unit, function: 'read-coils', access: 'read' } as const;
  return sighting('modbus.use', host, facts, { port: 502 });
};
const identification = (unit: number) =>
  sighting('modbus.identification', host, {
    unit,
    vendor: 'Schneider Electric',
    productCode: 'TM221',
    revision: '1.6',
  });

test('takes what a Modbus device says of itself', () => {
  expect(assetOf(answer(1), identification(1))).toMatchObject({
    vendor: { value: 'Schneider Electric' },
    model: { value: 'TM221' },
    software: { value: '1.6' },
    class: { value: 'building-controller' },
  });
});

test('does not take a device behind a Modbus gateway for the gateway', () => {
  const gateway = assetOf(answer(1), answer(2), answer(255), identification(2));
  expect(gateway).toMatchObject({ class: { value: 'device-server' }, vendor: { value: null } });
  expect(assetOf(answer(1), answer(2), identification(255)).model.value).toBe('TM221');
});

test('takes what a BACnet device says of itself, and its maker by number', () => {
  const device = sighting('bacnet.device', host, { instance: 7, vendorId: 5 }, { port: 47_808 });
  const read = sighting('bacnet.identification', host, {
    instance: 7,
    model: 'FX-16',
    firmware: '6.2',
    location: 'Plant room',
  });
  expect(assetOf(device, read)).toMatchObject({
    vendor: { value: 'Johnson Controls' },
    model: { value: 'FX-16' },
    software: { value: '6.2' },
    class: { value: 'building-controller' },
  });
});

test('does not take a device behind a BACnet router for the router', () => {
  const behind = 'network 5 address 0a';
  const read = sighting('bacnet.identification', host, { instance: 7, model: 'FX-16', behind });
  expect(assetOf(read).model.value).toBeNull();
});

test('knows a telephone by what it calls itself', () => {
  const facts = { role: 'client', method: 'REGISTER', software: 'Yealink SIP-T46S 66.85.0.5' } as const;
  expect(assetOf(sighting('sip.agent', host, facts, { port: 5060 }))).toMatchObject({
    vendor: { value: 'Yealink' },
    model: { value: 'T46S' },
    class: { value: 'voip-phone' },
  });
});
