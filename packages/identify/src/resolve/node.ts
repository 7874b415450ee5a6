import {
  type Endpoint,
  type Evidence,
  endpointKey,
  type FactKind,
  type Facts,
  type Sighting,
} from '@wardline/model';
import { isNobody } from '../addresses.ts';
import type { ObservedEndpoint } from '../endpoints.ts';

/** How well the wire shows that the MAC address is the holder of the IP address. */
export type Binding = 'none' | 'reply' | 'proven';

/** One endpoint with what identity rests on. */
export interface Node {
  key: string;
  /** Its place among all nodes; set once all are known. */
  number: number;
  endpoint: Endpoint;
  silent: boolean;
  ttl: number | null;
  binding: Binding;
  /** The protocol that showed it, for the reason. */
  boundBy: string;
  firstSeen: number;
  lastSeen: number;
  evidence: Evidence | null;
  /** Whether the MAC address is this host's own, or that of a router in front of it. */
  place: 'own' | 'routed' | 'addressless';
}

const NEVER = Number.MAX_SAFE_INTEGER;

/** All nodes by key, in its order, so that the order of the input does not matter; and each sighting with its node. */
export interface Nodes {
  nodes: Map<string, Node>;
  located: readonly Located[];
}

/** A sighting whose subject is somebody. */
export interface Located {
  sighting: Sighting;
  node: Node;
}

const ONLY_PLACING: ReadonlySet<string> = new Set(['address.seen', 'arp.binding', 'ndp.binding']);

/** The nodes of all endpoints that are somebody. */
export function makeNodes(endpoints: readonly ObservedEndpoint[], sightings: readonly Sighting[]): Nodes {
  const nodes = new Map<string, Node>();
  for (const endpoint of endpoints) {
    const node = nodeOf(nodes, endpoint);
    if (node === null) continue;
    node.silent &&= endpoint.silent ?? false;
    widen(node, endpoint.firstSeen ?? NEVER, endpoint.lastSeen ?? 0);
  }
  const located: Located[] = [];
  for (const sighting of sightings) {
    const node = nodeOf(nodes, sighting.subject);
    if (node === null) continue;
    learn(node, sighting);
    // Most sightings place an endpoint and tell no more of who it is.
    if (!ONLY_PLACING.has(sighting.kind)) located.push({ sighting, node });
  }
  const sorted = new Map<string, Node>();
  for (const key of [...nodes.keys()].sort()) sorted.set(key, nodes.get(key)!);
  return { nodes: sorted, located };
}

function nodeOf(nodes: Map<string, Node>, endpoint: Endpoint): Node | null {
  if (isNobody(endpoint)) return null;
  const key = endpointKey(endpoint);
  const known = nodes.get(key);
  if (known !== undefined) return known;
  const node = blankNode(endpoint, key);
  nodes.set(key, node);
  return node;
}

export function blankNode({ mac, ip, vlan }: Endpoint, key: string): Node {
  return {
    key,
    number: -1,
    endpoint: { mac, ip, vlan },
    silent: true,
    ttl: null,
    binding: 'none',
    boundBy: '',
    firstSeen: NEVER,
    lastSeen: 0,
    evidence: null,
    place: mac === null ? 'addressless' : 'own',
  };
}

function learn(node: Node, sighting: Sighting): void {
  node.silent = false;
  widen(node, sighting.firstSeen, sighting.lastSeen);
  node.evidence = earlier(node.evidence, sighting.evidence);
  if (sighting.kind === 'address.seen') {
    const { ttl } = sighting.facts as Facts['address.seen'];
    if (ttl !== undefined) node.ttl = Math.max(node.ttl ?? 0, ttl);
  }
  const binding = bindingOf(sighting);
  if (binding === 'none' || node.binding === 'proven') return;
  node.binding = binding;
  node.boundBy = BINDERS[sighting.kind] ?? '';
}

/** What the protocols that bind addresses are called. */
const BINDERS: Readonly<Partial<Record<FactKind, string>>> = {
  'arp.binding': 'ARP',
  'dhcp.lease': 'DHCP',
  'dhcpv6.lease': 'DHCPv6',
  'ndp.binding': 'Neighbour discovery',
};

/**
 * A probe asks for an address that nobody may hold yet (RFC 5227 §2.1.1, RFC 4862 §5.4); a reply may be a proxy's
 * (RFC 1027, RFC 4861 §7.2.8).
 */
function bindingOf(sighting: Sighting): Binding {
  if (sighting.kind === 'dhcp.lease' || sighting.kind === 'dhcpv6.lease') return 'proven';
  if (sighting.kind !== 'arp.binding' && sighting.kind !== 'ndp.binding') return 'none';
  const { operation } = sighting.facts as Facts['arp.binding'] | Facts['ndp.binding'];
  if (operation === 'probe') return 'none';
  return operation === 'reply' || operation === 'advertisement' ? 'reply' : 'proven';
}

function widen(node: Node, first: number, last: number): void {
  node.firstSeen = Math.min(node.firstSeen, first);
  node.lastSeen = Math.max(node.lastSeen, last);
}

/** The one that comes first by capture and packet, so that the choice does not hang on the order of the input. */
export function earlier(a: Evidence | null, b: Evidence): Evidence {
  if (a === null) return b;
  if (a.capture !== b.capture) return a.capture < b.capture ? a : b;
  return a.packet <= b.packet ? a : b;
}
