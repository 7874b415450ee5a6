import { type Endpoint, endpointKey, type IdentityDecision, type Join, type Sighting } from '@wardline/model';
import { isLocalMac, isSharedMac } from '../addresses.ts';
import type { ObservedEndpoint } from '../endpoints.ts';
import { type Proposal, proposal, sameIpJoins, sameMacJoins } from './address-joins.ts';
import { assetId } from './asset-id.ts';
import { announcedAddressJoins, identifierJoins } from './identifier-joins.ts';
import { blankNode, makeNodes, type Node } from './node.ts';
import { byMac, placeNodes } from './placement.ts';
import { Union } from './union.ts';

export interface ResolveInput {
  endpoints: readonly ObservedEndpoint[];
  /** Of `identityKinds`; others do no harm. */
  sightings: readonly Sighting[];
  decisions: readonly IdentityDecision[];
}

/** The endpoints of one device or system, and why they are one. */
export interface AssetGroup {
  id: string;
  endpoints: Endpoint[];
  joins: Join[];
  /** The MAC addresses of its own network cards, not those of routers in front of it. */
  macs: string[];
  /** For how many IP addresses of others its network cards passed packets on. */
  routes: number;
}

/**
 * Groups endpoints into devices. Persons' decisions come first and are never overridden; then what one network card
 * holds, then what was seen behind routers, then identifiers that only one device has. The result does not depend on
 * the order of the input; leaving a decision out undoes it. Endpoints that never spoke join a known device or none.
 */
export function resolve(input: ResolveInput): { groups: AssetGroup[] } {
  const { nodes, located } = makeNodes(input.endpoints, input.sightings);
  const cards = byMac(nodes);
  placeNodes(nodes, cards);
  addRouters(nodes, cards);
  const list = [...nodes.values()];
  for (const [index, node] of list.entries()) node.number = index;
  const union = new Union(list.length);
  const joins: Proposal[] = [];
  const apply = (proposals: readonly Proposal[]) => {
    for (const p of proposals) if (union.join(p.a.number, p.b.number) === 'joined') joins.push(p);
  };

  const rootOf = (node: Node) => union.find(node.number);

  decide(input.decisions, nodes, union, apply);
  apply(sameMacJoins(cards));
  apply(sameIpJoins(nodes));
  apply(announcedAddressJoins(located, nodes));
  apply(identifierJoins(located, rootOf));
  return { groups: makeGroups(list, joins, routeCounts(cards), rootOf) };
}

/** A router that was only seen passing packets on is a device too. */
function addRouters(nodes: Map<string, Node>, cards: ReadonlyMap<string, Node[]>): void {
  for (const [mac, list] of cards) {
    const routed = list.filter((node) => node.place === 'routed' && !node.silent);
    if (isSharedMac(mac) || routed.length === 0 || list.some((node) => node.place === 'own')) continue;
    const endpoint: Endpoint = { mac, ip: null, vlan: routed[0]!.endpoint.vlan };
    const node = { ...routed[0]!, ...blankNode(endpoint, endpointKey(endpoint)), silent: false };
    node.firstSeen = routed.reduce((first, entry) => Math.min(first, entry.firstSeen), routed[0]!.firstSeen);
    node.lastSeen = routed.reduce((last, entry) => Math.max(last, entry.lastSeen), 0);
    node.evidence = routed[0]!.evidence;
    nodes.set(node.key, node);
    list.push(node);
  }
}

/** From the last decision to the first, so that a later one holds against an earlier one. */
function decide(
  decisions: readonly IdentityDecision[],
  nodes: ReadonlyMap<string, Node>,
  union: Union,
  apply: (proposals: readonly Proposal[]) => void,
): void {
  for (const [index, decision] of [...decisions].reverse().entries()) {
    const known = (keys: readonly string[]) => keys.flatMap((key) => nodes.get(key) ?? []);
    const [left, right] = [known(decision.left), known(decision.right)];
    if (decision.kind === 'split') {
      union.split(
        index,
        left.map((node) => node.number),
        right.map((node) => node.number),
      );
      continue;
    }
    const [first, ...rest] = [...left, ...right];
    if (first === undefined) continue;
    apply(rest.map((node) => proposal(first, node, 'person', decision.reason.slice(0, 600))));
  }
}

function makeGroups(
  list: readonly Node[],
  joins: readonly Proposal[],
  routes: ReadonlyMap<string, number>,
  rootOf: (node: Node) => number,
): AssetGroup[] {
  const members = Map.groupBy(list, rootOf);
  const joinsOf = Map.groupBy(joins, (join) => rootOf(join.a));
  const groups: AssetGroup[] = [];
  const taken = new Set<string>();
  for (const [root, group] of members) {
    if (group.every((node) => node.silent)) continue;
    const macs = ownMacs(group);
    groups.push({
      id: assetId(group, macs, taken),
      endpoints: group.map((node) => node.endpoint),
      joins: (joinsOf.get(root) ?? []).map(toJoin),
      macs,
      routes: macs.reduce((sum, mac) => sum + (routes.get(mac) ?? 0), 0),
    });
  }
  return groups;
}

function ownMacs(group: readonly Node[]): string[] {
  const macs = group.filter((node) => node.place === 'own').flatMap((node) => node.endpoint.mac ?? []);
  return [...new Set(macs)].sort((a, b) => Number(isLocalMac(a)) - Number(isLocalMac(b)) || (a < b ? -1 : 1));
}

/** For how many addresses each network card passed packets on, where it did. */
function routeCounts(cards: ReadonlyMap<string, readonly Node[]>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [mac, list] of cards) {
    const routed = list.filter((node) => node.place === 'routed' && !node.silent);
    if (routed.length === 0 || isSharedMac(mac)) continue;
    counts.set(mac, new Set(routed.map((node) => node.endpoint.ip)).size);
  }
  return counts;
}

function toJoin({ a, b, rule, reason, evidence }: Proposal): Join {
  return { endpoints: [a.endpoint, b.endpoint], rule, reason, evidence: evidence.slice(0, 4) };
}
