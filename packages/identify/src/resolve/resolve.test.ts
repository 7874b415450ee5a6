import { endpointKey, type IdentityDecision, type Sighting } from '@wardline/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { endpointsOf } from '../endpoints.ts';
import { at, conversation, sighting } from '../testing/observe.ts';
import { resolve } from './resolve.ts';

function groupsOf(sightings: Sighting[], decisions: IdentityDecision[] = []): string[][] {
  const { groups } = resolve({ endpoints: [], sightings, decisions });
  return groups
    .map((group) => group.endpoints.map(endpointKey).sort())
    .sort((a, b) => (a.join() < b.join() ? -1 : 1));
}

const seen = (endpoint: ReturnType<typeof at>, ttl?: number, first = 1000, last = first) =>
  sighting('address.seen', endpoint, ttl === undefined ? {} : { ttl }, { first, last });
const arp = (
  endpoint: ReturnType<typeof at>,
  operation: 'request' | 'reply' | 'probe' = 'request',
  first = 1000,
) => sighting('arp.binding', endpoint, { operation }, { first });

test('joins the addresses that one network card holds', () => {
  const groups = groupsOf([
    arp(at('01', '10.0.0.5')),
    seen(at('01', 'fe80::1'), 255),
    seen(at('01', '10.0.0.6'), 64),
  ]);
  expect(groups).toHaveLength(1);
});

test('explains every join with the addresses and evidence', () => {
  const { groups } = resolve({
    endpoints: [],
    sightings: [arp(at('01', '10.0.0.5')), seen(at('01', 'fe80::1'), 255)],
    decisions: [],
  });
  expect(groups[0]?.joins).toEqual([
    {
      endpoints: [at('01', '10.0.0.5'), at('01', 'fe80::1')],
      rule: 'same-mac',
      reason: 'The network card 00:09:fb:00:00:01 sent from fe80::1 without a router in between.',
      evidence: [
        { capture: 'ward.pcap', packet: 1 },
        { capture: 'ward.pcap', packet: 1 },
      ],
    },
  ]);
});

test('keeps hosts apart whose packets one router passes on, and finds the router', () => {
  const groups = groupsOf([
    arp(at('01', '10.0.0.1', 10)),
    seen(at('01', '10.1.0.5', 10), 63),
    seen(at('01', '10.1.0.6', 10), 127),
    seen(at('01', '8.8.8.8', 10), 57),
  ]);
  expect(groups).toHaveLength(4);
});

test('brings what is seen behind a router to the holder of the address elsewhere', () => {
  const groups = groupsOf([
    arp(at('05', '10.1.0.5', 20)),
    seen(at('05', '10.1.0.5', 20), 64),
    arp(at('01', '10.0.0.1', 10)),
    seen(at('01', '10.1.0.5', 10), 63),
  ]);
  expect(groups).toContainEqual(
    [endpointKey(at('01', '10.1.0.5', 10)), endpointKey(at('05', '10.1.0.5', 20))].sort(),
  );
  expect(groups).toHaveLength(2);
});

test('makes an asset of a router that only passed packets on', () => {
  const { groups } = resolve({
    endpoints: [],
    sightings: [seen(at('01', '10.1.0.5', 10), 63), seen(at('01', '10.1.0.6', 10), 63)],
    decisions: [],
  });
  const router = groups.find((group) => group.macs.includes('00:09:fb:00:00:01'));
  expect(router).toMatchObject({ id: 'mac-0009fb000001', routes: 2 });
});

test('takes a card with more addresses than a host has for a gateway', () => {
  const many = Array.from({ length: 17 }, (_, n) => seen(at('01', `10.0.0.${n + 1}`), 64));
  expect(groupsOf(many.slice(1))).toHaveLength(1);
  expect(groupsOf(many)).toHaveLength(18);
});

test('does not merge two devices that held one address after another', () => {
  const groups = groupsOf([
    sighting('dhcp.lease', at('0a', '10.0.0.50'), { server: '10.0.0.1' }, { first: 1000, last: 2000 }),
    seen(at('0a', '10.0.0.50'), 64, 1000, 2000),
    sighting('dhcp.lease', at('0b', '10.0.0.50'), { server: '10.0.0.1' }, { first: 5000, last: 6000 }),
    seen(at('0b', '10.0.0.50'), 64, 5000, 6000),
    sighting('dns.name', at(null, '10.0.0.50'), { name: 'b.example', type: 'A' }, { first: 5500 }),
  ]);
  expect(groups).toHaveLength(2);
  expect(groups).toContainEqual(
    [endpointKey(at(null, '10.0.0.50')), endpointKey(at('0b', '10.0.0.50'))].sort(),
  );
});

test('joins an address that DHCPv6 gave to the card that holds it', () => {
  const { groups } = resolve({
    endpoints: [],
    sightings: [
      sighting('dhcpv6.lease', at('0a', '2001:db8::17'), { server: '00:03' }, { first: 1000, last: 2000 }),
      seen(at('0a', '10.0.0.50'), 64, 1000, 2000),
      sighting('dns.name', at(null, '2001:db8::17'), { name: 'b.example', type: 'AAAA' }, { first: 1500 }),
    ],
    decisions: [],
  });
  expect(groups).toHaveLength(1);
  expect(groups[0]?.joins.map(({ reason }) => reason).join()).toContain('was held by 00:09:fb:00:00:0a');
});

test('takes what neighbour discovery shows as it takes ARP', () => {
  const groups = groupsOf([
    sighting('ndp.binding', at('0a', 'fe80::a'), { operation: 'solicitation' }),
    sighting('ndp.binding', at('0a', '2001:db8::a'), { operation: 'announcement' }),
    sighting('ndp.binding', at('0b', '2001:db8::b'), { operation: 'advertisement' }),
    sighting('dns.name', at(null, '2001:db8::a'), { name: 'a.example', type: 'AAAA' }),
    sighting('ndp.binding', at('0c', null), { operation: 'probe' }),
  ]);
  expect(groups.map((group) => group.length).toSorted((a, b) => a - b)).toEqual([1, 1, 3]);
});

test('joins the ports of one device, and its address, by what it announces by CDP', () => {
  const said = { deviceId: 'switch-3', platform: 'cisco WS-C3560', managementAddress: '10.0.0.9' };
  expect(
    groupsOf([
      sighting('cdp.neighbour', at('0a', null), said),
      sighting('cdp.neighbour', at('0b', null), said),
      seen(at('0c', '10.0.0.9'), 255),
    ]),
  ).toHaveLength(1);
  const generic = { deviceId: 'Switch', platform: 'cisco WS-C3560' };
  expect(
    groupsOf([
      sighting('cdp.neighbour', at('0a', null), generic),
      sighting('cdp.neighbour', at('0b', null), generic),
    ]),
  ).toHaveLength(2);
});

test('says that an address had several holders where it brings facts to one of them', () => {
  const { groups } = resolve({
    endpoints: [],
    sightings: [
      arp(at('0a', '10.0.0.50'), 'request', 1000),
      arp(at('0b', '10.0.0.50'), 'request', 5000),
      sighting(
        'dns.name',
        at(null, '10.0.0.50'),
        { name: 'b.example', type: 'A' },
        { first: 5000, last: 9000 },
      ),
    ],
    decisions: [],
  });
  const reasons = groups.flatMap((group) => group.joins.map((join) => join.reason));
  expect(reasons).toEqual([
    '10.0.0.50 was held by 00:09:fb:00:00:0b at that time. 2 network cards held 10.0.0.50; this one for most of that time.',
  ]);
});

test('takes one address in two networks with two cards for two devices', () => {
  expect(groupsOf([arp(at('0a', '192.168.0.5', 10)), arp(at('0b', '192.168.0.5', 20))])).toHaveLength(2);
});

test('joins nothing by a zero or virtual router address', () => {
  const zero = '00:00:00:00:00:00';
  expect(groupsOf([seen(at(zero, '127.0.0.1'), 64), seen(at(zero, '127.0.0.2'), 64)])).toHaveLength(2);
  const vrrp = '00:00:5e:00:01:0a';
  expect(groupsOf([arp(at(vrrp, '10.0.0.1')), arp(at(vrrp, '10.0.0.2'))])).toHaveLength(2);
});

test('makes no asset of broadcast, multicast, and of what never answered', () => {
  const client = at('01', '10.0.0.5');
  const endpoints = endpointsOf({
    sightings: [seen(client, 64)],
    conversations: [
      conversation(client, at('ff:ff:ff:ff:ff:ff', '255.255.255.255'), 67),
      conversation(client, at('01:00:5e:00:00:fb', '224.0.0.251'), 5353),
      conversation(client, at('09', '10.0.0.99'), 80, {
        packetsFromServer: 0,
        connections: { opened: 1, established: 0, refused: 0, unanswered: 1, closed: 0, reset: 0 },
      }),
    ],
  });
  const { groups } = resolve({ endpoints, sightings: [seen(client, 64)], decisions: [] });
  expect(groups.map((group) => group.id)).toEqual(['mac-0009fb000001']);
});

test('does not take the target of an ARP probe for held', () => {
  const groups = groupsOf([
    arp(at('0a', '10.0.0.50')),
    arp(at('0b', '10.0.0.50'), 'probe'),
    seen(at('0b', '10.0.0.50')),
  ]);
  expect(groups).toHaveLength(2);
});

test('joins two cards by serial number within one model, and never by a placeholder', () => {
  const ct = (card: string, serial: string) =>
    sighting('dicom.equipment', at(card, `10.0.0.${Number.parseInt(card, 16)}`), {
      manufacturer: 'SIEMENS',
      model: 'SOMATOM',
      serial,
      sentByCreator: true,
    });
  expect(groupsOf([ct('01', '70412'), ct('02', '70412')])).toHaveLength(1);
  expect(groupsOf([ct('01', '123456'), ct('02', '123456')])).toHaveLength(2);
  expect(groupsOf([ct('01', '70412'), ct('02', '70413')])).toHaveLength(2);
});

test('joins by an SSH host key only together with the host name', () => {
  const key = (card: string) =>
    sighting('ssh.hostkey', at(card, null), { algorithm: 'ed25519', sha256: 'abc' });
  const name = (card: string, text: string) => sighting('mdns.host', at(card, null), { name: text });
  expect(groupsOf([key('01'), key('02'), name('01', 'pump-7'), name('02', 'PUMP-7')])).toHaveLength(1);
  expect(groupsOf([key('01'), key('02'), name('01', 'pump-7'), name('02', 'pump-8')])).toHaveLength(2);
  expect(groupsOf([key('01'), key('02'), name('01', 'raspberrypi'), name('02', 'raspberrypi')])).toHaveLength(
    2,
  );
  expect(groupsOf([key('01'), key('02')])).toHaveLength(2);
});

test('joins the ports of a switch and its management address by LLDP', () => {
  const facts = { chassisId: '00:09:fb:00:00:aa', systemName: 'sw-1', managementAddress: '10.0.0.2' };
  const groups = groupsOf([
    sighting('lldp.neighbour', at('01', null), facts),
    sighting('lldp.neighbour', at('02', null), facts),
    arp(at('aa', '10.0.0.2')),
  ]);
  expect(groups).toHaveLength(1);
});

const merge: IdentityDecision = {
  id: '1',
  kind: 'merge',
  left: [endpointKey(at('01', '10.0.0.1'))],
  right: [endpointKey(at('02', '10.0.0.2'))],
  reason: 'One device with two cards',
};
const split: IdentityDecision = {
  id: '2',
  kind: 'split',
  left: [endpointKey(at('01', '10.0.0.1'))],
  right: [endpointKey(at('01', '10.0.0.9'))],
  reason: 'A cloned MAC address',
};

test('follows persons’ merges and splits, and forgets them when they are left out', () => {
  const two = [arp(at('01', '10.0.0.1')), arp(at('02', '10.0.0.2'))];
  expect(groupsOf(two, [merge])).toHaveLength(1);
  expect(groupsOf(two)).toHaveLength(2);
  const one = [arp(at('01', '10.0.0.1')), arp(at('01', '10.0.0.9'))];
  expect(groupsOf(one, [split])).toHaveLength(2);
  expect(groupsOf(one)).toHaveLength(1);
});

test('lets the later of two contrary decisions hold', () => {
  const one = [arp(at('01', '10.0.0.1')), arp(at('01', '10.0.0.9'))];
  const together: IdentityDecision = { ...split, id: '3', kind: 'merge' };
  expect(groupsOf(one, [split, together])).toHaveLength(1);
  expect(groupsOf(one, [together, split])).toHaveLength(2);
});

test('gives two assets of one card different ids after a split', () => {
  const { groups } = resolve({
    endpoints: [],
    sightings: [arp(at('01', '10.0.0.1')), arp(at('01', '10.0.0.9'))],
    decisions: [split],
  });
  expect(new Set(groups.map((group) => group.id)).size).toBe(2);
});

const cards = fc.constantFrom('01', '02', '03', '00:00:00:00:00:00', '00:00:5e:00:01:01', null);
const ips = fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3', '8.8.8.8', 'fe80::1', null);
const vlans = fc.constantFrom(null, 10, 20);
const endpoints = fc
  .record({ card: cards, ip: ips, vlan: vlans })
  .map(({ card, ip, vlan }) => at(card, ip, vlan));
const times = fc.record({ first: fc.nat(5000), packet: fc.integer({ min: 1, max: 99 }) });
const sightings = fc.oneof(
  fc
    .tuple(endpoints, fc.constantFrom(64, 63, 128, 57, undefined), times)
    .map(([e, ttl, w]) => sighting('address.seen', e, ttl === undefined ? {} : { ttl }, w)),
  fc
    .tuple(endpoints, fc.constantFrom('request', 'reply', 'probe'), times)
    .map(([e, operation, w]) => sighting('arp.binding', e, { operation }, w)),
  fc
    .tuple(endpoints, fc.constantFrom('pump-1', 'pump-2'), times)
    .map(([e, name, w]) => sighting('mdns.host', e, { name }, w)),
  fc
    .tuple(endpoints, fc.constantFrom('k1', 'k2'), times)
    .map(([e, sha256, w]) => sighting('ssh.hostkey', e, { algorithm: 'rsa', sha256 }, w)),
);

test('gives the same groups, joins and ids in whatever order the sightings come', () => {
  fc.assert(
    fc.property(fc.array(sightings, { maxLength: 30 }), fc.infiniteStream(fc.nat()), (list, random) => {
      const shuffled = list
        .map((item) => ({ item, rank: random.next().value }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ item }) => item);
      const one = resolve({ endpoints: [], sightings: list, decisions: [] });
      expect(resolve({ endpoints: [], sightings: shuffled, decisions: [] })).toEqual(one);
    }),
    { seed: 20261123, numRuns: 200 },
  );
});

test('puts every endpoint that is somebody into exactly one group', () => {
  fc.assert(
    fc.property(fc.array(sightings, { maxLength: 30 }), (list) => {
      const groups = groupsOf(list).flat();
      expect(new Set(groups).size).toBe(groups.length);
      for (const { subject } of list) {
        const nobody = (subject.mac === null || /^00:00:(00|5e)/.test(subject.mac)) && subject.ip === null;
        expect(groups.includes(endpointKey(subject))).toBe(!nobody);
      }
    }),
    { seed: 20261123, numRuns: 200 },
  );
});
