import type { Criticality } from '@wardline/model';
import { Decider, type Verdict } from './decide.ts';
import { ADDRESSES_KEPT } from './limits.ts';
import { originOf } from './permits.ts';
import { protocolNumber, type Resolved } from './resolve.ts';
import { parseAddress } from './space/addresses.ts';
import { hasPorts, isIcmp, type Packet } from './space/packet.ts';

/** A conversation as it was recorded: a client that used one service of a server. */
export interface Recorded {
  client: Party;
  server: Party;
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `sctp` or `ip-N`. */
  transport: string;
  serverPort: number | null;
  application: string | null;
  /** TCP connections that were established, or for other transports packets that were answered. */
  answered: boolean;
  packets: number;
  /** Microseconds since the epoch. */
  firstSeen: number;
  lastSeen: number;
  /** Days on which it was seen. */
  days: number;
  /** Where a person can look: a capture and a packet in it. */
  evidence: string | null;
}

export interface Party {
  /** Null where no asset is known there. */
  asset: string | null;
  name: string;
  ip: string | null;
  criticality: Criticality;
}

/** What a policy does to one recorded conversation. */
export interface Effect {
  conversation: Recorded;
  verdict: Verdict;
}

export interface Simulation {
  passes: number;
  watched: number;
  notSeen: number;
  /** Worst first: life-critical before others, then those seen on more days, then by packets. */
  cut: Effect[];
  /** Every asset that loses something, by its id, with how much. */
  assets: { asset: string; name: string; criticality: Criticality; cut: number; peers: number }[];
  /** Must-allow clauses of which no conversation was recorded: they cannot be shown by this recording. */
  unseenMusts: string[];
}

const order: readonly Criticality[] = ['life-critical', 'high', 'medium', 'unknown', 'low'];

/** Replays recorded conversations against a policy: what would pass, what would be cut, and whom it would hurt. */
export function simulate(resolved: Resolved, conversations: Iterable<Recorded>): Simulation {
  const judge = new Judge(resolved);
  const counts = { passes: 0, watched: 0, notSeen: 0 };
  const cut: Effect[] = [];
  const seen = new Set<string>();
  for (const conversation of conversations) {
    const { verdict, musts: shown } = judge.look(conversation);
    if (verdict.kind === 'cut') cut.push({ conversation, verdict });
    else counts[verdict.kind === 'not-seen' ? 'notSeen' : verdict.kind] += 1;
    for (const must of shown) seen.add(must);
  }
  cut.sort((a, b) => worstFirst(a.conversation, b.conversation));
  const musts = resolved.clauses.filter(({ kind }) => kind === 'must-allow').map(originOf);
  return { ...counts, cut, assets: hurt(cut), unseenMusts: musts.filter((must) => !seen.has(must)) };
}

export const criticalityOf = ({ client, server }: Recorded): Criticality =>
  order.find((grade) => client.criticality === grade || server.criticality === grade) ?? 'unknown';

export function worstFirst(a: Recorded, b: Recorded): number {
  return (
    order.indexOf(criticalityOf(a)) - order.indexOf(criticalityOf(b)) ||
    b.days - a.days ||
    b.packets - a.packets
  );
}

function hurt(cut: readonly Effect[]): Simulation['assets'] {
  const assets = new Map<string, Simulation['assets'][number] & { of: Set<string> }>();
  for (const { conversation } of cut) {
    for (const [party, peer] of [
      [conversation.client, conversation.server],
      [conversation.server, conversation.client],
    ] as const) {
      if (party.asset === null) continue;
      const { asset, name, criticality } = party;
      const row = assets.get(asset) ?? { asset, name, criticality, cut: 0, peers: 0, of: new Set<string>() };
      row.cut += 1;
      row.of.add(peer.asset ?? peer.ip ?? '');
      assets.set(asset, row);
    }
  }
  return [...assets.values()]
    .map(({ of, ...row }) => ({ ...row, peers: of.size }))
    .toSorted(
      (a, b) =>
        order.indexOf(a.criticality) - order.indexOf(b.criticality) ||
        b.cut - a.cut ||
        (a.asset < b.asset ? -1 : 1),
    );
}

export type Address = NonNullable<ReturnType<typeof parseAddress>>;

/** The opening packet of a conversation; null where there is none that an enforcement point would see. */
export function packetOf(
  { client, server, transport, serverPort }: Pick<Recorded, 'client' | 'server' | 'transport' | 'serverPort'>,
  addressOf: (ip: string) => Address | null,
): Packet | null {
  const [source, destination] = [client.ip, server.ip].map((ip) => (ip === null ? null : addressOf(ip)));
  if (!source || !destination || source.family !== destination.family) return null;
  const protocol = protocolNumber(transport.startsWith('ip-') ? `protocol ${transport.slice(3)}` : transport);
  const ports = hasPorts(protocol) ? BigInt(serverPort ?? 0) : 0n;
  return {
    family: source.family,
    source: source.value,
    destination: destination.value,
    protocol,
    destinationPort: ports,
    // An echo request stands for what a recording without types says of ICMP.
    sourcePort: isIcmp(protocol) ? (protocol === 1n ? 8n : 128n) : hasPorts(protocol) ? 49_152n : 0n,
    established: 0n,
  };
}

/** Groups, broadcasts and link-local addresses: they end with their segment, and no enforcement point between zones sees them. */
export function isGroupAddress(ip: string): boolean {
  if (ip.includes(':')) return ip.startsWith('ff') || ip.startsWith('fe80:');
  const first = Number(ip.split('.')[0]);
  return first >= 224 || ip.endsWith('.255') || ip.startsWith('169.254.');
}

/** Decides conversation by conversation, each by its opening packet. */
class Judge {
  readonly #decider: Decider;
  /** A hospital's conversations name the same few addresses again and again. */
  readonly #addresses = new Map<string, Address | null>();

  constructor(resolved: Resolved) {
    this.#decider = new Decider(resolved);
  }

  /** The verdict, and the must-allow clauses that the conversation shows at work. */
  look(conversation: Recorded): { verdict: Verdict; musts: readonly string[] } {
    const packet = packetOf(conversation, (ip) => this.#address(ip));
    if (packet === null)
      return { verdict: { kind: 'not-seen', why: 'it has no addresses of one family' }, musts: [] };
    const { verdict, musts } = this.#decider.decide(packet);
    if (isGroupAddress(conversation.server.ip!))
      return { verdict: { kind: 'not-seen', why: 'it ends with its segment' }, musts };
    return { verdict, musts };
  }

  #address(ip: string): Address | null {
    const before = this.#addresses.get(ip);
    if (before !== undefined) return before;
    const address = parseAddress(ip);
    this.#addresses.set(ip, address);
    return address;
  }
}

/** One conversation as it goes by: who asks whom for what. */
export interface Asked {
  client: string;
  server: string;
  transport: string;
  port: number | null;
}

/** Decides on conversations one by one, as they go by. */
export class ConversationJudge {
  readonly #decider: Decider;
  readonly #addresses = new Map<string, Address | null>();

  constructor(resolved: Resolved) {
    this.#decider = new Decider(resolved);
  }

  /** `not-seen`: below the network layer, of two families, or within a segment. */
  verdict({ client, server, transport, port }: Asked): { kind: Verdict['kind']; by: readonly string[] } {
    const party = (ip: string): Party => ({ asset: null, name: ip, ip, criticality: 'unknown' });
    const given = { client: party(client), server: party(server), transport, serverPort: port };
    const packet = isGroupAddress(server) ? null : packetOf(given, (ip) => this.#address(ip));
    if (packet === null) return { kind: 'not-seen', by: [] };
    return this.#decider.decide(packet).verdict;
  }

  #address(ip: string): Address | null {
    const before = this.#addresses.get(ip);
    if (before !== undefined) return before;
    const address = parseAddress(ip);
    // Who scans names many addresses; the few that speak are asked for again and again.
    if (this.#addresses.size >= ADDRESSES_KEPT) this.#addresses.clear();
    this.#addresses.set(ip, address);
    return address;
  }
}

/** What a second draft changes for the recorded conversations. */
export interface DraftDifference {
  newlyCut: Effect[];
  newlyPassing: Effect[];
}

export function compareDrafts(
  before: Resolved,
  after: Resolved,
  conversations: Iterable<Recorded>,
): DraftDifference {
  const [old, fresh] = [new Judge(before), new Judge(after)];
  const difference: DraftDifference = { newlyCut: [], newlyPassing: [] };
  for (const conversation of conversations) {
    const [was, is] = [old.look(conversation).verdict, fresh.look(conversation).verdict];
    if (is.kind === 'cut' && was.kind !== 'cut') difference.newlyCut.push({ conversation, verdict: is });
    if (is.kind !== 'cut' && was.kind === 'cut') difference.newlyPassing.push({ conversation, verdict: is });
  }
  difference.newlyCut.sort((a, b) => worstFirst(a.conversation, b.conversation));
  return difference;
}
