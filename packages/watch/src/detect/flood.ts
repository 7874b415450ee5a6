import type { Scene, Seen, Told } from '../engine/scene.ts';
import { defaultLimits } from '../limits.ts';
import {
  addDistinct,
  type Counted,
  counted,
  keepEvidence,
  MINUTE,
  spanOf,
  WindowDetector,
  Windows,
} from './window.ts';

interface Rush extends Counted {
  opened: number;
  established: number;
  packets: number;
  answers: number;
  clients: string[];
}

interface Newcomers extends Counted {
  macs: string[];
}

/** Half-open connections to one port within a minute. */
const HALF_OPEN = 200;
/** Connections to one service within a minute: a gateway that opens one for each message makes some dozens. */
const CONNECTIONS = { clinical: 300, any: 3000 };
const clinicalPorts = new Set([102, 104, 502, 2575, 2761, 2762, 4242, 11_112, 20_000, 44_818, 47_808]);
/** Packets to one device within a minute that nobody answers. */
const ICMP = 1500;
const UDP = 60_000;
/** New hardware addresses within a minute: a ward that comes back from a power cut brings some dozens. */
const NEW_MACS = { dhcp: 100, any: 250 };

/** More is sent to a device than it can serve, or more addresses appear than there are devices. */
export class FloodDetector extends WindowDetector {
  readonly name = 'flood';
  readonly #rushes = new Windows<Rush>(defaultLimits.window, MINUTE, () => ({
    opened: 0,
    established: 0,
    packets: 0,
    answers: 0,
    clients: [],
  }));
  readonly #newcomers = new Windows<Newcomers>(64, MINUTE, () => ({ macs: [] }));
  readonly #known = new Set<string>();
  protected readonly windows = { rushes: this.#rushes, newcomers: this.#newcomers };

  conversation(seen: Seen, scene: Scene): void {
    const { conversation, server, client, at } = seen;
    const { transport, serverPort, connections } = conversation;
    const rush = this.#rushes.at(`${server}|${transport}|${transport === 'tcp' ? serverPort : ''}`, at);
    rush.opened += connections.opened;
    rush.established += connections.established;
    rush.packets += conversation.packetsFromClient;
    rush.answers += conversation.packetsFromServer;
    addDistinct(rush.clients, client, 64);
    if (conversation.packetsFromClient > 20 || rush.evidence.length < 4)
      keepEvidence(rush.evidence, conversation.evidence);
    const what = floodOf(rush, transport, serverPort, conversation.application);
    if (what !== null) this.#raise(seen, rush, what, scene);
  }

  /** A switch whose table of addresses is full sends everything everywhere; a DHCP server without addresses serves nobody. */
  sighting({ sighting, subject, at }: Told, scene: Scene): void {
    const isClient = sighting.kind === 'dhcp.client';
    if (!isClient && sighting.kind !== 'arp.binding' && sighting.kind !== 'address.seen') return;
    const { mac, vlan } = sighting.subject;
    if (mac === null || this.#known.has(`${mac}${isClient}`)) return;
    if (this.#known.size > 4 * scene.limits.window) this.#known.clear();
    this.#known.add(`${mac}${isClient}`);
    const newcomers = this.#newcomers.at(`${vlan}|${isClient}`, at);
    addDistinct(newcomers.macs, mac, scene.limits.members);
    keepEvidence(newcomers.evidence, sighting.evidence);
    // Invented addresses are of no maker: the bit of local administration says so in most; phones invent theirs, one each.
    const invented = newcomers.macs.filter(
      (address) => (Number.parseInt(address[1]!, 16) & 2) !== 0 || isClient,
    );
    if (invented.length < (isClient ? NEW_MACS.dhcp : NEW_MACS.any)) return;
    this.#crowd(isClient, subject, newcomers, scene);
  }

  #crowd(isClient: boolean, subject: string, newcomers: Newcomers, scene: Scene): void {
    const count = newcomers.macs.length;
    scene.raise({
      detection: isClient ? 'dhcp-starvation' : 'address-flood',
      about: String(newcomers.start),
      title: isClient ? 'Addresses are being used up' : 'Flood of hardware addresses',
      severity: 'high',
      confidence: 'medium',
      basis: 'wrong-in-itself',
      actor: null,
      targets: [subject],
      summary: isClient
        ? `Within ${spanOf(newcomers.last - newcomers.start)} ${count} hardware addresses that were never seen asked for an IP address.`
        : `Within ${spanOf(newcomers.last - newcomers.start)} ${count} hardware addresses appeared that were never seen, most of no maker.`,
      firstSeen: newcomers.start,
      lastSeen: newcomers.last,
      evidence: newcomers.evidence,
      facts: { addresses: count },
    });
  }

  #raise({ conversation, client, server }: Seen, rush: Rush, what: string, scene: Scene): void {
    const alone = rush.clients.length === 1;
    scene.raise({
      detection: 'flood',
      about: `${server}|${conversation.transport}`,
      title: 'Flood',
      severity: 'high',
      confidence: 'high',
      basis: 'wrong-in-itself',
      actor: alone ? client : null,
      targets: [server],
      service: { transport: conversation.transport, port: conversation.serverPort, application: null },
      summary: `${alone ? '{actor} sent' : `${rush.clients.length >= 64 ? '64 or more' : rush.clients.length} addresses sent`} {target} ${what} within ${spanOf(rush.last - rush.start)}.`,
      firstSeen: rush.start,
      lastSeen: rush.last,
      evidence: rush.evidence,
      facts: { packets: rush.packets, opened: rush.opened, answers: rush.answers },
    });
  }
}

function floodOf(
  rush: Rush,
  transport: string,
  port: number | null,
  application: string | null,
): string | null {
  if (transport === 'tcp') return tcpFloodOf(rush, port);
  if (transport === 'udp') {
    const oneSided = rush.answers < 0.05 * rush.packets;
    return rush.packets >= UDP && oneSided && application === null ? counted(rush.packets, 'datagram') : null;
  }
  return transport.startsWith('icmp') && rush.packets >= ICMP ? counted(rush.packets, 'ICMP packet') : null;
}

function tcpFloodOf({ opened, established }: Rush, port: number | null): string | null {
  if (opened - established >= HALF_OPEN && established < 0.1 * opened)
    return `${counted(opened, 'request')} for a connection to port ${port} of which ${established === 0 ? 'none' : established} came about,`;
  const most = clinicalPorts.has(port ?? 0) ? CONNECTIONS.clinical : CONNECTIONS.any;
  return opened >= most ? `${counted(opened, 'connection')} to port ${port}` : null;
}
