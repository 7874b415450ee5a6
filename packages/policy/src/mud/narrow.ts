import { ANYWHERE, type Conduit, type Policy, type ServicePart } from '../policy.ts';
import { type AddressSet, families, type PolicyAsset, protocolNumber, resolvePolicy } from '../resolve.ts';
import {
  type Family,
  mergeRanges,
  parseAddressRange,
  type Range,
  wholeRange,
  widthOf,
} from '../space/addresses.ts';
import { subtractRanges } from '../space/boxes.ts';
import { isIcmp, protocolName } from '../space/packet.ts';
import { zoneUri } from './export-mud.ts';
import type { MudEntry, MudPeer, MudProfile } from './profile.ts';

/** What the hospital knows and the manufacturer cannot. */
export interface MudSite {
  /** The zone of the devices that the profile is of. */
  zone: string;
  /** Zones that stand for the device's own controllers, and for those of a URI. */
  myControllers: readonly string[];
  controllers: ReadonlyMap<string, string>;
  /** Addresses of names, as the hospital's own resolver gives them. */
  names: ReadonlyMap<string, readonly string[]>;
}

/** What became of one service of a conduit. */
export interface MudChange {
  conduit: string;
  service: string;
  /** `removed`: the manufacturer does not name it. `kept`: it could not be decided, and stays. */
  verdict: 'removed' | 'kept';
  because: string;
}

export interface Narrowed {
  policy: Policy;
  changes: readonly MudChange[];
  /** Entries of the profile that no conduit uses. They are not added: a manufacturer's file widens nothing. */
  unused: readonly string[];
}

/** Private addresses, where a hospital has not said otherwise (RFC 1918, RFC 4193). */
const local = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fe80::/10'];

/**
 * Takes out of the conduits of one zone what the manufacturer's file does not name. Nothing is ever added. What cannot be
 * decided (a name without addresses, a controller that is not known, peers that are named in part) stays and is told:
 * a doubtful file must not cut care.
 */
export function narrowToMud(
  policy: Policy,
  assets: readonly PolicyAsset[],
  profile: MudProfile,
  site: MudSite,
): Narrowed {
  const narrowing = new Narrowing(policy, assets, profile, site);
  const conduits = policy.conduits.flatMap((conduit) => narrowing.conduit(conduit));
  return { policy: { ...policy, conduits }, changes: narrowing.changes, unused: narrowing.unused() };
}

type Answer = 'yes' | 'no' | 'unknown' | 'partly';

class Narrowing {
  readonly changes: MudChange[] = [];
  readonly #policy: Policy;
  readonly #profile: MudProfile;
  readonly #site: MudSite;
  readonly #assets: readonly PolicyAsset[];
  readonly #zones: ReadonlyMap<string, AddressSet>;
  readonly #used = new Set<MudEntry>();

  constructor(policy: Policy, assets: readonly PolicyAsset[], profile: MudProfile, site: MudSite) {
    this.#policy = policy;
    this.#profile = profile;
    this.#site = site;
    this.#assets = assets;
    const zones = resolvePolicy(policy, assets, 0).zones.map(
      ({ name, addresses }) => [name, addresses] as const,
    );
    this.#zones = new Map([...zones, [ANYWHERE, { 4: [wholeRange(32)], 6: [wholeRange(128)] }]]);
  }

  unused(): string[] {
    const opening = this.#profile.entries.filter((entry) => mayOpen(entry));
    return [...new Set(opening.filter((entry) => !this.#used.has(entry)).map(({ name }) => name))];
  }

  conduit(conduit: Conduit): Conduit[] {
    const { zone } = this.#site;
    const [opens, isOpened] = [conduit.from.includes(zone), conduit.to.includes(zone)];
    if (!opens && !isOpened) return [conduit];
    const others = opens ? conduit.from : conduit.to;
    if (others.length > 1) {
      this.#tell(
        conduit,
        'all of it',
        'kept',
        `it is of other zones too: ${others.filter((name) => name !== zone).join(', ')}`,
      );
      return [conduit];
    }
    const peers = this.#join(opens ? conduit.to : conduit.from);
    const direction = opens ? 'from-device' : 'to-device';
    const before = this.changes.length;
    const services = this.#partsOf(conduit).flatMap((part) => this.#part(conduit, part, peers, direction));
    if (services.length > 0) return [{ ...conduit, services }];
    // Where nothing is enforced by default, a conduit that enforces is what closes its zones.
    if (this.#policy.undeclared === 'enforce' || conduit.mode !== 'enforce') return [];
    this.changes.splice(before);
    this.#tell(
      conduit,
      'all of it',
      'kept',
      'the manufacturer names nothing of it, and without it everything would pass between its zones',
    );
    return [conduit];
  }

  #partsOf({ services }: Conduit): ServicePart[] {
    return services.flatMap((use) =>
      'service' in use ? this.#policy.services.find(({ name }) => name === use.service)!.parts : [use],
    );
  }

  #join(names: readonly string[]): AddressSet {
    const of = (family: Family) => mergeRanges(names.flatMap((name) => this.#zones.get(name)![family]));
    return { 4: of(4), 6: of(6) };
  }

  #tell(conduit: Conduit, service: string, verdict: MudChange['verdict'], because: string): void {
    this.changes.push({ conduit: conduit.name, service, verdict, because });
  }

  /** What is left of one service. */
  #part(
    conduit: Conduit,
    part: ServicePart,
    peers: AddressSet,
    direction: MudEntry['direction'],
  ): ServicePart[] {
    if (part.protocol === 'any') return this.#anything(conduit, peers, direction);
    const protocol = protocolNumber(part.protocol);
    const kept: Range[] = [];
    for (const range of this.#pieces(part, protocol)) {
      const service = `${part.protocol}${isWhole(protocol, range) ? '' : ` ${rangeWord(range)}`}`;
      const answer = this.#ask(protocol, range, peers, direction);
      if (answer === 'no') this.#tell(conduit, service, 'removed', 'the manufacturer does not name it');
      else kept.push(range);
      if (answer === 'unknown')
        this.#tell(conduit, service, 'kept', 'it depends on a name or a controller that is not known here');
      if (answer === 'partly')
        this.#tell(conduit, service, 'kept', 'the manufacturer names some of its peers only');
    }
    const merged = mergeRanges(kept);
    if (merged.length === 0) return [];
    const [only] = merged;
    return [
      {
        protocol: part.protocol,
        ports: merged.length === 1 && isWhole(protocol, only!) ? [] : merged.map(rangeWord),
      },
    ];
  }

  /** Everything becomes what the manufacturer names, where it is certain whom he means. */
  #anything(conduit: Conduit, peers: AddressSet, direction: MudEntry['direction']): ServicePart[] {
    const own = this.#opening(direction).filter((entry) => this.#meets(entry, peers));
    if (
      own.some(({ protocol }) => protocol === null) ||
      own.some(({ peer }) => this.#addresses(peer) === null)
    ) {
      this.#tell(
        conduit,
        'any',
        'kept',
        'the manufacturer names everything, or peers that are not known here',
      );
      for (const entry of own) this.#used.add(entry);
      return [{ protocol: 'any', ports: [] }];
    }
    this.#tell(
      conduit,
      'any',
      'removed',
      own.length === 0 ? 'the manufacturer names nothing of it' : 'the manufacturer names single services',
    );
    for (const entry of own) this.#used.add(entry);
    const parts = own.map(partOf);
    return [...new Map(parts.map((part) => [`${part.protocol} ${part.ports.join(' ')}`, part])).values()];
  }

  #opening(direction: MudEntry['direction']): MudEntry[] {
    return this.#profile.entries.filter((entry) => entry.direction === direction && mayOpen(entry));
  }

  #meets({ peer, family }: MudEntry, peers: AddressSet): boolean {
    const addresses = this.#addresses(peer);
    return addresses === null
      ? peers[family].length > 0
      : subtractRanges(peers[family], subtractRanges([wholeRange(widthOf(family))], addresses[family]))
          .length > 0;
  }

  /** The pieces of a service between all ends that the manufacturer's entries have. */
  #pieces({ ports }: ServicePart, protocol: bigint): Range[] {
    const whole = isIcmp(protocol) ? wholeRange(8) : wholeRange(16);
    const own = ports.length === 0 ? [whole] : mergeRanges(ports.map(rangeOf));
    const ends = this.#profile.entries
      .filter((entry) => entry.protocol === protocol)
      .flatMap((entry) => (isIcmp(protocol) ? entry.sourcePorts : entry.destinationPorts) ?? [])
      .flatMap(({ first, last }) => [first, last + 1n]);
    return own.flatMap(({ first, last }) => {
      const cuts = [first, ...ends.filter((end) => end > first && end <= last), last + 1n].toSorted((a, b) =>
        a < b ? -1 : 1,
      );
      return cuts
        .slice(0, -1)
        .flatMap((cut, index) =>
          cut === cuts[index + 1] ? [] : [{ first: cut, last: cuts[index + 1]! - 1n }],
        );
    });
  }

  #ask(protocol: bigint, range: Range, peers: AddressSet, direction: MudEntry['direction']): Answer {
    const answers = families
      .filter(
        (family) => peers[family].length > 0 && !(isIcmp(protocol) && (protocol === 1n) !== (family === 4)),
      )
      .map((family) => this.#askFamily(family, protocol, range, peers[family], direction));
    if (answers.length === 0) return 'unknown';
    if (answers.every((answer) => answer === answers[0])) return answers[0]!;
    return answers.includes('unknown') ? 'unknown' : 'partly';
  }

  #askFamily(
    family: Family,
    protocol: bigint,
    range: Range,
    peers: readonly Range[],
    direction: MudEntry['direction'],
  ): Answer {
    const own = this.#opening(direction).filter(
      (entry) => entry.family === family && speaksOf(entry, protocol, range),
    );
    for (const entry of own) this.#used.add(entry);
    const named = own.map(({ peer }) => this.#addresses(peer));
    const left = subtractRanges(peers, mergeRanges(named.flatMap((set) => set?.[family] ?? [])));
    if (left.length === 0) return 'yes';
    if (named.includes(null)) return 'unknown';
    const [before, after] = [sizeOf(peers), sizeOf(left)];
    return after < before ? 'partly' : 'no';
  }

  /** Null where nobody here knows whom the manufacturer means. */
  #addresses(peer: MudPeer): AddressSet | null {
    const { zone, controllers, myControllers, names } = this.#site;
    switch (peer.kind) {
      case 'any':
        return this.#zones.get(ANYWHERE)!;
      case 'local-networks':
        return setOf(local);
      case 'network':
        return { 4: peer.family === 4 ? [peer.range] : [], 6: peer.family === 6 ? [peer.range] : [] };
      case 'model':
        return peer.uri === this.#profile.url ? this.#zones.get(zone)! : null;
      case 'same-manufacturer':
        return this.#manufacturer();
      case 'manufacturer':
        return hostOf(this.#profile.url) === peer.authority ? this.#manufacturer() : null;
      case 'my-controller':
        return myControllers.length === 0 ? null : this.#join(myControllers);
      case 'controller': {
        const known = controllers.get(peer.uri) ?? zoneOfUri(peer.uri, this.#zones);
        return known === undefined ? null : this.#join([known]);
      }
      default: {
        const addresses = names.get(peer.name);
        return addresses === undefined ? null : setOf(addresses);
      }
    }
  }

  /** Devices of the vendors that the zone's own devices have. */
  #manufacturer(): AddressSet | null {
    const own = this.#zones.get(this.#site.zone)!;
    const isOwn = (ips: readonly string[]) => {
      const set = setOf(ips);
      return families.some((family) =>
        set[family].some(({ first }) =>
          own[family].some((range) => range.first <= first && first <= range.last),
        ),
      );
    };
    const vendors = new Set(
      this.#assets.filter(({ ips }) => isOwn(ips)).flatMap(({ attributes }) => attributes.vendor ?? []),
    );
    if (vendors.size === 0) return null;
    return setOf(
      this.#assets
        .filter(({ attributes }) => (attributes.vendor ?? []).some((vendor) => vendors.has(vendor)))
        .flatMap(({ ips }) => ips),
    );
  }
}

/** Whether an entry is about what opens a conversation: those that ask for the sender's port are about answers. */
function mayOpen({ direction, initiated, sourcePorts, protocol }: MudEntry): boolean {
  if (initiated !== null && initiated !== direction) return false;
  return sourcePorts === null || protocol === null || isIcmp(protocol);
}

function speaksOf(entry: MudEntry, protocol: bigint, range: Range): boolean {
  if (entry.protocol === null) return true;
  if (entry.protocol !== protocol) return false;
  const asked = isIcmp(protocol) ? entry.sourcePorts : entry.destinationPorts;
  return asked === null || asked.some(({ first, last }) => first <= range.first && range.last <= last);
}

function partOf({ protocol, sourcePorts, destinationPorts }: MudEntry): ServicePart {
  const name = protocolName(protocol!);
  const ranges = isIcmp(protocol!) ? sourcePorts : destinationPorts;
  return { protocol: name, ports: (ranges ?? []).map(rangeWord) };
}

function setOf(texts: readonly string[]): AddressSet {
  const ranges = texts.map(parseAddressRange).filter((range) => range !== null);
  const of = (family: Family) =>
    mergeRanges(
      ranges.filter((range) => range.family === family).map(({ first, last }) => ({ first, last })),
    );
  return { 4: of(4), 6: of(6) };
}

const sizeOf = (ranges: readonly Range[]): bigint =>
  ranges.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
const rangeWord = ({ first, last }: Range): string => (first === last ? `${first}` : `${first}-${last}`);
const isWhole = (protocol: bigint, { first, last }: Range): boolean =>
  first === 0n && last === (isIcmp(protocol) ? 255n : 65_535n);

function rangeOf(text: string): Range {
  const [first, last = first] = text.split('-');
  return { first: BigInt(first!), last: BigInt(last!) };
}

/** A zone that a profile of our own names. */
const zoneOfUri = (uri: string, zones: ReadonlyMap<string, unknown>): string | undefined =>
  [...zones.keys()].find((name) => zoneUri(name) === uri);

function hostOf(url: string): string | null {
  return /^https:\/\/([^/:?#]+)/i.exec(url)?.[1]?.toLowerCase() ?? null;
}
