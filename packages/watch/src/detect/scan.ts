import type { Conversation } from '@wardline/model';
import type { Scene, Seen, Told } from '../engine/scene.ts';
import { defaultLimits } from '../limits.ts';
import {
  addDistinct,
  type Counted,
  counted,
  HOUR,
  keepEvidence,
  MINUTE,
  spanOf,
  WindowDetector,
  Windows,
} from './window.ts';

interface Probes extends Counted {
  /** "server|port" of what did not answer, refused, or was left without a word. */
  failed: string[];
  /** The same of what was used. */
  used: string[];
}

interface Search extends Counted {
  ranges: Record<string, number>;
}

/** Distinct failures that are no accident: within a quarter of an hour, and within a day for who is patient. */
const FAST = { most: 16, length: 15 * MINUTE };
const SLOW = { most: 40, length: 24 * HOUR };
/** A monitoring station knows whom it asks: of what a scanner tries, less than that answers. */
const LEAST_FAILED_SHARE = 0.4;
/** Used services of a client that are told apart: enough to know a busy one from a scanner. */
const USED_KEPT = 256;
/** traceroute(8) counts upward from here, three probes a hop. */
const TRACEROUTE = { from: 33_434, to: 33_534 };
/** Sent without asking for an answer: syslog, SNMP traps, NetFlow and IPFIX, sFlow, WS-Discovery, RTP statistics. */
const oneWay = new Set([162, 514, 1514, 2055, 3702, 4729, 4739, 6343, 9995, 9996]);

/** Somebody looks for what is there: many hosts on one port, many ports of one host, many addresses. */
export class ScanDetector extends WindowDetector {
  readonly name = 'scan';
  readonly #fast = new Windows<Probes>(defaultLimits.window, FAST.length, () => ({ failed: [], used: [] }));
  readonly #slow = new Windows<Probes>(defaultLimits.window, SLOW.length, () => ({ failed: [], used: [] }));
  readonly #searches = new Windows<Search>(defaultLimits.window, 5 * MINUTE, () => ({ ranges: {} }));
  protected readonly windows = { fast: this.#fast, slow: this.#slow, searches: this.#searches };

  conversation(seen: Seen, scene: Scene): void {
    const { conversation, client, server } = seen;
    if (seen.toGroup) return;
    const isBack = isReversed(conversation);
    if (isBack) this.#reversed(seen, scene);
    const verdict = isBack ? null : verdictOf(conversation);
    if (verdict === null) return;
    const port = conversation.serverPort === null ? conversation.transport : conversation.serverPort;
    const probe = `${server}|${conversation.transport}|${port}`;
    for (const [window, { most }] of [
      [this.#fast, FAST],
      [this.#slow, SLOW],
    ] as const) {
      const probes = window.at(client, seen.at);
      if (verdict === 'used') addDistinct(probes.used, probe, USED_KEPT);
      else if (!probes.failed.includes(probe)) {
        addDistinct(probes.failed, probe, scene.limits.members);
        keepEvidence(probes.evidence, conversation.evidence);
        this.#judge(client, probes, probe, most, scene);
      }
    }
  }

  /** ARP: who has which of sixteen addresses. A host asks for those it speaks with, a sweep for all. */
  sighting({ sighting, subject, at }: Told, scene: Scene): void {
    if (sighting.kind !== 'arp.search') return;
    const { range } = sighting.facts as { range: string };
    const search = this.#searches.at(subject, at);
    search.ranges[range] = Math.min((search.ranges[range] ?? 0) + sighting.count, 1e6);
    if (Object.keys(search.ranges).length > scene.limits.members) delete search.ranges[range];
    keepEvidence(search.evidence, sighting.evidence);
    const swept = Object.values(search.ranges).filter((count) => count >= 8).length;
    const asked = Object.values(search.ranges).reduce((sum, count) => sum + count, 0);
    if (swept < 4 || asked < 60) return;
    scene.raise({
      detection: 'address-sweep',
      title: 'Sweep of a network',
      severity: 'medium',
      confidence: swept >= 8 ? 'high' : 'medium',
      basis: 'wrong-in-itself',
      actor: subject,
      targets: [],
      targetCount: swept * 16,
      summary: `{actor} asked for the hardware addresses of whole blocks: ${counted(asked, 'question')} over ${counted(swept, 'block')} of 16 addresses within ${spanOf(search.last - search.start)}.`,
      firstSeen: search.start,
      lastSeen: at,
      evidence: search.evidence,
      facts: { questions: asked, blocks: swept },
    });
  }

  #judge(client: string, probes: Probes, probe: string, most: number, scene: Scene): void {
    if (probes.failed.length < most) return;
    if (probes.failed.length < LEAST_FAILED_SHARE * (probes.failed.length + probes.used.length)) return;
    const [server, transport, port] = probe.split('|') as [string, string, string];
    const onHost = probes.failed.filter((failed) => failed.startsWith(`${server}|${transport}|`));
    const onPort = probes.failed.filter((failed) => failed.endsWith(`|${transport}|${port}`));
    if (onHost.length >= most) this.#vertical(client, server, transport, onHost, probes, scene);
    if (onPort.length >= most) this.#horizontal(client, transport, port, onPort, probes, scene);
  }

  #vertical(
    client: string,
    server: string,
    transport: string,
    failed: string[],
    probes: Probes,
    scene: Scene,
  ): void {
    const ports = failed.map((probe) => Number(probe.slice(probe.lastIndexOf('|') + 1)));
    scene.raise({
      detection: 'vertical-scan',
      about: server,
      title: 'Scan of a device',
      severity: 'medium',
      confidence: failed.length >= 64 ? 'high' : 'medium',
      basis: 'wrong-in-itself',
      actor: client,
      targets: [server],
      service: { transport, port: null, application: null },
      summary: `{actor} tried ${atLeast(failed.length, scene)} ${transport.toUpperCase()} ports of {target} that are not in use, within ${spanOf(probes.last - probes.start)}, from ${Math.min(...ports)} to ${Math.max(...ports)}.`,
      firstSeen: probes.start,
      lastSeen: probes.last,
      evidence: probes.evidence,
      facts: { ports: failed.length },
    });
  }

  /** Many ports tried from one: by its many uses that one was taken for the service. */
  #reversed({ conversation, client, server, at }: Seen, scene: Scene): void {
    const { transport, connections, lastSeen, evidence } = conversation;
    const ports = Math.max(connections.opened, connections.reset + connections.refused);
    scene.raise({
      detection: 'vertical-scan',
      about: client,
      title: 'Scan of a device',
      severity: 'medium',
      confidence: ports >= 64 ? 'high' : 'medium',
      basis: 'wrong-in-itself',
      actor: server,
      targets: [client],
      service: { transport, port: null, application: null },
      summary: `{actor} tried ${ports} ${transport.toUpperCase()} ports of {target} from one port of its own, within ${spanOf(lastSeen - at)}, and got no answer but refusals.`,
      firstSeen: at,
      lastSeen,
      evidence: [evidence],
      facts: { ports },
    });
  }

  #horizontal(
    client: string,
    transport: string,
    port: string,
    failed: string[],
    probes: Probes,
    scene: Scene,
  ): void {
    const servers = failed.map((probe) => probe.slice(0, probe.indexOf('|')));
    const isPing = port === transport;
    const what = isPing ? transport.toUpperCase() : `${transport.toUpperCase()} port ${port}`;
    scene.raise({
      detection: isPing ? 'address-sweep' : 'horizontal-scan',
      about: `${transport}/${port}`,
      title: isPing ? 'Sweep of a network' : 'Scan of the network for a service',
      severity: 'medium',
      confidence: failed.length >= 48 ? 'high' : 'medium',
      basis: 'wrong-in-itself',
      actor: client,
      targets: servers.slice(0, 16),
      targetCount: servers.length,
      service: { transport, port: isPing ? null : Number(port), application: null },
      summary: `{actor} tried ${what} of ${atLeast(failed.length, scene)} addresses that did not serve it, within ${spanOf(probes.last - probes.start)}.`,
      firstSeen: probes.start,
      lastSeen: probes.last,
      evidence: probes.evidence,
      facts: { hosts: failed.length },
    });
  }
}

function atLeast(count: number, { limits }: Scene): string {
  return count >= limits.members ? `${count} or more` : String(count);
}

/** Somebody who sends to many ports from one, and is not answered by a single packet of use. */
function isReversed({ transport, basis, connections, application, ...counts }: Conversation): boolean {
  if (application !== null || (basis !== 'service' && basis !== 'port' && basis !== 'order')) return false;
  const { packetsFromClient, packetsFromServer, bytesFromClient } = counts;
  if (transport === 'udp') {
    const tried = connections.opened >= FAST.most && packetsFromServer >= connections.opened;
    return (
      tried && packetsFromClient <= 0.2 * packetsFromServer && packetsFromServer <= 4 * connections.opened
    );
  }
  const ended = connections.reset + connections.refused;
  // A reset without data is a frame of 54 to 60 bytes.
  return (
    transport === 'tcp' &&
    connections.established === 0 &&
    ended >= FAST.most &&
    bytesFromClient <= 64 * packetsFromClient &&
    packetsFromServer <= 4 * ended
  );
}

/** What a conversation was to its client: a try that led nowhere, use, or neither. */
function verdictOf(conversation: Conversation): 'failed' | 'used' | null {
  if (conversation.transport === 'tcp') return tcpVerdict(conversation);
  if (conversation.transport === 'udp') return udpVerdict(conversation);
  if (!conversation.transport.startsWith('icmp')) return null;
  return conversation.packetsFromServer > 0 ? 'used' : 'failed';
}

function tcpVerdict({
  connections,
  application,
  packetsFromClient,
  packetsFromServer,
  bytesFromClient,
}: Conversation) {
  const { opened, established } = connections;
  if (opened === 0 && established === 0) {
    // FIN, NULL and Xmas scans open nothing: a lone segment, and at most a reset as its answer.
    return packetsFromClient <= 2 && packetsFromServer <= 1 && packetsFromClient > 0 ? 'failed' : null;
  }
  if (opened > 0 && established === 0) return 'failed';
  // Opened, and left without a word: how a scan by full connections looks at an open port.
  const wordless = application === null && bytesFromClient <= 70 * 5 * established && opened > 0;
  return wordless && packetsFromClient <= 5 * established ? 'failed' : 'used';
}

function udpVerdict({
  serverPort,
  packetsFromServer,
  packetsFromClient,
  connections,
  application,
}: Conversation) {
  if (serverPort === null || oneWay.has(serverPort)) return null;
  if (serverPort >= TRACEROUTE.from && serverPort <= TRACEROUTE.to) return null;
  if (packetsFromServer > 0 && connections.refused === 0) return 'used';
  if (application !== null && connections.refused === 0 && packetsFromClient > 4) return null;
  return packetsFromClient <= 8 ? 'failed' : null;
}
