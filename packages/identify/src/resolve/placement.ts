import { distance, isIpv6, isLinkLocal, isPublicIp, isSharedMac, isUnspecified } from '../addresses.ts';
import {
  HOLDERS_PER_ADDRESS,
  PROXY_ARP_ADDRESSES,
  UNPROVEN_ADDRESSES,
  UNPROVEN_ADDRESSES_V6,
} from '../limits.ts';
import type { Node } from './node.ts';

/**
 * Decides for every node whether its MAC address is the host's own or that of a router in front of it. A router never
 * merges the hosts behind it.
 */
export function placeNodes(nodes: ReadonlyMap<string, Node>, cards: ReadonlyMap<string, Node[]>): void {
  const holders = provenHolders(nodes);
  for (const [mac, list] of cards) {
    const card = { proxy: isProxy(list), hasPrivateIp: list.some(hasPrivateIp) };
    for (const node of list) node.place = isSharedMac(mac) ? 'routed' : placeOf(node, card, holders);
    placeCrowd(list);
    placeDoubtful(list);
  }
}

/** The nodes of each network card. */
export function byMac(nodes: ReadonlyMap<string, Node>): Map<string, Node[]> {
  const lists = new Map<string, Node[]>();
  for (const node of nodes.values()) {
    const { mac } = node.endpoint;
    if (mac === null) continue;
    const list = lists.get(mac);
    if (list === undefined) lists.set(mac, [node]);
    else list.push(node);
  }
  return lists;
}

/** For each IP address the nodes whose MAC address holds it by DHCP or by ARP of its own accord. */
function provenHolders(nodes: ReadonlyMap<string, Node>): Map<string, Node[]> {
  const holders = new Map<string, Node[]>();
  for (const node of nodes.values()) {
    const { ip } = node.endpoint;
    if (ip === null || node.binding !== 'proven') continue;
    const list = holders.get(ip);
    if (list === undefined) holders.set(ip, [node]);
    else if (list.length < HOLDERS_PER_ADDRESS) list.push(node);
  }
  return holders;
}

/** What all endpoints of one MAC address together show of it. */
interface Card {
  proxy: boolean;
  hasPrivateIp: boolean;
}

function placeOf(node: Node, card: Card, holders: Map<string, Node[]>): Node['place'] {
  const { ip, mac } = node.endpoint;
  if (ip === null || isUnspecified(ip) || isLinkLocal(ip) || node.binding === 'proven') return 'own';
  const others = (holders.get(ip) ?? []).filter((other) => other.endpoint.mac !== mac);
  if (node.binding === 'reply') return card.proxy && others.length > 0 ? 'routed' : 'own';
  const far = distance(node.ttl);
  if (far === 'routed') return 'routed';
  if (far === 'on-link') return 'own';
  if (others.some((other) => overlaps(other, node))) return 'routed';
  return isPublicIp(ip) && card.hasPrivateIp ? 'routed' : 'own';
}

function isProxy(siblings: readonly Node[]): boolean {
  return siblings.filter((node) => node.binding === 'reply').length > PROXY_ARP_ADDRESSES;
}

function hasPrivateIp(node: Node): boolean {
  const { ip } = node.endpoint;
  return ip !== null && !isUnspecified(ip) && !isLinkLocal(ip) && !isPublicIp(ip);
}

export function overlaps(a: Node, b: Node): boolean {
  return a.firstSeen <= b.lastSeen && b.firstSeen <= a.lastSeen;
}

/** More addresses than a host has, none of them shown to be its own: the MAC address is a gateway's. */
function placeCrowd(list: readonly Node[]): void {
  const unproven = list.filter(isUnproven);
  const v6 = unproven.filter((node) => isIpv6(node.endpoint.ip ?? ''));
  const v4 = unproven.filter((node) => !isIpv6(node.endpoint.ip ?? ''));
  if (v4.length > UNPROVEN_ADDRESSES) for (const node of v4) node.place = 'routed';
  if (v6.length > UNPROVEN_ADDRESSES_V6) for (const node of v6) node.place = 'routed';
}

function isUnproven(node: Node): boolean {
  const { ip } = node.endpoint;
  if (node.place !== 'own' || node.binding !== 'none' || ip === null) return false;
  return !isUnspecified(ip) && !isLinkLocal(ip);
}

/** Where a MAC address passes packets on for some, what does not show a distance is taken for passed on too. */
function placeDoubtful(list: readonly Node[]): void {
  if (!list.some((node) => node.place === 'routed')) return;
  for (const node of list) {
    if (isUnproven(node) && distance(node.ttl) === 'unknown') node.place = 'routed';
  }
}
