import type { Facts, Sighting } from '@wardline/model';
import { distinct, groupBy, ofKind } from '../facts.ts';
import type { Draft } from '../finding.ts';
import { meaningForCare } from '../party.ts';
import { listed } from '../words.ts';
import type { Case } from './rule.ts';

/**
 * Networks that an access point offers without encryption, with one that is broken, or from which anybody can throw
 * devices off. One finding per network name.
 */
export function wireless(the: Case): Draft[] {
  const own = ofKind(the.facts, 'wifi.network').filter(
    (item) => the.context.assetOf(item.subject) === the.self.id,
  );
  const open = own.filter((item) => item.facts.security === 'open');
  const weak = own.filter((item) => isBroken(item.facts.security));
  const loose = own.filter((item) => !open.includes(item) && !weak.includes(item) && isLoose(item));
  return [
    ...byName(open).map((group) => openNetwork(the, group)),
    ...byName(weak).map((group) => weakNetwork(the, group)),
    ...byName(loose).map((group) => looseNetwork(the, group)),
  ];
}

type Network = Sighting & { facts: Facts['wifi.network'] };

function byName(networks: readonly Network[]): Network[][] {
  return groupBy(networks, (item) => item.facts.ssid ?? '');
}

/** WEP falls in minutes; TKIP of the first WPA was given up by its makers in 2015, also where it is offered beside WPA2. */
function isBroken(security: string): boolean {
  return security === 'wep' || security.split('/').includes('wpa');
}

/** IEEE 802.11 §12.6.19: without protection the message that ends a connection can be sent by anybody. */
function isLoose(network: Network): boolean {
  return network.facts.managementFrames === 'unprotected';
}

function nameOf(group: readonly Network[]): string {
  const ssid = group[0]!.facts.ssid;
  return ssid === undefined ? 'a wireless network without a name' : `the wireless network “${ssid}”`;
}

function openNetwork(the: Case, group: readonly Network[]): Draft {
  return {
    rule: 'open-wifi',
    key: group[0]!.facts.ssid ?? '',
    ground: [...group],
    summary: `${the.self.name} offers ${nameOf(group)} without encryption. Whoever is near can read what passes, and ${meaningForCare(the.self)}.`,
  };
}

function weakNetwork(the: Case, group: readonly Network[]): Draft {
  const kinds = distinct(
    group.map((item) => item.facts.security.toUpperCase().replace('/', ' beside ')),
  ).toSorted();
  return {
    rule: 'weak-wifi',
    key: group[0]!.facts.ssid ?? '',
    ground: [...group],
    summary: `${the.self.name} offers ${nameOf(group)} with ${listed(kinds)}, which can be broken by anybody near, and ${meaningForCare(the.self)}.`,
  };
}

function looseNetwork(the: Case, group: readonly Network[]): Draft {
  return {
    rule: 'unprotected-wifi-management',
    key: group[0]!.facts.ssid ?? '',
    ground: [...group],
    summary: `${the.self.name} offers ${nameOf(group)} without protected management frames: anybody near can throw its devices off.`,
  };
}
