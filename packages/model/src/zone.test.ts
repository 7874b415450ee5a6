import { expect, it } from 'vitest';
import { readZone, zoneSchema } from './zone.ts';

it.each([
  ['vlan:20', { kind: 'vlan', vlan: 20 }],
  ['vlan:4094', { kind: 'vlan', vlan: 4094 }],
  ['net:10.20.0.0/16', { kind: 'net', net: '10.20.0.0/16' }],
  ['net:2001:db8::/32', { kind: 'net', net: '2001:db8::/32' }],
  ['department:Cardiac Surgery', { kind: 'department', department: 'Cardiac Surgery' }],
  ['zone:pumps', { kind: 'zone', zone: 'pumps' }],
  ['group:imaging', { kind: 'group', group: 'imaging' }],
])('reads %s', (text, zone) => {
  expect(readZone(text)).toEqual(zone);
  expect(zoneSchema.safeParse(text).success).toBe(true);
});

it.each([
  '',
  'vlan:',
  'vlan:4095',
  'vlan:-1',
  'vlan:20,30',
  'vlan: 20',
  'net:10.20.0.0',
  'net:10.20.0.0/33',
  'net:x',
  'department:',
  'group:Imaging',
  'zone:',
  'VLAN 20',
])('does not take %j for a zone', (text) => {
  expect(readZone(text)).toBeNull();
  expect(zoneSchema.safeParse(text).success).toBe(false);
});
