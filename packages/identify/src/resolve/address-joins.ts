import type { Join } from '@wardline/model';
import { HOLDERS_PER_ADDRESS } from '../limits.ts';
import type { Node } from './node.ts';

/** A proposal that two nodes are one device. */
export interface Proposal {
  a: Node;
  b: Node;
  rule: string;
  reason: string;
  evidence: Join['evidence'];
}

export function proposal(a: Node, b: Node, rule: string, reason: string): Proposal {
  const evidence = [a.evidence, b.evidence].filter((e) => e !== null);
  return { a, b, rule, reason, evidence };
}

/** Joins all addresses that one network card uses of its own. */
export function sameMacJoins(cards: ReadonlyMap<string, readonly Node[]>): Proposal[] {
  const found: Proposal[] = [];
  for (const [mac, list] of cards) {
    if (list.length < 2) continue;
    const own = list.filter((node) => node.place === 'own').sort(byProof);
    const [first, ...rest] = own;
    if (first === undefined) continue;
    for (const node of rest) found.push(proposal(first, node, 'same-mac', macReason(mac, node)));
  }
  return found;
}

function byProof(a: Node, b: Node): number {
  const rank = (node: Node) => (node.binding === 'proven' ? 0 : node.binding === 'reply' ? 1 : 2);
  return rank(a) - rank(b) || (a.key < b.key ? -1 : 1);
}

function macReason(mac: string, node: Node): string {
  const { ip } = node.endpoint;
  if (ip === null) return `Both were seen with the network card ${mac}.`;
  if (node.binding !== 'none') return `${node.boundBy} shows that the network card ${mac} holds ${ip}.`;
  return `The network card ${mac} sent from ${ip} without a router in between.`;
}

/** Brings what was seen behind a router, or without any MAC address, to the holder of the IP address at that time. */
export function sameIpJoins(nodes: ReadonlyMap<string, Node>): Proposal[] {
  const found: Proposal[] = [];
  for (const [ip, list] of byIp(nodes)) {
    const holders = list.filter((entry) => entry.place === 'own').slice(0, HOLDERS_PER_ADDRESS);
    let hub: Node | null = null;
    for (const node of list) {
      if (node.place === 'own') continue;
      const holder = holderFor(node, holders);
      if (holder !== null)
        found.push(proposal(holder, node, 'routed', ipReason(ip, node, holder, cardCount(holders))));
      else if (hub === null) hub = node;
      else
        found.push(
          proposal(hub, node, 'same-ip', `Both are ${ip}, and no network card is known to hold it.`),
        );
    }
  }
  return found;
}

function byIp(nodes: ReadonlyMap<string, Node>): Map<string, Node[]> {
  const lists = new Map<string, Node[]>();
  for (const node of nodes.values()) {
    const { ip } = node.endpoint;
    if (ip === null) continue;
    const list = lists.get(ip);
    if (list === undefined) lists.set(ip, [node]);
    else list.push(node);
  }
  return lists;
}

/**
 * Who held the address when the node was seen: of several holders first the one of the same VLAN, then the one that was
 * seen with it for the longest part of the node's time, then the last.
 */
function holderFor(node: Node, holders: readonly Node[]): Node | null {
  const { vlan, mac } = node.endpoint;
  const sameVlan = holders.filter((holder) => vlan !== null && holder.endpoint.vlan === vlan);
  const candidates = mac === null && sameVlan.length > 0 ? sameVlan : holders;
  const best = [...candidates].sort(
    (a, b) => common(b, node) - common(a, node) || b.lastSeen - a.lastSeen || (a.key < b.key ? -1 : 1),
  );
  return best[0] ?? null;
}

/** For how long both were seen, in µs; negative: how far apart in time they were. */
function common(a: Node, b: Node): number {
  return Math.min(a.lastSeen, b.lastSeen) - Math.max(a.firstSeen, b.firstSeen);
}

function cardCount(nodes: readonly Node[]): number {
  return new Set(nodes.map((node) => node.endpoint.mac)).size;
}

function ipReason(ip: string, node: Node, holder: Node, holders: number): string {
  const card = holder.endpoint.mac ?? 'a device';
  const doubt = holders > 1 ? ` ${holders} network cards held ${ip}; this one for most of that time.` : '';
  const { mac } = node.endpoint;
  if (mac === null) return `${ip} was held by ${card} at that time.${doubt}`;
  return `${mac} is a router that passed on packets of ${ip}, which ${card} holds.${doubt}`;
}
