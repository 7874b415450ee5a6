import { expect, test } from 'vitest';
import { loadKnowledge } from './load.ts';

const { vendors, addressBlocks } = loadKnowledge();

test.each([
  ['GE MEDICAL SYSTEMS', 'GE HealthCare'],
  ['GE Healthcare', 'GE HealthCare'],
  ['Drägerwerk AG & Co. KGaA', 'Dräger'],
  ['Draeger Medical Systems, Inc.', 'Dräger'],
  ['B.Braun Melsungen AG', 'B. Braun'],
  ['Becton, Dickinson and Company', 'BD'],
  ['Hewlett Packard Enterprise', 'HPE'],
  ['Hewlett Packard', 'HP'],
  ['Acme Instruments GmbH', 'Acme Instruments'],
])('knows %s as %s', (text, name) => {
  expect(vendors.canonical(text)).toBe(name);
});

test('takes a house and its branches for one', () => {
  expect(vendors.agree('SIEMENS', 'Siemens Healthineers')).toBe(true);
  expect(vendors.agree('Welch Allyn', 'Hill-Rom')).toBe(true);
  expect(vendors.agree('Philips', 'GE')).toBe(false);
});

test('finds the smallest assigned block of an address', () => {
  expect(addressBlocks.organisationOf('00:17:88:24:76:ff')).toBe('Philips Lighting BV');
  expect(addressBlocks.organisationOf('50:a0:30:8a:bc:de')).toBe('GE Medical System China Co. Ltd.');
});

test('gives locally administered, multicast and unassigned addresses no organisation', () => {
  expect(addressBlocks.organisationOf('02:17:88:24:76:ff')).toBeNull();
  expect(addressBlocks.organisationOf('01:17:88:24:76:ff')).toBeNull();
  expect(addressBlocks.organisationOf('fc:ff:ff:ff:ff:ff')).toBeNull();
});
