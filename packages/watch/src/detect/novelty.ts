import type { Baselines } from '../baseline/baselines.ts';
import { LEAST_MEMBERS } from '../baseline/class-baselines.ts';
import { relationsOf } from '../baseline/relations-of.ts';
import { BoundedMap } from '../engine/bounded-map.ts';
import { acceptParts } from '../engine/likeness.ts';
import type { Detector, Scene, Seen } from '../engine/scene.ts';
import { defaultLimits } from '../limits.ts';
import { amountOf, type Counted, HOUR, keepEvidence, Windows } from './window.ts';

interface Sent extends Counted {
  bytes: number;
}

/** More than so many times what it ever sent in an hour, and no small amount. */
const UNUSUAL = { times: 10, bytes: 20_000_000 };
/** Services by which a computer is steered from afar. */
export const steering: ReadonlyMap<number, string> = new Map([
  [22, 'SSH'],
  [23, 'Telnet'],
  [135, 'remote procedure calls'],
  [139, 'SMB'],
  [445, 'SMB'],
  [3389, 'Remote Desktop'],
  [5900, 'VNC'],
  [5985, 'WinRM'],
  [5986, 'WinRM'],
]);

/** What others of its kind do, where that is known: who looks at an alert asks that first. */
function others(baselines: Baselines, device: string, key: string): string {
  const share = baselines.classShare(device, key);
  if (share === null || share.of < LEAST_MEMBERS) return '';
  const { name, have, of } = share;
  const kind = name.replaceAll('-', ' ');
  return have === 0
    ? ` None of the ${of} others of its kind (${kind}) does.`
    : ` Of the ${of} others of its kind (${kind}) ${have === 1 ? 'one does' : `${have} do`}.`;
}

function shareOf(baselines: Baselines, device: string, key: string): Record<string, string | number> {
  const share = baselines.classShare(device, key);
  return share === null ? {} : { kind: share.name, others: share.of, othersWho: share.have };
}

/** What was never seen while normal traffic was learnt: devices, peers, services, amounts. */
export class NoveltyDetector implements Detector {
  readonly name = 'novelty';
  readonly #newDevices = new BoundedMap<number>(defaultLimits.window, 0);
  readonly #sent = new Windows<Sent>(defaultLimits.window, HOUR, () => ({ bytes: 0 }));

  conversation(seen: Seen, scene: Scene): void {
    if (scene.baselines === null) return;
    this.#newcomer(seen, 'client', scene);
    this.#newcomer(seen, 'server', scene);
    this.#peer(seen, scene);
    this.#service(seen, scene);
    this.#volume(seen, scene);
  }

  #newcomer(seen: Seen, side: 'client' | 'server', scene: Scene): void {
    const { conversation, at } = seen;
    const device = seen[side];
    const outside = side === 'client' ? seen.clientOutside : seen.serverOutside || seen.toGroup;
    const spoke = side === 'client' ? conversation.packetsFromClient : conversation.packetsFromServer;
    const { ip } = conversation[side];
    // An address of the link alone, or none yet, says too little of who has it.
    const passing =
      ip === null || ip === '0.0.0.0' || ip === '::' || ip.startsWith('fe80:') || ip.startsWith('169.254.');
    if (outside || spoke === 0 || passing || scene.baselines?.knows(device) !== false) return;
    if (this.#newDevices.has(device)) return;
    this.#newDevices.set(device, at);
    scene.raise({
      detection: 'new-device',
      title: 'A device that is new',
      severity: 'low',
      confidence: 'medium',
      basis: 'baseline',
      actor: device,
      targets: [],
      summary: '{actor} speaks on the network, and was never seen while normal traffic was learnt.',
      firstSeen: at,
      lastSeen: conversation.lastSeen,
      evidence: [conversation.evidence],
    });
  }

  #peer(seen: Seen, scene: Scene): void {
    const { conversation, client, server, at } = seen;
    const baselines = scene.baselines!;
    const [key] = relationsOf(seen, 'client');
    if (key === undefined || seen.clientOutside || baselines.knowsRelation(client, key)) return;
    // Of a newcomer everything is new: that it is there is told, and that it steers others.
    const isNewcomer = !baselines.knows(client) && steering.has(conversation.serverPort ?? 0);
    if (!baselines.judges(client) && !isNewcomer) return;
    // One more client of what many use is how a house grows.
    const isOdd = steering.has(conversation.serverPort ?? 0) || baselines.refuses(client, key);
    if (baselines.isCommon(seen) && !isOdd) return;
    const port = conversation.serverPort;
    const what =
      conversation.application ?? steering.get(port ?? 0) ?? `${conversation.transport} port ${port}`;
    const moves = !seen.serverOutside && steering.has(port ?? 0) && conversation.transport === 'tcp';
    const knownPeer = baselines.knowsPeer(client, server);
    scene.raise({
      detection: moves ? 'lateral-movement' : 'new-peer',
      about: moves ? '' : `${conversation.transport}/${port}`,
      title: moves
        ? 'Steps from device to device'
        : knownPeer
          ? 'A service that is new to it'
          : 'A peer that is new',
      severity: moves ? 'high' : seen.serverOutside ? 'medium' : 'low',
      confidence: moves && scene.wasAttacked(client) ? 'high' : 'medium',
      basis: 'baseline',
      actor: client,
      targets: [server],
      service: { transport: conversation.transport, port, application: conversation.application },
      summary: `{actor} ${moves ? `began to steer {target} by ${what}` : `used ${what} of {target}${seen.serverOutside ? ', outside the house' : ''}`}, ${baselines.refuses(client, key) ? 'which a person called not normal for its kind' : 'which it never did while normal traffic was learnt'}.${others(baselines, client, key)}`,
      firstSeen: at,
      lastSeen: conversation.lastSeen,
      evidence: [conversation.evidence],
      facts: { relation: key, ...shareOf(baselines, client, key) },
    });
  }

  #service(seen: Seen, scene: Scene): void {
    const { conversation, server, at } = seen;
    const baselines = scene.baselines!;
    const [key] = relationsOf(seen, 'server');
    if (key === undefined || seen.serverOutside || !baselines.judges(server)) return;
    if (baselines.knowsRelation(server, key) || key.endsWith('/passing') || key.endsWith('/-')) return;
    const { transport, serverPort: port, application } = conversation;
    // UDP has no listeners that show themselves: an answer from a high port is a client's.
    if (transport === 'udp' && application === null) return;
    scene.raise({
      detection: 'new-service',
      about: `${server}|${transport}/${port}`,
      title: 'A service that is new',
      severity: steering.has(port ?? 0) ? 'medium' : 'low',
      confidence: 'medium',
      basis: 'baseline',
      actor: null,
      targets: [server],
      service: { transport, port, application },
      summary: `{target} answers on ${transport.toUpperCase()} port ${port}${application === null ? '' : ` (${application})`}, which nobody was seen to use while normal traffic was learnt.${others(baselines, server, key)}`,
      firstSeen: at,
      lastSeen: conversation.lastSeen,
      evidence: [conversation.evidence],
      facts: { relation: key, ...shareOf(baselines, server, key) },
    });
  }

  #volume(seen: Seen, scene: Scene): void {
    const { conversation, client, at } = seen;
    if (seen.clientOutside) return;
    const most = scene.baselines!.mostSent(client);
    if (most === null) return;
    const sent = this.#sent.at(client, at);
    sent.bytes += conversation.bytesFromClient;
    keepEvidence(sent.evidence, conversation.evidence);
    if (sent.bytes < UNUSUAL.bytes || sent.bytes < UNUSUAL.times * most.bytes) return;
    scene.raise({
      detection: 'unusual-volume',
      title: 'Far more data than ever',
      severity: 'medium',
      confidence: 'medium',
      basis: 'baseline',
      actor: client,
      targets: [seen.server],
      summary: `{actor} sent ${amountOf(sent.bytes)} within an hour; while normal traffic was learnt ${most.by === 'own' ? 'it' : 'its kind'} never sent more than ${amountOf(most.bytes)}.`,
      firstSeen: sent.start,
      lastSeen: at,
      evidence: sent.evidence,
      facts: { sent: sent.bytes, most: most.bytes },
    });
  }

  save(): unknown {
    return { devices: this.#newDevices.save(), sent: this.#sent.save() };
  }

  accepts(state: unknown): boolean {
    return acceptParts(state, { devices: this.#newDevices, sent: this.#sent });
  }

  load(state: unknown): void {
    const { devices, sent } = state as { devices: [string, number][]; sent: unknown };
    this.#newDevices.load(devices);
    this.#sent.load(sent);
  }
}
