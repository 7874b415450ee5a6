import { type Family, formatAddress, type Range, wholeRange, widthOf } from './addresses.ts';

/**
 * What an enforcement point sees of a packet, in the order in which diagrams ask for it. For ICMP the source port stands
 * for the type and the destination port for the code. `established` is 1 for a TCP segment with ACK or RST, as
 * stateless lists know it; other protocols leave it open.
 */
export const fields = [
  'source',
  'destination',
  'protocol',
  'destinationPort',
  'sourcePort',
  'established',
] as const;
export type Field = (typeof fields)[number];

const bitsOfRest = { protocol: 8, destinationPort: 16, sourcePort: 16, established: 1 } as const;

export function bitsOf(field: Field, family: Family): number {
  return field === 'source' || field === 'destination' ? widthOf(family) : bitsOfRest[field];
}

/** A product: each field is in one of its ranges, which are merged and in order. A field that is left out is any. */
export type Box = { readonly [F in Field]?: readonly Range[] };

export const rangesOf = (box: Box, field: Field, family: Family): readonly Range[] =>
  box[field] ?? [wholeRange(bitsOf(field, family))];

/** One packet, with each of its fields. */
export type Packet = { family: Family } & Record<Field, bigint>;

export function contains(box: Box, packet: Packet): boolean {
  return fields.every((field) => {
    const ranges = box[field];
    return (
      ranges === undefined ||
      ranges.some(({ first, last }) => first <= packet[field] && packet[field] <= last)
    );
  });
}

export const protocols: Readonly<Record<string, bigint>> = {
  icmp: 1n,
  igmp: 2n,
  tcp: 6n,
  udp: 17n,
  gre: 47n,
  esp: 50n,
  ah: 51n,
  icmpv6: 58n,
  ospf: 89n,
  vrrp: 112n,
  sctp: 132n,
  dccp: 33n,
  udplite: 136n,
};
const protocolNames = new Map(Object.entries(protocols).map(([name, number]) => [number, name]));

export const protocolName = (number: bigint): string => protocolNames.get(number) ?? `protocol ${number}`;

const withPorts: readonly bigint[] = [6n, 17n, 33n, 132n, 136n];

/** Protocols whose packets have ports (or, for ICMP, type and code in their place). */
export const hasPorts = (protocol: bigint): boolean => withPorts.includes(protocol);
export const isIcmp = (protocol: bigint): boolean => protocol === 1n || protocol === 58n;

/** A packet in words, as `tcp 10.1.2.3:40000 → 10.9.0.4:104`. */
export function describePacket(packet: Packet): string {
  const { family, protocol } = packet;
  const [source, destination] = [packet.source, packet.destination].map((value) =>
    formatAddress(family, value),
  );
  if (isIcmp(protocol))
    return `${protocolName(protocol)} type ${packet.sourcePort} code ${packet.destinationPort} ${source} → ${destination}`;
  if (!hasPorts(protocol)) return `${protocolName(protocol)} ${source} → ${destination}`;
  const port = (address: string | undefined, number: bigint) =>
    family === 6 ? `[${address}]:${number}` : `${address}:${number}`;
  const later = protocol === 6n && packet.established === 1n ? ' (established)' : '';
  return `${protocolName(protocol)} ${port(source, packet.sourcePort)} → ${port(destination, packet.destinationPort)}${later}`;
}

const only = (...values: readonly bigint[]): Range[] =>
  values.map((value) => ({ first: value, last: value }));
const zero = only(0n);

/**
 * The packets that exist: ports where a protocol has ports, types and codes of one byte, flags in TCP only. Two lists that
 * differ in packets that cannot exist are the same list.
 */
export const possibleBoxes: readonly Box[] = [
  { protocol: only(6n) },
  { protocol: only(...withPorts.filter((number) => number !== 6n)), established: zero },
  {
    protocol: only(1n, 58n),
    destinationPort: [{ first: 0n, last: 255n }],
    sourcePort: [{ first: 0n, last: 255n }],
    established: zero,
  },
  {
    protocol: [
      { first: 0n, last: 0n },
      { first: 2n, last: 5n },
      { first: 7n, last: 16n },
      { first: 18n, last: 32n },
      { first: 34n, last: 57n },
      { first: 59n, last: 131n },
      { first: 133n, last: 135n },
      { first: 137n, last: 255n },
    ],
    destinationPort: zero,
    sourcePort: zero,
    established: zero,
  },
];
