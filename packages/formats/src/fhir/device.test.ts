import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ExchangedDevice, fhirDeviceOf, readFhirDevices } from './device.ts';

const pump: ExchangedDevice = {
  id: 'a-1',
  name: 'Pump at bed 3',
  manufacturer: 'Acme',
  model: 'Pump 9',
  serial: '1234',
  lot: null,
  made: '2024-01-02',
  expires: null,
  software: '2.1',
  status: 'active',
  isLost: false,
  udi: { agency: 'GS1', device: '51022222233336', carrier: '(01)51022222233336' },
};

test.each(['R4', 'R5'] as const)('%s goes out and comes back as it was', (release) => {
  const text = JSON.stringify({ resourceType: 'Bundle', entry: [{ resource: fhirDeviceOf(pump, release) }] });
  expect(readFhirDevices(text)).toEqual({ devices: [pump], faults: [] });
});

test('each release keeps names and being lost where it has its place for them', () => {
  const lost = { ...pump, isLost: true, status: 'inactive' as const };
  expect(fhirDeviceOf(lost, 'R4')).toMatchObject({
    deviceName: [{ type: 'user-friendly-name' }, { type: 'model-name' }],
  });
  expect(fhirDeviceOf(lost, 'R4')).not.toHaveProperty('name');
  expect(fhirDeviceOf(lost, 'R5')).toMatchObject({
    name: [{ value: 'Pump at bed 3' }],
    availabilityStatus: {},
  });
  expect(fhirDeviceOf(lost, 'R5')).not.toHaveProperty('deviceName');
});

test('what is no device is told, and the others are taken', () => {
  const text = JSON.stringify({
    resourceType: 'Bundle',
    entry: [{ resource: { resourceType: 'Patient' } }, { resource: { resourceType: 'Device' } }],
  });
  const { devices, faults } = readFhirDevices(text);
  expect(devices).toMatchObject([{ id: 'entry[1].resource', udi: null }]);
  expect(faults).toEqual([{ place: 'entry[0].resource', message: 'expected a Device, found Patient' }]);
});

test('any JSON, and no JSON, ends in devices and faults', () => {
  fc.assert(fc.property(fc.json(), (text) => Array.isArray(readFhirDevices(text).devices)));
  fc.assert(fc.property(fc.string(), (text) => Array.isArray(readFhirDevices(text).faults)));
});
