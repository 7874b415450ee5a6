import { WILDCARD_RANGES } from '../limits.ts';
import {
  type Family,
  mergeRanges,
  parseAddress,
  parseAddressRange,
  type Range,
  wholeRange,
  widthOf,
} from '../space/addresses.ts';
import { intersectAll, subtractRanges } from '../space/boxes.ts';
import { maskedRanges } from '../space/masks.ts';
import type { Box } from '../space/packet.ts';
import type { PanEntry, PanKind } from './pan-entries.ts';

/** Thrown within this reader and caught at its door. */
export class PanFault extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

const point = (value: bigint): Range[] => [{ first: value, last: value }];

/** Applications that a packet's header shows. */
const known: Readonly<Record<string, readonly Box[]>> = {
  icmp: [{ protocol: point(1n) }],
  'ipv6-icmp': [{ protocol: point(58n) }],
  ping: [{ protocol: point(1n), sourcePort: point(8n) }],
  ping6: [{ protocol: point(58n), sourcePort: point(128n) }],
  gre: [{ protocol: point(47n) }],
  ospf: [{ protocol: point(89n) }],
  igmp: [{ protocol: point(2n) }],
  'ipsec-esp': [{ protocol: point(50n) }],
  'ipsec-ah': [{ protocol: point(51n) }],
};

const tcp = (...ports: readonly bigint[]): Box => ({
  protocol: point(6n),
  destinationPort: ports.flatMap(point),
});
const predefined: Readonly<Record<string, Box>> = {
  'service-http': tcp(80n, 8080n),
  'service-https': tcp(443n),
};

/** The objects that the rules of one place name: its own first, then those of the groups above it. */
export class Objects {
  readonly #byName = new Map<string, PanEntry>();
  readonly #scopes: readonly (string | null)[];

  constructor(entries: readonly PanEntry[], scopes: readonly (string | null)[]) {
    this.#scopes = scopes;
    for (const entry of entries) this.#byName.set(`${entry.scope} ${entry.kind} ${entry.name}`, entry);
  }

  #find(kind: PanKind, name: string): PanEntry | undefined {
    return this.#scopes
      .map((scope) => this.#byName.get(`${scope} ${kind} ${name}`))
      .find((entry) => entry !== undefined);
  }

  /** Null where any address is meant. */
  addresses(
    names: readonly string[],
    line: number,
    negated: boolean,
    conditions: string[],
  ): Record<Family, Range[]> | null {
    if (names.includes('any')) return null;
    const found: Record<Family, Range[]> = { 4: [], 6: [] };
    let open = false;
    for (const name of this.#flat('address-group', 'static', names)) {
      const ranges = this.#address(name, line);
      if (typeof ranges === 'string') {
        conditions.push(ranges);
        open = true;
      } else for (const { family, first, last } of ranges) found[family].push({ first, last });
    }
    if (open) return null;
    const merged = { 4: mergeRanges(found[4]), 6: mergeRanges(found[6]) };
    if (!negated) return merged;
    const rest = (family: Family) => subtractRanges([wholeRange(widthOf(family))], merged[family]);
    return { 4: rest(4), 6: rest(6) };
  }

  /** The members of groups, and of the groups in them. */
  #flat(kind: PanKind, key: string, names: readonly string[]): string[] {
    const seen = new Set<string>();
    const members: string[] = [];
    for (const waiting = names.toReversed(); waiting.length > 0; ) {
      const name = waiting.pop()!;
      const group = this.#find(kind, name);
      if (group === undefined || !group.values.has(key)) members.push(name);
      else if (!seen.has(name)) waiting.push(...group.values.get(key)!.toReversed());
      seen.add(name);
    }
    return members;
  }

  /** Ranges, or in words what is looked up when a packet comes. */
  #address(name: string, line: number): ({ family: Family } & Range)[] | string {
    if (this.#find('address-group', name) !== undefined)
      return `the address group ${name}, whose members come and go`;
    const entry = this.#find('address', name);
    if (entry === undefined && this.#find('external-list', name) !== undefined)
      return `the list ${name}, which is fetched`;
    if (entry === undefined && (this.#find('region', name) !== undefined || /^[A-Z]{2}$/.test(name)))
      return `the region ${name}`;
    const wildcard = entry?.values.get('ip-wildcard')?.[0];
    if (wildcard !== undefined) return wildcardRanges(wildcard, entry!.line);
    const text =
      entry === undefined ? name : (entry.values.get('ip-netmask') ?? entry.values.get('ip-range'))?.[0];
    if (text === undefined) {
      if (entry!.values.has('fqdn')) return `the name ${entry!.values.get('fqdn')![0]}`;
      throw new PanFault(entry!.line, `the address ${name} has a form that is not known here`);
    }
    const range = parseNetwork(text);
    if (range === null)
      throw new PanFault(
        entry?.line ?? line,
        `${text} is no address, network or range, and no object has this name`,
      );
    return [range];
  }

  services(
    applications: readonly string[],
    services: readonly string[],
    line: number,
    conditions: string[],
  ): Record<Family, Box[]> {
    const ports = this.#ports(services, line);
    const all = { 4: ports ?? [{}], 6: ports ?? [{}] };
    if (applications.includes('any')) {
      if (services.includes('application-default'))
        conditions.push('the usual ports of whatever application it is');
      return all;
    }
    const named = this.#flat('application-group', 'members', applications).map((name) =>
      this.#application(name),
    );
    const unknown = applications.filter((_, index) => named[index] === null);
    if (named.includes(null)) {
      conditions.push(`application ${unknown.length === 0 ? applications.join(' ') : unknown.join(' ')}`);
      return services.includes('application-default') ? this.#usual(applications) : all;
    }
    const of = (family: Family) =>
      intersectAll(
        named.flatMap((one) => one![family]),
        all[family],
      );
    return { 4: of(4), 6: of(6) };
  }

  /** The ports that applications of the hospital's own say are theirs; of others they are known to App-ID only. */
  #usual(names: readonly string[]): Record<Family, Box[]> {
    const boxes = this.#flat('application-group', 'members', names).map((name) =>
      usualPorts(this.#find('application', name)),
    );
    const usual = boxes.every((one) => one !== null) ? boxes.flat() : [{}];
    return { 4: usual, 6: usual };
  }

  /** Null where every port of every protocol is meant. */
  #ports(names: readonly string[], line: number): Box[] | null {
    if (names.includes('any') || names.includes('application-default')) return null;
    return this.#flat('service-group', 'members', names).flatMap((name) => this.#service(name, line));
  }

  #service(name: string, line: number): Box[] {
    const entry = this.#find('service', name);
    if (entry === undefined) {
      if (Object.hasOwn(predefined, name)) return [predefined[name]!];
      throw new PanFault(line, `there is no service ${name}`);
    }
    const boxes = transports.flatMap(([word, number]) => {
      const ports = entry.values.get(`protocol/${word}/port`)?.[0];
      if (ports === undefined) return [];
      const from = entry.values.get(`protocol/${word}/source-port`)?.[0];
      return [
        {
          protocol: point(number),
          destinationPort: portsOf(ports, entry.line),
          ...(from === undefined ? {} : { sourcePort: portsOf(from, entry.line) }),
        },
      ];
    });
    if (boxes.length === 0)
      throw new PanFault(entry.line, `the service ${name} has no ports that are known here`);
    return boxes;
  }

  /** Null where only App-ID knows it. */
  #application(name: string): Record<Family, readonly Box[]> | null {
    const entry = this.#find('application', name);
    if (entry === undefined) {
      const boxes = Object.hasOwn(known, name) ? known[name]! : null;
      return boxes === null ? null : { 4: boxes, 6: boxes };
    }
    const number = entry.values.get('default/ident-by-ip-protocol')?.[0];
    if (number !== undefined && /^\d{1,3}$/.test(number)) {
      const box = [{ protocol: point(BigInt(number)) }];
      return { 4: box, 6: box };
    }
    const [four, six] = [icmpOf(entry, 'ident-by-icmp-type', 1n), icmpOf(entry, 'ident-by-icmp6-type', 58n)];
    return four.length + six.length === 0 ? null : { 4: four, 6: six };
  }
}

const transports = [
  ['tcp', 6n],
  ['udp', 17n],
  ['sctp', 132n],
] as const;

/** `tcp/8080,8443`, `udp/dynamic`; null where it is not said or changes. */
function usualPorts(entry: PanEntry | undefined): Box[] | null {
  const said = entry?.values.get('default/port');
  if (said === undefined) return null;
  const boxes = said.map((text): Box | null => {
    const [word, ports] = text.split('/');
    const number = transports.find(([name]) => name === word)?.[1];
    if (number === undefined || ports === undefined || !/^[\d,-]+$/.test(ports)) return null;
    return { protocol: point(number), destinationPort: portsOf(ports, entry!.line) };
  });
  return boxes.every((box) => box !== null) ? boxes : null;
}

/** `10.20.1.1/0.0.248.255`: bits that are set in the mask may be anything. */
function wildcardRanges(text: string, line: number): ({ family: Family } & Range)[] {
  const [address, mask] = text.split('/').map((part) => parseAddress(part));
  if (address?.family !== 4 || mask?.family !== 4)
    throw new PanFault(line, `${text} is no address with a wildcard`);
  const fixed = ~mask.value & 0xffffffffn;
  const ranges = maskedRanges(fixed, address.value & fixed, WILDCARD_RANGES);
  if (ranges === null) throw new PanFault(line, 'the wildcard stands for more than 65,536 ranges');
  return ranges.map((range) => ({ family: 4, ...range }));
}

function icmpOf({ values }: PanEntry, ident: string, protocol: bigint): Box[] {
  const number = (key: string) => {
    const text = values.get(`default/${ident}/${key}`)?.[0];
    return text !== undefined && /^\d{1,3}$/.test(text) ? point(BigInt(text)) : null;
  };
  const [type, code] = [number('type'), number('code')];
  if (type === null) return [];
  return [
    { protocol: point(protocol), sourcePort: type, ...(code === null ? {} : { destinationPort: code }) },
  ];
}

/** `80,443,5000-5010` */
function portsOf(text: string, line: number): Range[] {
  return mergeRanges(
    text.split(',').map((part) => {
      const match = /^\s*(\d{1,5})(?:-(\d{1,5}))?\s*$/.exec(part);
      const [first, last] = match === null ? [1, 0] : [Number(match[1]), Number(match[2] ?? match[1])];
      if (first > last || last > 65_535) throw new PanFault(line, `${part} is no port`);
      return { first: BigInt(first), last: BigInt(last) };
    }),
  );
}

/** Bits beside a mask mean nothing to the firewall. */
function parseNetwork(text: string): ({ family: Family } & Range) | null {
  const [address, length] = text.split('/');
  const parsed = length === undefined ? null : parseAddress(address!);
  if (parsed === null) return parseAddressRange(text);
  if (!/^\d{1,3}$/.test(length!) || Number(length) > widthOf(parsed.family)) return null;
  const rest = (1n << BigInt(widthOf(parsed.family) - Number(length))) - 1n;
  return { family: parsed.family, first: parsed.value & ~rest, last: parsed.value | rest };
}
