import type { Facts } from '@wardline/model';
import type { Scene, Seen, Told } from '../engine/scene.ts';
import { defaultLimits, MARKS_KEPT } from '../limits.ts';
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

interface Attempts extends Counted {
  refused: number;
  /** Refused with a secret that was seen, as distinct hashes. */
  secrets: string[];
  connections: number;
  accepted: boolean;
}

interface Sprayed extends Counted {
  servers: string[];
}

/** Attempts within five minutes. A person mistypes three times; a device with an old password tries the same one again. */
const REFUSED = 10;
const SECRETS = 4;
/** Web pages that need a login refuse their first request each time. */
const CHALLENGES = 20;
/** Short connections to something that asks for a login: monitoring asks once a minute. */
const CONNECTIONS = 20;
const SHORT = { bytes: 16_000, packets: 80 };
const SPRAYED = 5;
/** Protocols and ports of logins whose outcome is not on the wire. */
const logins: ReadonlyMap<string, readonly number[]> = new Map([
  ['ssh', [22, 2222]],
  ['rdp', [3389]],
  ['telnet', [23, 2323]],
  ['ftp', [21]],
  ['vnc', [5900, 5901]],
  ['mysql', [3306]],
  ['mssql', [1433]],
  ['postgresql', [5432]],
  ['pop3', [110]],
  ['imap', [143]],
]);
const portNames = new Map([...logins].flatMap(([name, ports]) => ports.map((port) => [port, name] as const)));

/** Passwords are guessed, sprayed, or are those of the manual. */
export class CredentialDetector extends WindowDetector {
  readonly name = 'credentials';
  readonly #attempts = new Windows<Attempts>(defaultLimits.window, 5 * MINUTE, () => ({
    refused: 0,
    secrets: [],
    connections: 0,
    accepted: false,
  }));
  readonly #sprayed = new Windows<Sprayed>(defaultLimits.window, HOUR, () => ({ servers: [] }));
  protected readonly windows = { attempts: this.#attempts, sprayed: this.#sprayed };

  conversation(seen: Seen, scene: Scene): void {
    const { conversation, client, server, at } = seen;
    const name = logins.has(conversation.application ?? '')
      ? conversation.application!
      : portNames.get(conversation.serverPort ?? 0);
    const { opened, established } = conversation.connections;
    if (name === undefined || conversation.transport !== 'tcp' || opened === 0 || established === 0) return;
    const packets = conversation.packetsFromClient + conversation.packetsFromServer;
    const bytes = conversation.bytesFromClient + conversation.bytesFromServer;
    // Somebody must have said something, and not much.
    const spoke = conversation.application !== null || packets > 5 * established;
    if (!spoke || bytes > SHORT.bytes * established || packets > SHORT.packets * established) return;
    const attempts = this.#attempts.at(`${client}|${server}|${name}`, at);
    attempts.connections += Math.max(opened, established);
    keepEvidence(attempts.evidence, conversation.evidence);
    if (attempts.connections >= CONNECTIONS) this.#guessing(client, server, name, attempts, scene);
  }

  sighting(told: Told, scene: Scene): void {
    const { sighting } = told;
    if (sighting.kind === 'credential.cleartext') this.#credential(told, scene);
    if (sighting.kind === 'login.outcome') {
      const { protocol, outcome } = sighting.facts as Facts['login.outcome'];
      this.#attempt(told, protocol, outcome, null, scene);
    }
    if (sighting.kind === 'http.refusal') this.#refusal(told, scene);
  }

  #credential(told: Told, scene: Scene): void {
    const facts = told.sighting.facts as Facts['credential.cleartext'];
    if (facts.knownDefault !== undefined && facts.outcome !== 'refused') this.#default(told, facts, scene);
    this.#attempt(told, facts.protocol, facts.outcome, facts.secretHash ?? null, scene);
  }

  #attempt(told: Told, protocol: string, outcome: string, secret: string | null, scene: Scene): void {
    const { sighting, subject, peer, at } = told;
    if (peer === null) return;
    const attempts = this.#attempts.at(`${peer}|${subject}|${protocol}`, at);
    if (outcome === 'accepted') {
      attempts.accepted = true;
      if (attempts.secrets.length >= SECRETS || attempts.refused >= REFUSED)
        this.#guessing(peer, subject, protocol, attempts, scene);
      return;
    }
    // Where no answer shows (SNMP), different secrets are what is left to tell by; web pages take ever new tokens.
    if (outcome !== 'refused' && protocol === 'http') return;
    if (secret !== null) addDistinct(attempts.secrets, secret, MARKS_KEPT);
    if (outcome === 'refused') attempts.refused += sighting.count;
    keepEvidence(attempts.evidence, sighting.evidence);
    const guessed = secret === null ? attempts.refused >= REFUSED : attempts.secrets.length >= SECRETS;
    if (guessed) this.#guessing(peer, subject, protocol, attempts, scene);
    if (outcome === 'refused') this.#spray(told, peer, protocol, scene);
  }

  #spray({ sighting, subject, at }: Told, client: string, protocol: string, scene: Scene): void {
    const sprayed = this.#sprayed.at(`${client}|${protocol}`, at);
    addDistinct(sprayed.servers, subject, scene.limits.members);
    keepEvidence(sprayed.evidence, sighting.evidence);
    if (sprayed.servers.length < SPRAYED) return;
    scene.raise({
      detection: 'password-spraying',
      about: protocol,
      title: 'Passwords tried on many devices',
      severity: 'high',
      confidence: 'medium',
      basis: 'wrong-in-itself',
      actor: client,
      targets: sprayed.servers.slice(0, 16),
      targetCount: sprayed.servers.length,
      service: { transport: 'tcp', port: sighting.service?.port ?? null, application: protocol },
      summary: `{actor} was refused by ${counted(sprayed.servers.length, 'device')} to which it tried to sign in by ${protocol}, within ${spanOf(sprayed.last - sprayed.start)}.`,
      firstSeen: sprayed.start,
      lastSeen: at,
      evidence: sprayed.evidence,
      facts: { devices: sprayed.servers.length },
    });
  }

  #refusal({ sighting, subject, peer, at }: Told, scene: Scene): void {
    const { status } = sighting.facts as Facts['http.refusal'];
    if (peer === null || status === 403) return;
    const attempts = this.#attempts.at(`${peer}|${subject}|http-${status}`, at);
    attempts.refused += sighting.count;
    keepEvidence(attempts.evidence, sighting.evidence);
    if (status === 401 && attempts.refused >= CHALLENGES)
      this.#guessing(peer, subject, 'http', attempts, scene);
    if (status === 404 && attempts.refused >= 4 * CHALLENGES)
      this.#hiddenPages(peer, subject, attempts, scene);
  }

  #guessing(client: string, server: string, protocol: string, attempts: Attempts, scene: Scene): void {
    const { refused, secrets, connections, accepted } = attempts;
    const tries = Math.max(refused, secrets.length, connections);
    const what =
      secrets.length >= SECRETS
        ? `with ${secrets.length >= MARKS_KEPT ? `${MARKS_KEPT} or more` : secrets.length} different passwords`
        : refused > 0
          ? `and was refused ${counted(refused, 'time')}`
          : `in ${counted(connections, 'short connection')}`;
    scene.raise({
      detection: 'brute-force',
      about: `${server}|${protocol}`,
      title: accepted ? 'Password guessed' : 'Passwords are being guessed',
      severity: accepted ? 'critical' : 'high',
      confidence: refused >= REFUSED || secrets.length >= SECRETS ? 'high' : 'medium',
      basis: 'wrong-in-itself',
      actor: client,
      targets: [server],
      service: { transport: 'tcp', port: null, application: protocol },
      summary: `{actor} tried to sign in to {target} by ${protocol} ${what} within ${spanOf(attempts.last - attempts.start)}${accepted ? ', and was let in in the end' : ''}.`,
      firstSeen: attempts.start,
      lastSeen: attempts.last,
      evidence: attempts.evidence,
      facts: { tries, accepted },
    });
  }

  #hiddenPages(client: string, server: string, attempts: Attempts, scene: Scene): void {
    scene.raise({
      detection: 'vertical-scan',
      about: `${server}|http`,
      title: 'Search for hidden pages',
      severity: 'medium',
      confidence: 'medium',
      basis: 'wrong-in-itself',
      actor: client,
      targets: [server],
      service: { transport: 'tcp', port: null, application: 'http' },
      summary: `{actor} asked {target} for ${counted(attempts.refused, 'page')} that it does not have, within ${spanOf(attempts.last - attempts.start)}.`,
      firstSeen: attempts.start,
      lastSeen: attempts.last,
      evidence: attempts.evidence,
      facts: { pages: attempts.refused },
    });
  }

  #default({ sighting, subject, peer }: Told, facts: Facts['credential.cleartext'], scene: Scene): void {
    // A published password that belonged to normal traffic is a finding, not news.
    if (scene.baselines?.knowsCommand(subject, `default:${facts.protocol}`) === true) return;
    const accepted = facts.outcome === 'accepted';
    // Half of all networks are polled as "public".
    const polled = facts.protocol === 'snmp';
    scene.raise({
      detection: 'default-credential',
      about: `${subject}|${facts.protocol}`,
      title: 'Password of the manual used',
      severity: polled ? 'low' : accepted ? 'high' : 'medium',
      confidence: accepted ? 'high' : 'medium',
      basis: 'wrong-in-itself',
      actor: peer,
      targets: [subject],
      service: { transport: 'tcp', port: sighting.service?.port ?? null, application: facts.protocol },
      summary: `{actor} signed in to {target} by ${facts.protocol} with a name and password that its maker publishes${accepted ? ', and was let in' : '; whether it was let in does not show'}.`,
      firstSeen: sighting.firstSeen,
      lastSeen: sighting.lastSeen,
      count: sighting.count,
      evidence: [sighting.evidence],
      facts: { list: facts.knownDefault ?? '' },
    });
  }
}
