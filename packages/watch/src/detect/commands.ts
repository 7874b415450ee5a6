import type { Facts } from '@wardline/model';
import { BoundedMap } from '../engine/bounded-map.ts';
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

/** A command that a client gave, in the words of its protocol. */
export interface Command {
  protocol: string;
  /** `read`, `write`, `command`, `other`; of HL7 and DICOM, `send` and `ask`. */
  access: string;
  word: string;
}

interface Refusals extends Counted {
  count: number;
  kinds: string[];
}

/** Functions that stop or restart what they are sent to; nobody uses them in the course of a day. */
const dangerous = new Set([
  'bacnet:reinitialize-device',
  'bacnet:device-communication-control',
  'bacnet:delete-object',
  'dnp3:cold-restart',
  'dnp3:warm-restart',
  'dnp3:stop-application',
  'dnp3:initialize-application',
  'dnp3:initialize-data',
]);
const changes = new Set(['write', 'command']);
const REFUSED = 10;
/** Peers of a client that are kept per protocol, to say whom a command went to. */
const PEERS = 16;

/** What a sighting says was asked for, and null where it is no command of a client. */
export function commandOf({ sighting }: Pick<Told, 'sighting'>): Command | null {
  const { kind } = sighting;
  if (kind === 'modbus.use' || kind === 'bacnet.use' || kind === 'dnp3.use') {
    const { role, access } = sighting.facts as Facts['bacnet.use'];
    const { function: name, service } = sighting.facts as { function?: string; service?: string };
    const protocol = kind.slice(0, kind.indexOf('.'));
    return role === 'client' ? { protocol, access, word: name ?? service ?? access } : null;
  }
  if (kind === 'snmp.manager') {
    const { operation } = sighting.facts as Facts['snmp.manager'];
    return { protocol: 'snmp', access: operation === 'set' ? 'write' : 'read', word: operation };
  }
  if (kind === 'hl7.endpoint') {
    const { role, messageTypes } = sighting.facts as Facts['hl7.endpoint'];
    const word = messageTypes.join(' ');
    return role === 'sender' ? { protocol: 'hl7', access: 'send', word } : null;
  }
  if (kind === 'dicom.association') {
    const { role, abstractSyntaxes } = sighting.facts as Facts['dicom.association'];
    return role === 'requestor' ? dicomCommand(abstractSyntaxes) : null;
  }
  return null;
}

/** Verification, storage, worklist, query and retrieve, by the SOP classes' own numbers (PS3.6 annex A). */
function dicomCommand(syntaxes: readonly string[]): Command {
  const services = new Set(syntaxes.map(serviceOf));
  const access = services.has('query-retrieve') ? 'ask' : services.has('storage') ? 'send' : 'other';
  return { protocol: 'dicom', access, word: [...services].toSorted().join(' ') };
}

function serviceOf(syntax: string): string {
  if (syntax === '1.2.840.10008.1.1') return 'verification';
  if (syntax.startsWith('1.2.840.10008.5.1.4.1.2.')) return 'query-retrieve';
  if (syntax.startsWith('1.2.840.10008.5.1.4.1.1.')) return 'storage';
  return syntax.startsWith('1.2.840.10008.5.1.4.31') ? 'worklist' : 'other';
}

/** Commands: a change by one who never changed anything, one that stops a device, and trial of what a device takes. */
export class CommandDetector extends WindowDetector {
  readonly name = 'commands';
  /** "client|protocol" → whom it lately spoke to by it. */
  readonly #peers = new BoundedMap<string[]>(defaultLimits.window, []);
  readonly #refusals = new Windows<Refusals>(defaultLimits.window, 5 * MINUTE, () => ({
    count: 0,
    kinds: [],
  }));
  protected readonly windows = { peers: this.#peers, refusals: this.#refusals };

  conversation({ conversation, client, server }: Seen): void {
    const { application } = conversation;
    if (application === null) return;
    const peers = this.#peers.touch(`${client}|${application}`, () => []);
    if (peers.at(-1) === server) return;
    const at = peers.indexOf(server);
    if (at >= 0) peers.splice(at, 1);
    peers.push(server);
    if (peers.length > PEERS) peers.shift();
  }

  sighting(told: Told, scene: Scene): void {
    const command = commandOf(told);
    if (command !== null) this.#command(told, command, scene);
    if (told.sighting.kind === 'modbus.exception') this.#refusal(told, scene);
    if (told.sighting.kind === 'dicom.association') this.#association(told, scene);
  }

  #command(told: Told, command: Command, scene: Scene): void {
    const { protocol, access, word } = command;
    const stops = dangerous.has(`${protocol}:${word}`);
    if (stops) this.#raise(told, command, 'stops', scene);
    const { baselines } = scene;
    if (stops || baselines === null) return;
    const isNew = !baselines.knowsAccess(told.subject, protocol, access);
    if (isNew && changes.has(access)) this.#raise(told, command, 'never', scene);
    else if (isNew && protocol === 'dicom' && access === 'ask') this.#raise(told, command, 'asks', scene);
    else if (baselines.judges(told.subject))
      for (const single of protocol === 'hl7' ? word.split(' ') : [word])
        if (!baselines.knowsWord(told.subject, `${protocol}:${single}`))
          this.#raise(told, { ...command, word: single }, 'word', scene);
  }

  #raise(told: Told, command: Command, why: 'stops' | 'never' | 'asks' | 'word', scene: Scene): void {
    const { sighting, subject, at } = told;
    const { protocol, word } = command;
    const grave = why === 'stops' || why === 'never';
    const targets =
      (sighting.peer === null ? null : told.peer) ?? this.#peers.get(`${subject}|${protocol}`) ?? [];
    scene.raise({
      detection: grave ? 'unsafe-command' : 'new-command',
      about: grave ? protocol : `${protocol}:${word}`,
      title:
        why === 'stops'
          ? 'A command that stops a device'
          : grave
            ? 'A change by one who never changed anything'
            : why === 'asks'
              ? 'Records asked for by one who never did'
              : 'A command that is new',
      severity: grave ? 'high' : why === 'asks' ? 'high' : 'low',
      confidence: why === 'never' ? 'high' : 'medium',
      basis: why === 'stops' ? 'wrong-in-itself' : 'baseline',
      actor: subject,
      targets: typeof targets === 'string' ? [targets] : targets.toReversed(),
      service: {
        transport: sighting.service?.transport ?? 'tcp',
        port: sighting.service?.port ?? null,
        application: protocol,
      },
      summary: sentenceOf(why, protocol, word, sighting.count),
      firstSeen: sighting.firstSeen,
      lastSeen: Math.max(at, sighting.lastSeen),
      count: sighting.count,
      evidence: [sighting.evidence],
      facts: { protocol, command: word },
    });
  }

  /** Who does not know a device tries what it takes. */
  #refusal(told: Told, scene: Scene): void {
    const { unit, function: name, exception } = told.sighting.facts as Facts['modbus.exception'];
    if (exception.startsWith('gateway') || exception === 'acknowledge' || exception.endsWith('busy')) return;
    const refusals = this.#refusals.at(`${told.subject}|modbus`, told.at);
    refusals.count += told.sighting.count;
    addDistinct(refusals.kinds, `${unit}:${name}`, 64);
    keepEvidence(refusals.evidence, told.sighting.evidence);
    if (refusals.count < REFUSED || refusals.kinds.length < 3) return;
    this.#misuse(
      told,
      refusals,
      `refused ${counted(refusals.count, 'Modbus request')} of ${counted(refusals.kinds.length, 'kind')}`,
      'modbus',
      scene,
    );
  }

  #association(told: Told, scene: Scene): void {
    const { role, result, peerAeTitle } = told.sighting.facts as Facts['dicom.association'];
    if (role !== 'acceptor' || result !== 'rejected') return;
    const refusals = this.#refusals.at(`${told.subject}|dicom`, told.at);
    refusals.count += told.sighting.count;
    addDistinct(refusals.kinds, peerAeTitle, 64);
    keepEvidence(refusals.evidence, told.sighting.evidence);
    if (refusals.count < REFUSED) return;
    this.#misuse(
      told,
      refusals,
      `rejected ${counted(refusals.count, 'DICOM association')}, asked for under ${counted(refusals.kinds.length, 'name')},`,
      'dicom',
      scene,
    );
  }

  #misuse(told: Told, refusals: Refusals, what: string, protocol: string, scene: Scene): void {
    const clients = [...this.#peers.entries()].filter(
      ([key, peers]) => key.endsWith(`|${protocol}`) && peers.at(-1) === told.subject,
    );
    const latest = clients.at(-1)?.[0].split('|')[0] ?? null;
    scene.raise({
      detection: 'protocol-misuse',
      about: `${told.subject}|${protocol}`,
      title: 'Somebody tries what a device takes',
      severity: 'medium',
      confidence: 'medium',
      basis: 'wrong-in-itself',
      actor: clients.length === 1 ? latest : null,
      targets: [told.subject],
      service: { transport: 'tcp', port: told.sighting.service?.port ?? null, application: protocol },
      summary: `{target} ${what} within ${spanOf(refusals.last - refusals.start)}: whoever asks does not know it.`,
      firstSeen: refusals.start,
      lastSeen: refusals.last,
      evidence: refusals.evidence,
      facts: { refusals: refusals.count },
    });
  }
}

function sentenceOf(
  why: 'stops' | 'never' | 'asks' | 'word',
  protocol: string,
  word: string,
  count: number,
): string {
  const times = count === 1 ? '' : ` ${count} times`;
  if (why === 'stops')
    return `{actor} sent {target} the command ${word} by ${protocol}${times}, which stops or restarts it.`;
  if (why === 'never')
    return `{actor} changed something at {target} by ${protocol} (${word})${times}; while normal traffic was learnt it only read, or did not speak ${protocol} at all.`;
  if (why === 'asks')
    return `{actor} asked {target} to find or hand over images (DICOM query and retrieve)${times}, which it never did while normal traffic was learnt.`;
  return `{actor} used ${word} by ${protocol}${times}, which it never did while normal traffic was learnt.`;
}
