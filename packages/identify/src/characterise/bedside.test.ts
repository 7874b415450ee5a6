import { loadKnowledge } from '@wardline/knowledge';
import { expect, test } from 'vitest';
import { identify } from '../identify.ts';
import { at, sighting } from '../testing/observe.ts';

const knowledge = loadKnowledge();
const device = at(null, '10.0.0.9');
const assetOf = (...sightings: ReturnType<typeof sighting>[]) =>
  identify({ sightings, conversations: [], decisions: [] }, knowledge).assets[0]!;

test('an instrument that sends results by ASTM is an analyser of the model in its header', () => {
  const facts = {
    role: 'instrument',
    senderName: 'ARCHITECT',
    senderParts: ['8.10', 'F3453010030'],
    software: '8.10',
    serial: 'F3453010030',
    recordTypes: ['H', 'P', 'O', 'R', 'L'],
  } as const;
  const asset = assetOf(
    sighting('astm.endpoint', device, {
      ...facts,
      senderParts: [...facts.senderParts],
      recordTypes: ['H', 'R'],
    }),
  );
  expect([
    asset.vendor.value,
    asset.model.value,
    asset.serial.value,
    asset.software.value,
    asset.class.value,
  ]).toEqual(['Abbott', 'ARCHITECT', 'F3453010030', '8.10', 'lab-analyser']);
});

test('a known maker in front leaves the model to the next component', () => {
  const facts = {
    role: 'instrument',
    senderName: 'Sysmex',
    senderParts: ['XN-1000'],
    recordTypes: ['H', 'R'],
  } as const;
  const asset = assetOf(
    sighting('astm.endpoint', device, { ...facts, senderParts: ['XN-1000'], recordTypes: ['H', 'R'] }),
  );
  expect([asset.vendor.value, asset.model.value]).toEqual(['Sysmex', 'XN-1000']);
});

test('whoever sends orders, or the results of several instruments, is the information system', () => {
  const host = { role: 'host', senderName: 'LIS', recordTypes: ['H', 'O'] } as const;
  expect(assetOf(sighting('astm.endpoint', device, { ...host, recordTypes: ['H'] })).class.value).toBe('lis');
  const many = ['XN-1000', 'CA-600'].map((senderName) =>
    sighting('astm.endpoint', device, { role: 'instrument', senderName, recordTypes: ['H'] }),
  );
  expect(assetOf(...many)).toMatchObject({ class: { value: 'lis' }, model: { value: null } });
});

test('a point-of-care device is what its first message says, and its model shows the kind', () => {
  const asset = assetOf(
    sighting('poct.device', device, {
      vendor: 'Roche',
      model: 'Accu-Chek Inform II',
      serial: 'UU13004417',
      software: '4.2',
    }),
  );
  expect([
    asset.vendor.value,
    asset.model.value,
    asset.serial.value,
    asset.software.value,
    asset.class.value,
  ]).toEqual(['Roche', 'Accu-Chek Inform II', 'UU13004417', '4.2', 'glucometer']);
});

test('an access point that speaks for two devices is neither; a data manager is one', () => {
  const two = ['UU13004417', 'UU13004418'].map((serial) =>
    sighting('poct.device', device, { model: 'Inform', serial }),
  );
  expect(assetOf(...two)).toMatchObject({ class: { value: 'telemetry-gateway' }, serial: { value: null } });
  const manager = sighting('poct.endpoint', device, { role: 'manager', messageTypes: ['ACK.R01'] });
  expect(assetOf(manager).class.value).toBe('poc-manager');
});

test('a camera is known by the type and the scopes that it announces', () => {
  const facts = { types: ['NetworkVideoTransmitter'], hardware: 'D-500', location: 'Ward 3' };
  const asset = assetOf(sighting('wsd.device', device, facts));
  expect([asset.class.value, asset.model.value, asset.location.value]).toEqual(['camera', 'D-500', 'Ward 3']);
});

test('a ventilator of IEEE 11073 SDC is known by its description', () => {
  const asset = assetOf(
    sighting('dpws.device', device, { manufacturer: 'Drägerwerk AG & Co. KGaA', firmware: '3.2' }),
    sighting('sdc.device', device, {
      mdsType: '70001',
      model: 'V800',
      serial: 'ASLK-0045',
      location: 'ICU 3, B7',
    }),
  );
  expect([
    asset.vendor.value,
    asset.model.value,
    asset.serial.value,
    asset.software.value,
    asset.class.value,
  ]).toEqual(['Dräger', 'V800', 'ASLK-0045', '3.2', 'ventilator']);
  expect(asset.location.value).toBe('ICU 3, B7');
});

test('a monitor that exports data as IntelliVue do is one, at the bed that it names', () => {
  const facts = { model: 'M8007A', serial: 'DE71234567', software: 'L.01.42', bedLabel: 'ICU 3-7' };
  const asset = assetOf(sighting('intellivue.device', device, facts));
  expect([
    asset.vendor.value,
    asset.model.value,
    asset.serial.value,
    asset.class.value,
    asset.location.value,
  ]).toEqual(['Philips', 'M8007A', 'DE71234567', 'patient-monitor', 'ICU 3-7']);
});

test('a monitor of a CARESCAPE network is known by its announcement', () => {
  const asset = assetOf(sighting('carescape.device', device, { careUnit: 'ICU3', bed: 'B-07' }));
  expect([asset.vendor.value, asset.class.value, asset.location.value]).toEqual([
    'GE HealthCare',
    'patient-monitor',
    'ICU3, B-07',
  ]);
});

test('a FHIR server runs the software that its capability statement names', () => {
  const facts = { software: 'FHIR Box', softwareVersion: '3.1', publisher: 'Nobody known' };
  const asset = assetOf(sighting('fhir.server', device, facts));
  expect([asset.software.value, asset.vendor.value]).toEqual(['FHIR Box 3.1', null]);
});

test('a computer that is found by DPWS has a name, and is not the program that publishes it', () => {
  const facts = {
    manufacturer: 'Microsoft Corporation',
    model: 'Publication Service',
    hostname: 'NURSE-PC3',
  };
  const asset = assetOf(sighting('dpws.device', device, facts));
  expect([asset.hostnames, asset.model.value]).toEqual([['NURSE-PC3'], null]);
});
