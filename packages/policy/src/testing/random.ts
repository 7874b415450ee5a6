import fc from 'fast-check';
import type { Policy, ServicePart } from '../policy.ts';
import type { PolicyAsset } from '../resolve.ts';
import type { Family } from '../space/addresses.ts';
import { contains, type Packet, possibleBoxes } from '../space/packet.ts';

/** A hospital small enough that random rules meet each other: addresses, classes and ports come from short lists. */
const addresses = [
  '10.0.0.1',
  '10.0.0.2',
  '10.0.0.3',
  '10.0.1.1',
  '10.0.1.255',
  '192.168.7.7',
  'fd00::1',
  'fd00::2',
  'fd00:1::ffff',
];
const classes = ['pump', 'monitor', 'server', 'workstation'];

export const assetsArbitrary: fc.Arbitrary<PolicyAsset[]> = fc
  .array(
    fc.record({
      ips: fc.uniqueArray(fc.constantFrom(...addresses), { maxLength: 2 }),
      class: fc.constantFrom(...classes),
      location: fc.constantFrom('ICU', 'OR'),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((rows) =>
    rows.map(({ ips, class: of, location }, index) => ({
      id: `a${index}`,
      name: `asset ${index}`,
      ips,
      attributes: { class: [of], location: [location] },
    })),
  );

const portsArbitrary = fc.array(
  fc
    .tuple(fc.constantFrom(0, 22, 80, 104, 105, 65_534), fc.constantFrom(0, 0, 1, 50))
    .map(([first, more]) => (more === 0 || first + more > 65_535 ? `${first}` : `${first}-${first + more}`)),
  { maxLength: 3 },
);

const partArbitrary: fc.Arbitrary<ServicePart> = fc.oneof(
  fc.record({ protocol: fc.constantFrom('tcp', 'udp', 'sctp'), ports: portsArbitrary }),
  fc.record({
    protocol: fc.constantFrom('icmp', 'icmpv6'),
    ports: fc.array(fc.constantFrom('0', '8', '128', '133-136'), { maxLength: 2 }),
  }),
  fc.constantFrom(
    { protocol: 'any', ports: [] },
    { protocol: 'gre', ports: [] },
    { protocol: 'protocol 99', ports: [] },
  ),
);

const zoneNames = ['za', 'zb', 'zc', 'zd'];
const flowArbitrary = {
  from: fc.uniqueArray(fc.constantFrom(...zoneNames, 'anywhere'), { minLength: 1, maxLength: 2 }),
  to: fc.uniqueArray(fc.constantFrom(...zoneNames, 'anywhere'), { minLength: 1, maxLength: 2 }),
  services: fc.array(partArbitrary, { minLength: 1, maxLength: 3 }),
};

export const policyArbitrary: fc.Arbitrary<Policy> = fc
  .record({
    undeclared: fc.constantFrom('enforce' as const, 'enforce' as const, 'observe' as const),
    members: fc.tuple(...zoneNames.map(() => fc.constantFrom(...classes))),
    prefixes: fc.array(fc.constantFrom('10.0.0.0/24', '10.0.0.2-10.0.1.3', 'fd00::/64', '192.168.0.0/16'), {
      maxLength: 2,
    }),
    outside: fc.array(fc.constantFrom('10.0.0.0/8', 'fd00::/8'), { maxLength: 2 }),
    conduits: fc.array(
      fc.record({
        ...flowArbitrary,
        mode: fc.constantFrom('enforce' as const, 'enforce' as const, 'alert' as const),
      }),
      {
        maxLength: 5,
      },
    ),
    denials: fc.array(fc.record(flowArbitrary), { maxLength: 2 }),
  })
  .map(({ undeclared, members, prefixes, outside, conduits, denials }) => ({
    version: 1,
    name: 'random',
    undeclared,
    notes: [],
    services: [],
    zones: zoneNames.map((name, index) => ({
      name,
      title: null,
      notes: [],
      members: { attribute: 'class', in: [members[index]!] },
      addresses: index === 2 ? prefixes : [],
      outside: index === 3 ? outside : [],
    })),
    conduits: conduits.map((conduit, index) => ({
      name: `c${index}`,
      title: null,
      because: null,
      notes: [],
      ...conduit,
    })),
    musts: denials.map((denial, index) => ({
      title: `never ${index}`,
      verdict: 'deny' as const,
      because: null,
      notes: [],
      ...denial,
    })),
    exceptions: [],
  }));

const values = {
  4: [
    0x0a000000n,
    0x0a000001n,
    0x0a000002n,
    0x0a000003n,
    0x0a000101n,
    0x0a0001ffn,
    0xc0a80707n,
    0xc0a80000n,
    0x08080808n,
    0xffffffffn,
  ],
  6: [
    0n,
    (0xfdn << 120n) + 1n,
    (0xfdn << 120n) + 2n,
    (0xfdn << 120n) + (1n << 80n) + 0xffffn,
    0x20010db8n << 96n,
  ],
} as const;

/** Packets that can exist. */
export const packetArbitrary: fc.Arbitrary<Packet> = fc
  .constantFrom<Family>(4, 6)
  .chain((family) =>
    fc.record({
      family: fc.constant(family),
      source: fc.constantFrom(...values[family]),
      destination: fc.constantFrom(...values[family]),
      protocol: fc.constantFrom(6n, 17n, 132n, 1n, 58n, 47n, 99n, 0n, 255n),
      destinationPort: fc.constantFrom(0n, 22n, 80n, 81n, 104n, 105n, 130n, 65_535n),
      sourcePort: fc.constantFrom(0n, 8n, 22n, 104n, 128n, 134n, 49_152n),
      established: fc.constantFrom(0n, 1n),
    }),
  )
  .filter((packet) => possibleBoxes.some((box) => contains(box, packet)));
