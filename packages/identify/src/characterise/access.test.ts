import { loadKnowledge } from '@wardline/knowledge';
import type { Asset, Sighting } from '@wardline/model';
import { expect, test } from 'vitest';
import { identify } from '../identify.ts';
import { at, sighting } from '../testing/observe.ts';

const knowledge = loadKnowledge();
const host = at('01', '10.0.0.1');

function assetAt(...sightings: Sighting[]): Asset {
  const { assets } = identify({ sightings, conversations: [], decisions: [] }, knowledge);
  return assets.find((asset) => asset.macs.includes(host.mac ?? ''))!;
}

test('names a domain controller and its clients by what they say in LDAP', () => {
  const controller = sighting('ldap.server', host, { hostname: 'dc1.ward.example', functionalLevel: 7 });
  expect(assetAt(controller)).toMatchObject({
    class: { value: 'domain-controller' },
    hostnames: expect.arrayContaining(['dc1.ward.example']),
  });
  const facts = { version: 3, authentication: 'NTLM', hostname: 'CT-CONSOLE-2', os: 'Windows 5.1.2600' };
  expect(assetAt(sighting('ldap.client', host, facts))).toMatchObject({ os: { value: 'Windows XP' } });
});

test('names who gives out tickets, and machines by their accounts and screens', () => {
  expect(assetAt(sighting('kerberos.server', host, { realm: 'WARD' })).class.value).toBe('domain-controller');
  const asked = { realm: 'WARD', hostname: 'CT-CONSOLE-2', encryption: ['rc4-hmac'] };
  expect(assetAt(sighting('kerberos.client', host, asked)).hostnames).toEqual(['CT-CONSOLE-2']);
  const screen = { version: '3.8', security: ['none'], hostname: 'ultrasound-4' };
  expect(assetAt(sighting('vnc.server', host, screen)).hostnames).toEqual(['ultrasound-4']);
});

test('names a mail server by its greeting, and a desktop by its settings', () => {
  const banner = 'mx.ward.example ESMTP Postfix (Debian/GNU)';
  const mail = sighting('mail.server', host, { protocol: 'smtp', banner, hostname: 'mx.ward.example' });
  expect(assetAt(mail)).toMatchObject({
    class: { value: 'mail-server' },
    os: { value: 'Debian' },
    hostnames: ['mx.ward.example'],
  });
  const client = sighting('rdp.client', host, { security: ['rdp'], hostname: 'CT-CONSOLE-2', build: '7601' });
  expect(assetAt(client)).toMatchObject({ os: { value: 'Windows 7' }, hostnames: ['CT-CONSOLE-2'] });
});

test('names a file server, its clients by their kernel, and a broker by its node', () => {
  expect(assetAt(sighting('rpc.server', host, { program: 'nfs', version: 4 })).class.value).toBe(
    'file-server',
  );
  const client = {
    authentication: 'sys',
    hostname: 'ct-console-2',
    nfsVersion: 4,
    software: 'Linux 6.1.0-26-amd64',
  };
  const console = assetAt(sighting('rpc.client', host, client));
  expect(console).toMatchObject({ os: { value: 'Linux' }, hostnames: ['ct-console-2'] });
  const broker = { version: '0-9-1', product: 'RabbitMQ', hostname: 'broker-1' };
  expect(assetAt(sighting('amqp.server', host, broker))).toMatchObject({
    class: { value: 'server' },
    hostnames: ['broker-1'],
  });
});

test('names a database server by its greeting', () =>
  expect(
    assetAt(sighting('database.server', host, { product: 'mysql', version: '8.0.36' })).class.value,
  ).toBe('database-server'));
