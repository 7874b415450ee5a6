import type { Scene, Seen } from '../engine/scene.ts';
import { defaultLimits } from '../limits.ts';
import {
  amountOf,
  type Counted,
  counted,
  HOUR,
  keepEvidence,
  MINUTE,
  spanOf,
  WindowDetector,
  Windows,
} from './window.ts';

interface Flow extends Counted {
  up: number;
  down: number;
  packets: number;
}

/** What leaves the house within an hour. Devices send their makers some hundred kilobytes of reports. */
const OUTSIDE = { unlearnt: 10_000_000, newPeer: 1_000_000 };
/** Within the house only a new peer is suspicious: images are large. */
const INSIDE_NEW_PEER = 20_000_000;
const UP_SHARE = 4;
/** A ping carries 56 bytes on Unix and 32 on Windows, in frames below 110 bytes. */
const ICMP = { packets: 40, bytes: 200 };

/** Data that leaves: by volume, or in a protocol that carries none. */
export class VolumeDetector extends WindowDetector {
  readonly name = 'volume';
  readonly #flows = new Windows<Flow>(defaultLimits.window, HOUR, fresh);
  readonly #pings = new Windows<Flow>(defaultLimits.window, 10 * MINUTE, fresh);
  protected readonly windows = { flows: this.#flows, pings: this.#pings };

  conversation(seen: Seen, scene: Scene): void {
    if (seen.toGroup) return;
    if (seen.conversation.transport.startsWith('icmp')) this.#ping(seen, scene);
    else this.#flow(seen, scene);
  }

  #flow(seen: Seen, scene: Scene): void {
    const { conversation, client, server } = seen;
    const flow = add(this.#flows, `${client}|${server}`, seen);
    const isNew = scene.baselines?.isNewTo(client, server) === true;
    const least = seen.serverOutside
      ? isNew
        ? OUTSIDE.newPeer
        : scene.baselines?.knowsPeer(client, server) === true
          ? Number.POSITIVE_INFINITY
          : OUTSIDE.unlearnt
      : isNew
        ? INSIDE_NEW_PEER
        : Number.POSITIVE_INFINITY;
    if (seen.clientOutside || flow.up < least || flow.up < UP_SHARE * flow.down) return;
    scene.raise({
      detection: 'exfiltration',
      about: server,
      title: seen.serverOutside ? 'Data leaves the house' : 'Data is gathered in a new place',
      severity: 'high',
      confidence: isNew ? 'high' : 'medium',
      basis: isNew ? 'baseline' : 'wrong-in-itself',
      actor: client,
      targets: [server],
      service: {
        transport: conversation.transport,
        port: conversation.serverPort,
        application: conversation.application,
      },
      summary: `{actor} sent ${amountOf(flow.up)} to {target}${seen.serverOutside ? ', outside the house,' : ''} within ${spanOf(flow.last - flow.start)}, and got ${amountOf(flow.down)} back${isNew ? '; it never spoke with it before' : ''}.`,
      firstSeen: flow.start,
      lastSeen: flow.last,
      evidence: flow.evidence,
      facts: { sent: flow.up, received: flow.down },
    });
  }

  #ping(seen: Seen, scene: Scene): void {
    const { conversation, client, server } = seen;
    const mean = meanSize(conversation.bytesFromClient, conversation.packetsFromClient);
    const back = meanSize(conversation.bytesFromServer, conversation.packetsFromServer);
    if (mean < ICMP.bytes || back < ICMP.bytes / 2) return;
    const flow = add(this.#pings, `${client}|${server}`, seen);
    if (flow.packets < ICMP.packets) return;
    scene.raise({
      detection: 'icmp-tunnel',
      about: server,
      title: 'Tunnel through ICMP',
      severity: 'high',
      confidence: 'medium',
      basis: 'wrong-in-itself',
      actor: client,
      targets: [server],
      service: { transport: conversation.transport, port: null, application: null },
      summary: `{actor} and {target} exchanged ${counted(flow.packets, 'ICMP packet')} with ${amountOf(flow.up + flow.down)} in them within ${spanOf(flow.last - flow.start)}: far more than asking whether somebody is there takes.`,
      firstSeen: flow.start,
      lastSeen: flow.last,
      evidence: flow.evidence,
      facts: { packets: flow.packets, bytes: flow.up + flow.down },
    });
  }
}

function meanSize(bytes: number, packets: number): number {
  return packets === 0 ? 0 : bytes / packets;
}

function fresh(): Omit<Flow, keyof Counted> {
  return { up: 0, down: 0, packets: 0 };
}

function add(windows: Windows<Flow>, key: string, { conversation, at }: Seen): Flow {
  const flow = windows.at(key, at);
  flow.up += conversation.bytesFromClient;
  flow.down += conversation.bytesFromServer;
  flow.packets += conversation.packetsFromClient + conversation.packetsFromServer;
  keepEvidence(flow.evidence, conversation.evidence);
  return flow;
}
