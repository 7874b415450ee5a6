import type { Criticality } from '@wardline/model';
import { originOf } from './permits.ts';
import { type Clause, protocolNumber, type Resolved } from './resolve.ts';
import { parseAddress } from './space/addresses.ts';
import { contains, hasPorts, isIcmp, type Packet } from './space/packet.ts';

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

export type Verdict =
  /** Declared by these. */
  | { kind: 'passes'; by: readonly string[] }
  /** Passes only because its conduit, or the whole policy, does not enforce yet. */
  | { kind: 'watched'; by: readonly string[] }
  | { kind: 'cut'; by: readonly string[]; breaksMust: boolean }
  /** Below the network layer, or on one segment: no enforcement point sees it. */
  | { kind: 'not-seen'; why: string };

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
    const verdict = judge.verdict(conversation);
    if (verdict.kind === 'cut') cut.push({ conversation, verdict });
    else counts[verdict.kind === 'not-seen' ? 'notSeen' : verdict.kind] += 1;
    for (const must of judge.mustsOf(conversation)) seen.add(must);
  }
  cut.sort((a, b) => worstFirst(a.conversation, b.conversation));
  const musts = resolved.clauses.filter(({ kind }) => kind === 'must-allow').map(originOf);
  return { ...counts, cut, assets: hurt(cut), unseenMusts: musts.filter((must) => !seen.has(must)) };
}

export const criticalityOf = ({ client, server }: Recorded): Criticality =>
  order.find((grade) => client.criticality === grade || server.criticality === grade) ?? 'unknown';

function worstFirst(a: Recorded, b: Recorded): number {
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

/** The opening packet of a conversation; null where there is none that an enforcement point would see. */
export function openingPacket({ client, server, transport, serverPort }: Recorded): Packet | null {
  const [source, destination] = [client.ip, server.ip].map((ip) => (ip === null ? null : parseAddress(ip)));
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

/** Decides conversation by conversation; clauses are looked up by the addresses of their zones. */
class Judge {
  readonly #clauses: readonly Clause[];
  readonly #undeclared: Resolved['undeclared'];
  readonly #enforcing: readonly Clause[];

  constructor({ clauses, undeclared }: Resolved) {
    this.#clauses = clauses;
    this.#undeclared = undeclared;
    this.#enforcing = clauses.filter(({ kind, mode }) => kind === 'conduit' && mode === 'enforce');
  }

  verdict(conversation: Recorded): Verdict {
    const packet = openingPacket(conversation);
    if (packet === null) return { kind: 'not-seen', why: 'it has no addresses of one family' };
    if (isGroupAddress(conversation.server.ip!)) return { kind: 'not-seen', why: 'it ends with its segment' };
    const speaking = this.#clauses.filter((clause) => speaksOf(clause, packet));
    const denying = speaking.filter(({ kind }) => kind === 'must-deny');
    const breaksMust = speaking.some(({ kind }) => kind === 'must-allow');
    if (denying.length > 0) return { kind: 'cut', by: denying.map(originOf), breaksMust };
    const permitting = speaking.filter(({ kind }) => kind === 'conduit' || kind === 'exception');
    const declared = permitting.filter((clause) => usesService(clause, packet));
    if (declared.length > 0) return { kind: 'passes', by: declared.map(originOf) };
    const watching = permitting.filter(({ mode }) => mode !== 'enforce');
    if (watching.length > 0) return { kind: 'watched', by: watching.map(originOf) };
    const closed = this.#enforcing.filter((clause) => joins(clause, packet));
    if (this.#undeclared !== 'enforce' && closed.length === 0)
      return { kind: 'watched', by: [`undeclared ${this.#undeclared}`] };
    return { kind: 'cut', by: closed.map(originOf), breaksMust };
  }

  /** Must-allow clauses that a conversation shows at work. */
  mustsOf(conversation: Recorded): string[] {
    const packet = openingPacket(conversation);
    if (packet === null) return [];
    return this.#clauses.filter((c) => c.kind === 'must-allow' && speaksOf(c, packet)).map(originOf);
  }
}

/** Whether a packet goes from the clause's sources to its destinations. */
function joins({ sources, destinations }: Clause, packet: Packet): boolean {
  return (
    contains({ source: sources[packet.family] }, packet) &&
    contains({ destination: destinations[packet.family] }, packet)
  );
}

const usesService = (clause: Clause, packet: Packet): boolean =>
  clause.services[packet.family].some((box) => contains(box, packet));

/** A conduit that does not enforce speaks of everything between its zones. */
function speaksOf(clause: Clause, packet: Packet): boolean {
  return joins(clause, packet) && (clause.mode !== 'enforce' || usesService(clause, packet));
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
    const [was, is] = [old.verdict(conversation), fresh.verdict(conversation)];
    if (is.kind === 'cut' && was.kind !== 'cut') difference.newlyCut.push({ conversation, verdict: is });
    if (is.kind !== 'cut' && was.kind === 'cut') difference.newlyPassing.push({ conversation, verdict: is });
  }
  difference.newlyCut.sort((a, b) => worstFirst(a.conversation, b.conversation));
  return difference;
}
