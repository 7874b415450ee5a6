import { type Permit, permitsOf } from '../permits.ts';
import { readCiscoIos } from '../read/cisco-ios.ts';
import { repliesTo } from '../replies.ts';
import type { Resolved } from '../resolve.ts';
import { type Family, formatAddress, prefixesOf, type Range, widthOf } from '../space/addresses.ts';
import { intersectRanges } from '../space/boxes.ts';
import { type Box, hasPorts, isIcmp, protocolName } from '../space/packet.ts';
import { type Compiled, comment } from './compiled.ts';
import { redundantPermits } from './redundant.ts';

/** IOS takes remarks of at most 100 characters. */
const REMARK = 100;

/** Entries of the table for router access lists of a common access switch (Catalyst 9300: 5,120, both families together). */
const IOS_ENTRIES = 5000;

/**
 * Two extended access lists without state, for IPv4 and IPv6, to be bound inwards on the interfaces of the zones: what is
 * permitted and its answers, and nothing else. Each line stands for one entry of the switch's table.
 */
export function compileCiscoIos(resolved: Resolved, budget = IOS_ENTRIES): Compiled {
  const permits = permitsOf(resolved);
  const all = [
    ...permits,
    ...repliesTo(permits).map((permit) => ({ ...permit, origins: permit.origins.map(answer) })),
  ];
  const most = all.reduce((total, permit) => total + iosEntries(permit), 0);
  const frame = { target: 'cisco-ios', budget, limits };
  if (most > MANY * budget) return { ...frame, files: [], entries: most };
  const full = ([4, 6] as const).map((family) => listOf(family, all, resolved.name));
  const isTight = full.reduce((total, list) => total + list.entries, 0) > budget;
  const lists = isTight ? full.map(shortened) : full;
  const text = `${lists.map(({ lines }) => lines.join('\n')).join('\n!\n')}\n!\nend\n`;
  const entries = lists.reduce((total, list) => total + list.entries, 0);
  return { ...frame, files: entries > budget ? [] : [{ name: 'wardline.ios', text }], entries };
}

/** Lines that are the same are written once, and where it is tight those that others hold are left out: more than this many times the budget never fit. */
const MANY = 4;

interface WrittenList {
  family: Family;
  lines: string[];
  entries: number;
}

/** The list without the lines that others hold, read from its own text. */
function shortened({ family, lines, entries }: WrittenList): WrittenList {
  const result = readCiscoIos(lines.join('\n'));
  const [ruleset] = 'fault' in result ? [] : result.rulesets;
  if (ruleset === undefined) return { family, lines, entries };
  const redundant = redundantPermits(ruleset, family);
  const kept = lines.filter((_, index) => !redundant.has(index + 1));
  const isRemark = (line: string | undefined) => line?.startsWith(' remark ') ?? false;
  const said = kept.filter((line, index) => !(isRemark(line) && isRemark(kept[index + 1])));
  return { family, lines: said, entries: entries - redundant.size };
}

const limits = [
  'A list without state lets answers through by their flags and ports: a TCP segment with ACK or RST, a UDP packet from the service’s port.',
  'Later fragments have no ports: IOS lets them through where the addresses fit.',
  'Neighbour discovery of IPv6 passes.',
];

/** Lines of a permit, counted without writing them. */
export function iosEntries({ family, sources, destinations, services }: Permit): number {
  const prefixes = (ranges: readonly Range[]) =>
    ranges.reduce((total, range) => total + prefixesOf(range, widthOf(family)).length, 0);
  const texts = services.reduce((total, box) => total + serviceTexts(family, box).length, 0);
  return prefixes(sources) * prefixes(destinations) * texts;
}

const answer = (origin: string): string => `${origin} (answers)`;

function listOf(family: Family, permits: readonly Permit[], name: string): WrittenList {
  const head = family === 4 ? 'ip access-list extended WARDLINE-4' : 'ipv6 access-list WARDLINE-6';
  const lines = [`! ${comment(name, 80)}: made by wardline policy compile`, head];
  const said = new Set<string>();
  for (const permit of permits) {
    if (permit.family !== family) continue;
    const own = iosLines(permit).filter((line) => !said.has(line));
    if (own.length === 0) continue;
    for (const line of own) said.add(line);
    lines.push(` remark ${comment(permit.origins.join(', '), REMARK)}`, ...own.map((line) => ` ${line}`));
  }
  // An empty list would let everything through, and a denial alone would cut neighbour discovery and with it the segment.
  const end =
    family === 4
      ? ['deny ip any any']
      : ['permit icmp any any nd-na', 'permit icmp any any nd-ns', 'deny ipv6 any any'];
  lines.push(' remark nothing else is declared', ...end.map((line) => ` ${line}`));
  return { family, lines, entries: said.size + end.length };
}

/** The entries of a permit, as IOS and what takes lists from a RADIUS server write them. */
export function iosLines({ family, sources, destinations, services }: Permit): string[] {
  const [from, to] = [sources, destinations].map((ranges) => addressesText(family, ranges)) as [
    string[],
    string[],
  ];
  return services.flatMap((box) =>
    serviceTexts(family, box).flatMap(({ protocol, source, destination, after }) =>
      from.flatMap((client) =>
        to.map((server) => words('permit', protocol, client, source, server, destination, after)),
      ),
    ),
  );
}

const words = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');

/** `any`, `host A`, and prefixes: with a wildcard mask in IPv4, with their length in IPv6. */
function addressesText(family: Family, ranges: readonly Range[]): string[] {
  const bits = widthOf(family);
  return ranges.flatMap((range) =>
    prefixesOf(range, bits).map(({ value, length }) => {
      if (length === 0) return 'any';
      if (length === bits) return `host ${formatAddress(family, value)}`;
      const wildcard = (1n << BigInt(bits - length)) - 1n;
      return family === 4
        ? `${formatAddress(4, value)} ${formatAddress(4, wildcard)}`
        : `${formatAddress(6, value)}/${length}`;
    }),
  );
}

interface ServiceText {
  protocol: string;
  source: string;
  destination: string;
  after: string;
}

function serviceTexts(family: Family, box: Box): ServiceText[] {
  if (Object.keys(box).length === 0)
    return [{ protocol: family === 4 ? 'ip' : 'ipv6', source: '', destination: '', after: '' }];
  const protocols = box.protocol ?? [{ first: 0n, last: 255n }];
  return protocols.flatMap(({ first, last }) =>
    Array.from({ length: Number(last - first) + 1 }, (_, index) => first + BigInt(index)).flatMap((number) =>
      textsOfProtocol(family, number, box),
    ),
  );
}

function textsOfProtocol(family: Family, number: bigint, box: Box): ServiceText[] {
  const protocol = protocolWord(family, number);
  if (isIcmp(number)) return icmpTexts(protocol, box);
  if (!hasNamedPorts(number)) {
    const fits = [box.sourcePort, box.destinationPort].every((ranges) =>
      ranges?.[0]?.first !== undefined ? ranges[0].first === 0n : true,
    );
    return fits ? [{ protocol, source: '', destination: '', after: '' }] : [];
  }
  const after = number === 6n && isOnly(box.established, 1n) ? 'established' : '';
  return portTexts(box.sourcePort).flatMap((source) =>
    portTexts(box.destinationPort).map((destination) => ({ protocol, source, destination, after })),
  );
}

const isOnly = (ranges: readonly Range[] | undefined, value: bigint): boolean =>
  ranges?.length === 1 && ranges[0]!.first === value && ranges[0]!.last === value;

/** IOS takes ports after tcp, udp and sctp only. */
const hasNamedPorts = (number: bigint): boolean => hasPorts(number) && [6n, 17n, 132n].includes(number);

function portTexts(ranges: readonly Range[] | undefined): string[] {
  return (ranges ?? [{ first: 0n, last: 65_535n }]).map(({ first, last }) => {
    if (first === 0n && last === 65_535n) return '';
    return first === last ? `eq ${first}` : `range ${first} ${last}`;
  });
}

/** Types one by one, each with its codes: IOS has no ranges here. */
function icmpTexts(protocol: string, box: Box): ServiceText[] {
  const byte = [{ first: 0n, last: 255n }];
  const types = intersectRanges(box.sourcePort ?? byte, byte);
  const codes = intersectRanges(box.destinationPort ?? byte, byte);
  const plain = { protocol, source: '', destination: '' };
  const isAll = (ranges: readonly Range[]) => ranges[0]?.first === 0n && ranges[0].last === 255n;
  if (isAll(types) && isAll(codes)) return [{ ...plain, after: '' }];
  return values(types).flatMap((type) =>
    isAll(codes)
      ? [{ ...plain, after: String(type) }]
      : values(codes).map((code) => ({ ...plain, after: `${type} ${code}` })),
  );
}

const values = (ranges: readonly Range[]): bigint[] =>
  ranges.flatMap(({ first, last }) =>
    Array.from({ length: Number(last - first) + 1 }, (_, index) => first + BigInt(index)),
  );

/** Names that IOS knows; others go by number. ICMP of the other family has no name of its own. */
function protocolWord(family: Family, number: bigint): string {
  const own = family === 4 ? 'icmp' : 'icmpv6';
  if (isIcmp(number)) return protocolName(number) === own ? 'icmp' : String(number);
  const name = protocolName(number);
  return ['tcp', 'udp', 'sctp', 'gre', 'esp'].includes(name) ? name : String(number);
}
