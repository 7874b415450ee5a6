import { ANYWHERE, type Conduit, type Policy, type ServicePart } from '../policy.ts';
import { families, protocolNumber } from '../resolve.ts';
import { type Family, formatAddress, parseAddressRange, prefixesOf, widthOf } from '../space/addresses.ts';
import { hasPorts, isIcmp } from '../space/packet.ts';

/** What a MUD file says of itself. */
export interface MudAbout {
  /** Where it will be found; https (RFC 8520 §5). */
  url: string;
  /** RFC 3339. */
  lastUpdate: string;
  systemInfo: string;
  manufacturer: string | null;
  model: string | null;
}

/** RFC 8520 §3.6. */
const SYSTEM_INFO = 60;
/** Hours that a copy may be used (RFC 8520 §3.5). */
const CACHE_HOURS = 48;

/** The name of a zone as the class of a controller, by which a profile says whom it means without saying addresses. */
export const zoneUri = (zone: string): string => `urn:wardline:zone:${zone}`;

/**
 * A MUD file for the devices of one zone, from the conduits that are theirs: what they may open, what may be opened to them, and
 * the answers. Zones with members become classes of controllers, zones of addresses networks. What the form cannot say is
 * left out and told.
 */
export function exportMud(
  policy: Policy,
  zone: string,
  about: MudAbout,
): { text: string; leftOut: string[] } {
  const writer = new MudWriter(policy, zone, about.url);
  for (const conduit of policy.conduits) writer.conduit(conduit);
  const { url, lastUpdate, systemInfo, manufacturer, model } = about;
  const lists = (direction: Direction) => ({
    'access-lists': { 'access-list': writer.names(direction).map((name) => ({ name })) },
  });
  const file = {
    'ietf-mud:mud': {
      'mud-version': 1,
      'mud-url': url,
      'last-update': lastUpdate,
      'cache-validity': CACHE_HOURS,
      'is-supported': true,
      systeminfo: systemInfo.slice(0, SYSTEM_INFO),
      ...(manufacturer === null ? {} : { 'mfg-name': manufacturer }),
      ...(model === null ? {} : { 'model-name': model }),
      'from-device-policy': lists('from-device'),
      'to-device-policy': lists('to-device'),
    },
    'ietf-access-control-list:acls': { acl: writer.lists() },
  };
  return { text: `${JSON.stringify(file, null, 2)}\n`, leftOut: writer.leftOut };
}

type Direction = 'from-device' | 'to-device';
type Matches = Record<string, unknown>;

/** A peer as an entry asks for it: in the internet layer, or as an abstraction. */
interface Peer {
  families: readonly Family[];
  layer: (family: Family, side: 'source' | 'destination') => Matches;
  mud: Matches;
}

class MudWriter {
  readonly leftOut: string[] = [];
  readonly #policy: Policy;
  readonly #zone: string;
  readonly #url: string;
  readonly #entries: Record<
    Direction,
    Record<Family, { name: string; matches: Matches; actions: Matches }[]>
  > = {
    'from-device': { 4: [], 6: [] },
    'to-device': { 4: [], 6: [] },
  };

  constructor(policy: Policy, zone: string, url: string) {
    this.#policy = policy;
    this.#zone = zone;
    this.#url = url;
  }

  names(direction: Direction): string[] {
    return families
      .filter((family) => this.#entries[direction][family].length > 0)
      .map((family) => listName(direction, family));
  }

  lists() {
    return (['from-device', 'to-device'] as const).flatMap((direction) =>
      families
        .filter((family) => this.#entries[direction][family].length > 0)
        .map((family) => ({
          name: listName(direction, family),
          type: `ipv${family}-acl-type`,
          aces: { ace: this.#entries[direction][family] },
        })),
    );
  }

  conduit(conduit: Conduit): void {
    const { from, to } = conduit;
    const ways: [Direction, readonly string[]][] = [
      ...(from.includes(this.#zone) ? [['from-device', to] as [Direction, readonly string[]]] : []),
      ...(to.includes(this.#zone) ? [['to-device', from] as [Direction, readonly string[]]] : []),
    ];
    for (const [opener, others] of ways)
      for (const part of this.#partsOf(conduit))
        for (const peer of others.flatMap((name) => this.#peers(name)))
          this.#conversation(conduit.name, opener, part, peer);
  }

  #partsOf({ services }: Conduit): ServicePart[] {
    return services.flatMap((use) =>
      'service' in use ? this.#policy.services.find(({ name }) => name === use.service)!.parts : [use],
    );
  }

  #peers(name: string): Peer[] {
    const none = () => ({});
    if (name === ANYWHERE) return [{ families, layer: none, mud: {} }];
    if (name === this.#zone) return [{ families, layer: none, mud: { model: this.#url } }];
    const { members, addresses, outside } = this.#policy.zones.find((zone) => zone.name === name)!;
    const isPlain = members === null && outside.length === 0;
    return isPlain
      ? addresses.flatMap(networkPeers)
      : [{ families, layer: none, mud: { controller: zoneUri(name) } }];
  }

  /** What opens it in one direction, and its answers in the other. */
  #conversation(name: string, opener: Direction, part: ServicePart, peer: Peer): void {
    const back: Direction = opener === 'from-device' ? 'to-device' : 'from-device';
    const protocol = part.protocol === 'any' ? null : protocolNumber(part.protocol);
    if (
      part.ports.length > 0 &&
      protocol !== null &&
      hasPorts(protocol) &&
      protocol !== 6n &&
      protocol !== 17n
    ) {
      this.leftOut.push(`${name}: ports of ${part.protocol}`);
      return;
    }
    if (protocol === null) this.leftOut.push(`${name}: who opens what of "any"; both sides may`);
    for (const family of peer.families) {
      if (protocol !== null && isIcmp(protocol) && (protocol === 1n) !== (family === 4)) continue;
      const ports =
        part.ports.length === 0
          ? [null]
          : protocol !== null && isIcmp(protocol)
            ? part.ports.flatMap(typesOf)
            : part.ports;
      for (const port of ports) {
        this.#entry(
          name,
          opener,
          family,
          protocol,
          peer,
          matchesOf(protocol, port, 'destination-port', opener),
        );
        if (protocol === null || !isIcmp(protocol))
          this.#entry(name, back, family, protocol, peer, matchesOf(protocol, port, 'source-port', opener));
      }
    }
  }

  #entry(
    name: string,
    direction: Direction,
    family: Family,
    protocol: bigint | null,
    peer: Peer,
    service: Matches,
  ): void {
    const own = this.#entries[direction][family];
    const layer = {
      ...(protocol === null ? {} : { protocol: Number(protocol) }),
      ...peer.layer(family, direction === 'from-device' ? 'destination' : 'source'),
    };
    const matches = {
      ...(Object.keys(layer).length === 0 ? {} : { [`ipv${family}`]: layer }),
      ...service,
      ...(Object.keys(peer.mud).length === 0 ? {} : { 'ietf-mud:mud': peer.mud }),
    };
    own.push({ name: `${name}-${own.length + 1}`, matches, actions: { forwarding: 'accept' } });
  }
}

const listName = (direction: Direction, family: Family): string => `wardline-${direction}-v${family}`;

function networkPeers(text: string): Peer[] {
  const { family, first, last } = parseAddressRange(text)!;
  return prefixesOf({ first, last }, widthOf(family)).map(({ value, length }) => ({
    families: [family],
    layer: (_, side) => ({ [`${side}-ipv${family}-network`]: `${formatAddress(family, value)}/${length}` }),
    mud: {},
  }));
}

function matchesOf(
  protocol: bigint | null,
  port: string | null,
  side: 'source-port' | 'destination-port',
  opener: Direction,
): Matches {
  if (protocol === null) return {};
  if (isIcmp(protocol)) return port === null ? {} : icmpOf(port);
  if (protocol !== 6n && protocol !== 17n) return {};
  const direction = protocol === 6n ? { 'ietf-mud:direction-initiated': opener } : {};
  const ports = port === null || !hasPorts(protocol) ? {} : { [side]: portOf(port) };
  const match = { ...direction, ...ports };
  return Object.keys(match).length === 0 ? {} : { [protocol === 6n ? 'tcp' : 'udp']: match };
}

function portOf(text: string): Matches {
  const [first, last] = text.split('-').map(Number);
  return last === undefined ? { operator: 'eq', port: first } : { 'lower-port': first, 'upper-port': last };
}

const icmpOf = (text: string): Matches => ({ icmp: { type: Number(text) } });

/** Types have no ranges in the form. */
function typesOf(text: string): string[] {
  const [first, last = first] = text.split('-').map(Number);
  return Array.from({ length: last! - first! + 1 }, (_, index) => String(first! + index));
}
