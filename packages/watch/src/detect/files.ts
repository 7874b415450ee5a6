import type { Facts, SmbOperation } from '@wardline/model';
import { BoundedMap } from '../engine/bounded-map.ts';
import type { Scene, Seen, Told } from '../engine/scene.ts';
import { defaultLimits } from '../limits.ts';
import { steering } from './novelty.ts';
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

interface Work extends Counted {
  counts: Partial<Record<SmbOperation, number>>;
}

interface Steered extends Counted {
  servers: string[];
}

/** Files changed within ten minutes: a person renames or deletes a handful; whoever encrypts does both to all. */
const CHANGED = 40;
const WRITTEN = 40;
/** Computers steered from one within an hour. */
const FANNED_OUT = 6;

/** What ransomware does to shares, and how somebody steps from device to device. */
export class FileDetector extends WindowDetector {
  readonly name = 'files';
  readonly #work = new Windows<Work>(defaultLimits.window, 10 * MINUTE, () => ({ counts: {} }));
  readonly #steered = new Windows<Steered>(defaultLimits.window, HOUR, () => ({ servers: [] }));
  /** Device → when it was last steered, and by whom. */
  readonly #steeredBy = new BoundedMap<[number, string]>(defaultLimits.window, [0, '']);
  protected readonly windows = { work: this.#work, steered: this.#steered, steeredBy: this.#steeredBy };

  conversation(seen: Seen, scene: Scene): void {
    const { conversation, client, server, at } = seen;
    const way = steering.get(conversation.serverPort ?? 0);
    const { established } = conversation.connections;
    // A session, not the refusal of one.
    const session = established > 0 && conversation.packetsFromClient > 8 * established;
    if (way === undefined || conversation.transport !== 'tcp' || !session) return;
    if (seen.serverOutside || seen.clientOutside) return;
    const before = this.#steeredBy.get(client);
    this.#steeredBy.set(server, [at, client]);
    const steered = this.#steered.at(client, at);
    const isFirst = !steered.servers.includes(server);
    addDistinct(steered.servers, server, scene.limits.members);
    keepEvidence(steered.evidence, conversation.evidence);
    if (scene.baselines?.knowsPeer(client, server) === true) return;
    const stepped = before !== undefined && at - before[0] < HOUR && before[1] !== server;
    if (isFirst && stepped && scene.wasAttacked(client)) this.#step(seen, way, before[1], steered, scene);
    else if (steered.servers.length >= FANNED_OUT && way === 'SMB') this.#fan(seen, way, steered, scene);
  }

  sighting(told: Told, scene: Scene): void {
    if (told.sighting.kind !== 'smb.use' || told.peer === null) return;
    const { operation } = told.sighting.facts as Facts['smb.use'];
    const work = this.#work.at(`${told.peer}|${told.subject}`, told.at);
    work.counts[operation] = (work.counts[operation] ?? 0) + told.sighting.count;
    keepEvidence(work.evidence, told.sighting.evidence);
    if (operation === 'service-control' || operation === 'task-scheduler')
      this.#administered(told, operation, work, scene);
    const { write = 0, rename = 0, delete: deleted = 0, read = 0 } = work.counts;
    if (rename + deleted >= CHANGED && write >= WRITTEN)
      this.#ransom(told, work, { write, rename, deleted, read }, scene);
  }

  #ransom(
    told: Told,
    work: Work,
    counts: Record<'write' | 'rename' | 'deleted' | 'read', number>,
    scene: Scene,
  ): void {
    const { write, rename, deleted, read } = counts;
    scene.raise({
      detection: 'ransomware',
      about: told.subject,
      title: 'Files are changed as ransomware does',
      severity: 'critical',
      confidence: read >= WRITTEN && rename + deleted >= 2 * CHANGED ? 'high' : 'medium',
      basis: 'wrong-in-itself',
      actor: told.peer,
      targets: [told.subject],
      service: { transport: 'tcp', port: told.sighting.service?.port ?? 445, application: 'smb' },
      summary: `{actor} read ${counted(read, 'time')}, wrote ${counted(write, 'time')}, renamed ${counted(rename, 'file')} and deleted ${deleted} on shares of {target} within ${spanOf(work.last - work.start)}.`,
      firstSeen: work.start,
      lastSeen: work.last,
      evidence: work.evidence,
      facts: { ...counts },
    });
  }

  #administered(told: Told, operation: SmbOperation, work: Work, scene: Scene): void {
    const word = `smb:${operation}`;
    if (scene.baselines?.knowsPeer(told.peer!, told.subject) === true) return;
    scene.raise({
      detection: 'lateral-movement',
      about: word,
      title: 'Programs started from afar',
      severity: 'high',
      confidence: (work.counts['admin-share'] ?? 0) > 0 || scene.wasAttacked(told.peer!) ? 'high' : 'medium',
      basis: scene.baselines === null ? 'wrong-in-itself' : 'baseline',
      actor: told.peer,
      targets: [told.subject],
      service: { transport: 'tcp', port: told.sighting.service?.port ?? 445, application: 'smb' },
      summary: `{actor} opened the ${operation === 'service-control' ? 'control of services' : 'scheduler of tasks'} of {target} over SMB, by which programs are started on it from afar.`,
      firstSeen: told.at,
      lastSeen: told.sighting.lastSeen,
      evidence: work.evidence,
    });
  }

  #step(
    { conversation, client, server, at }: Seen,
    way: string,
    by: string,
    steered: Steered,
    scene: Scene,
  ): void {
    scene.raise({
      detection: 'lateral-movement',
      about: 'step',
      title: 'Steps from device to device',
      severity: 'high',
      confidence: 'high',
      basis: 'wrong-in-itself',
      actor: client,
      targets: [server],
      service: { transport: 'tcp', port: conversation.serverPort, application: conversation.application },
      summary: `{actor}, which was attacked and then steered by ${by} within the last hour, began to steer {target} by ${way}.`,
      firstSeen: at,
      lastSeen: conversation.lastSeen,
      evidence: steered.evidence,
    });
  }

  #fan({ client }: Seen, way: string, steered: Steered, scene: Scene): void {
    scene.raise({
      detection: 'lateral-movement',
      about: 'fan',
      title: 'Many computers reached from one',
      severity: 'low',
      confidence: 'low',
      basis: 'wrong-in-itself',
      actor: client,
      targets: steered.servers.slice(0, 16),
      targetCount: steered.servers.length,
      summary: `{actor} opened sessions of ${way} and the like to ${counted(steered.servers.length, 'device')} within ${spanOf(steered.last - steered.start)}: a management station does so, and so does a worm.`,
      firstSeen: steered.start,
      lastSeen: steered.last,
      evidence: steered.evidence,
    });
  }
}
