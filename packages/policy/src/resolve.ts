import {
  ANYWHERE,
  type Condition,
  type Mode,
  type Policy,
  type Selectable,
  type ServicePart,
  type ServiceUse,
} from './policy.ts';
import {
  type Family,
  mergeRanges,
  parseAddress,
  parseAddressRange,
  type Range,
  wholeRange,
  widthOf,
} from './space/addresses.ts';
import { type Box, hasPorts, isIcmp, protocols } from './space/packet.ts';

/** An asset as a policy sees it: what selectors ask, and its addresses. */
export interface PolicyAsset {
  id: string;
  name: string;
  ips: readonly string[];
  /** Several values where the asset has several; none where it is not known. */
  attributes: Readonly<Partial<Record<Exclude<Selectable, 'asset' | 'name' | 'address'>, readonly string[]>>>;
}

/** Addresses of both families; ranges are merged. */
export type AddressSet = Readonly<Record<Family, readonly Range[]>>;

export interface ResolvedZone {
  name: string;
  /** Ids of the assets it holds. */
  members: readonly string[];
  addresses: AddressSet;
}

/** One declaration with its zones and services worked out. */
export interface Clause {
  kind: 'conduit' | 'exception' | 'must-allow' | 'must-deny';
  /** The conduit's name, or the title. */
  name: string;
  from: readonly string[];
  to: readonly string[];
  sources: AddressSet;
  destinations: AddressSet;
  /** Over the fields after the addresses, by family: ICMP differs. */
  services: Readonly<Record<Family, readonly Box[]>>;
  mode: Mode;
}

export interface Resolved {
  name: string;
  undeclared: Mode;
  zones: readonly ResolvedZone[];
  clauses: readonly Clause[];
  /** Titles of the exceptions that have ended. */
  ended: readonly string[];
}

const everywhere: AddressSet = { 4: [wholeRange(32)], 6: [wholeRange(128)] };
export const families: readonly Family[] = [4, 6];

/**
 * Works a policy out over the assets as they are at a time (microseconds since the epoch): which addresses each zone has,
 * and with them every clause. The policy has to be one without errors.
 */
export function resolvePolicy(policy: Policy, assets: readonly PolicyAsset[], now: number): Resolved {
  const zones = policy.zones.map((zone) => resolveZone(zone, assets));
  const byName = new Map(zones.map((zone) => [zone.name, zone.addresses]));
  byName.set(ANYWHERE, everywhere);
  const services = new Map(policy.services.map(({ name, parts }) => [name, parts]));
  const flow = ({
    from,
    to,
    services: uses,
  }: {
    from: readonly string[];
    to: readonly string[];
    services: readonly ServiceUse[];
  }) => ({
    from,
    to,
    sources: join(from.map((name) => byName.get(name)!)),
    destinations: join(to.map((name) => byName.get(name)!)),
    services: servicesOf(uses.flatMap((use) => ('service' in use ? services.get(use.service)! : [use]))),
  });
  const running = policy.exceptions.filter(({ until }) => Date.parse(until) * 1000 > now);
  return {
    name: policy.name,
    undeclared: policy.undeclared,
    zones,
    clauses: [
      ...policy.conduits.map((c): Clause => ({ kind: 'conduit', name: c.name, mode: c.mode, ...flow(c) })),
      ...running.map((e): Clause => ({ kind: 'exception', name: e.title, mode: 'enforce', ...flow(e) })),
      ...policy.musts.map(
        (m): Clause => ({ kind: `must-${m.verdict}`, name: m.title, mode: 'enforce', ...flow(m) }),
      ),
    ],
    ended: policy.exceptions.filter((exception) => !running.includes(exception)).map(({ title }) => title),
  };
}

function resolveZone(zone: Policy['zones'][number], assets: readonly PolicyAsset[]): ResolvedZone {
  const { members: condition } = zone;
  const members = condition === null ? [] : assets.filter((asset) => holds(condition, asset));
  const own = members.flatMap(({ ips }) => ips.map(parseAddress)).filter((address) => address !== null);
  const declared = zone.addresses.map((text) => parseAddressRange(text)!);
  const outside = zone.outside.map((text) => parseAddressRange(text)!);
  const ranges = (family: Family) =>
    mergeRanges([
      ...own.filter((a) => a.family === family).map(({ value }) => ({ first: value, last: value })),
      ...declared.filter((range) => range.family === family),
      ...complement(
        outside.filter((range) => range.family === family),
        family,
      ),
    ]);
  return { name: zone.name, members: members.map(({ id }) => id), addresses: { 4: ranges(4), 6: ranges(6) } };
}

/**
 * Every address that none of the ranges holds; none where there are no ranges: `outside 10.0.0.0/8` speaks of IPv4 only, and
 * must not let every address of IPv6 in.
 */
function complement(ranges: readonly Range[], family: Family): Range[] {
  if (ranges.length === 0) return [];
  const gaps: Range[] = [];
  let next = 0n;
  for (const { first, last } of mergeRanges(ranges)) {
    if (first > next) gaps.push({ first: next, last: first - 1n });
    next = last + 1n;
  }
  const end = (1n << BigInt(widthOf(family))) - 1n;
  return next > end ? gaps : [...gaps, { first: next, last: end }];
}

function join(sets: readonly AddressSet[]): AddressSet {
  return { 4: mergeRanges(sets.flatMap((set) => set[4])), 6: mergeRanges(sets.flatMap((set) => set[6])) };
}

function valuesOf(asset: PolicyAsset, attribute: Selectable): readonly string[] {
  if (attribute === 'asset') return [asset.id];
  if (attribute === 'name') return [asset.name];
  if (attribute === 'address') return asset.ips;
  return asset.attributes[attribute] ?? [];
}

/** Whether the asset is chosen. What is not known of it is not equal to anything. */
export function holds(condition: Condition, asset: PolicyAsset): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, asset));
  if ('any' in condition) return condition.any.some((part) => holds(part, asset));
  if ('not' in condition) return !holds(condition.not, asset);
  const values = valuesOf(asset, condition.attribute);
  if ('contains' in condition) {
    const text = condition.contains.toLowerCase();
    return values.some((value) => value.toLowerCase().includes(text));
  }
  if (condition.attribute === 'address') return values.some((value) => withinAny(value, condition.in));
  return values.some((value) => condition.in.includes(value));
}

function withinAny(address: string, texts: readonly string[]): boolean {
  const parsed = parseAddress(address);
  if (parsed === null) return false;
  return texts.some((text) => {
    const range = parseAddressRange(text);
    return range?.family === parsed.family && range.first <= parsed.value && parsed.value <= range.last;
  });
}

/** ICMP is of IPv4 and ICMPv6 of IPv6; the others are of both. */
function servicesOf(parts: readonly ServicePart[]): Record<Family, Box[]> {
  const of = (family: Family) =>
    parts
      .filter(({ protocol }) => protocol !== (family === 4 ? 'icmpv6' : 'icmp'))
      .flatMap((part) => boxesOfPart(part));
  return { 4: of(4), 6: of(6) };
}

export function protocolNumber(protocol: string): bigint {
  return protocols[protocol] ?? BigInt(protocol.replace('protocol ', ''));
}

function boxesOfPart({ protocol, ports }: ServicePart): Box[] {
  if (protocol === 'any') return [{}];
  const number = protocolNumber(protocol);
  const only = { protocol: [{ first: number, last: number }] };
  if (ports.length === 0) return [only];
  const field = isIcmp(number) ? 'sourcePort' : 'destinationPort';
  return hasPorts(number) || isIcmp(number)
    ? [{ ...only, [field]: mergeRanges(ports.map(portRange)) }]
    : [only];
}

function portRange(text: string): Range {
  const [first, last = first] = text.split('-');
  return { first: BigInt(first!), last: BigInt(last!) };
}
