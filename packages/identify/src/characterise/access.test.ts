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
