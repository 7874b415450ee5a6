import { type Endpoint, endpointKey, type Sighting } from '@wardline/model';
import type { HostReport } from '../flow/host-table.ts';
import type { TunnelReport } from '../tunnel/tunnel-table.ts';
import { isEqual, type Recent } from './recent.ts';
import { boundedFacts, factsKey, type Observation, type Service } from './sink.ts';
import type { Tally } from './tally.ts';

/** Sightings of one subject that are compared one by one; beyond them a key is made of what is said. */
const COMPARED = 12;

/** What was said of one endpoint since the last drain. */
interface Subject {
  /** Equal endpoints share it: keys of numbers are short. */
  number: number;
  /** False for addresses that are nobody's own. */
  own: boolean;
  said: Sighting[];
  byKey: Map<string, Sighting> | null;
}

/**
 * The sightings since the last drain. Equal ones (kind, subject, service, peer, facts) are one with a count. Bounded:
 * what does not fit any more is counted as evicted.
 */
export class SightingTable {
  readonly #capture: string;
  readonly #limit: number;
  readonly #tally: Tally;
  /** By the object that names an endpoint, since a side's comes again and again; and by what it says. */
  #subjects = new Map<Endpoint, Subject>();
  #subjectByKey = new Map<string, Subject>();
  #table: Sighting[] = [];
  /** Those that answer with what is in the table now. */
  #recents: Recent[] = [];

  constructor(capture: string, limit: number, tally: Tally) {
    this.#capture = capture;
    this.#limit = limit;
    this.#tally = tally;
  }

  get size(): number {
    return this.#table.length;
  }

  /**
   * Counts an observation; returns its sighting, or null where it is not kept. What `recent` remembers of the same
   * conversation is found first.
   */
  add(observation: Observation, time: number, packet: number, recent: Recent | null): Sighting | null {
    const said = recent?.find(observation);
    if (said) {
      again(said, time, time, 1);
      return said;
    }
    const sighting = this.#entry(observation, time, packet);
    if (sighting !== null && recent !== null) this.#remember(recent, observation, sighting);
    return sighting;
  }

  /** Adds what a host was seen to send. */
  addHost(report: HostReport): void {
    const { endpoint, ttl, count, firstSeen, lastSeen, packet } = report;
    const observation: Observation = {
      kind: 'address.seen',
      subject: endpoint,
      service: null,
      peer: null,
      facts: { ttl },
    };
    const subject = this.#subjectOf(endpoint, true);
    if (!subject.own) return;
    const known = this.#find(subject, observation);
    if (known) again(known, firstSeen, lastSeen, count);
    else {
      const added = this.#insert(subject, observation, firstSeen, packet);
      if (added === null) return;
      added.lastSeen = lastSeen;
      added.count = count;
    }
  }

  /** Adds what passed through a tunnel. */
  addTunnel({ name, identifier, source, target, count, firstSeen, lastSeen, packet }: TunnelReport): void {
    const facts = identifier < 0 ? { tunnel: name } : { tunnel: name, identifier };
    const parties = { subject: source, service: null, peer: target };
    const sighting = this.#entry({ kind: 'network.tunnel', ...parties, facts }, firstSeen, packet);
    if (sighting) again(sighting, firstSeen, lastSeen, count - 1);
  }

  take(): Sighting[] {
    const taken = this.#table;
    this.#table = [];
    for (const recent of this.#recents) recent.clear();
    this.#recents = [];
    this.#subjects = new Map();
    this.#subjectByKey = new Map();
    return taken;
  }

  /** Finds or adds the sighting that the observation counts to. */
  #entry(observation: Observation, time: number, packet: number): Sighting | null {
    // One that is spoken of is made anew each time, so that its object is not worth remembering.
    const subject = this.#subjectOf(observation.subject, observation.service !== null);
    if (!subject.own) return null;
    const known = this.#find(subject, observation);
    if (known === null) return this.#insert(subject, observation, time, packet);
    again(known, time, time, 1);
    return known;
  }

  #find(subject: Subject, observation: Observation): Sighting | null {
    for (const said of subject.said) if (isSaid(observation, said)) return said;
    if (subject.byKey === null) return null;
    return subject.byKey.get(this.#keyOf(observation)) ?? null;
  }

  #insert(subject: Subject, observation: Observation, time: number, packet: number): Sighting | null {
    if (this.#isFull()) return null;
    const { kind, subject: endpoint, service, peer } = observation;
    const sighting: Sighting = {
      kind,
      subject: endpoint,
      service,
      peer,
      facts: { ...boundedFacts(observation.facts) },
      marks: [],
      firstSeen: time,
      lastSeen: time,
      count: 1,
      evidence: { capture: this.#capture, packet },
    };
    this.#table.push(sighting);
    if (subject.said.length < COMPARED) subject.said.push(sighting);
    else {
      subject.byKey ??= new Map();
      subject.byKey.set(this.#keyOf(observation), sighting);
    }
    return sighting;
  }

  #keyOf({ kind, service, peer, facts }: Observation): string {
    const where = service === null ? '' : service.transport + service.port;
    const other = peer === null ? '' : this.#subjectOf(peer, true).number;
    return `${kind} ${where} ${other} ${factsKey(boundedFacts(facts))}`;
  }

  #remember(recent: Recent, observation: Observation, sighting: Sighting): void {
    if (recent.isEmpty) this.#recents.push(recent);
    recent.keep(observation, sighting);
  }

  #subjectOf(endpoint: Endpoint, comesAgain: boolean): Subject {
    const known = this.#subjects.get(endpoint);
    if (known !== undefined) return known;
    const subject = this.#subjectByWords(endpoint);
    if (comesAgain) this.#subjects.set(endpoint, subject);
    return subject;
  }

  #subjectByWords(endpoint: Endpoint): Subject {
    // Who is only spoken of has an IP address alone.
    const alone = endpoint.mac === null && endpoint.vlan === null ? endpoint.ip : null;
    const key = alone ?? endpointKey(endpoint);
    const known = this.#subjectByKey.get(key);
    if (known !== undefined) return known;
    const number = this.#subjectByKey.size;
    const subject: Subject = { number, own: isOwn(endpoint), said: [], byKey: null };
    this.#subjectByKey.set(key, subject);
    return subject;
  }

  #isFull(): boolean {
    if (this.#table.length < this.#limit) return false;
    this.#tally.evicted('sightings');
    return true;
  }
}

/** True where the observation, of the same subject, says the same. */
function isSaid({ kind, service, peer, facts }: Observation, said: Sighting): boolean {
  if (said.kind !== kind || !isSameService(service, said.service)) return false;
  return isSamePlace(peer, said.peer) && isEqual(boundedFacts(facts), said.facts as Observation['facts']);
}

function isSameService(a: Service | null, b: Service | null): boolean {
  if (a === b) return true;
  return a !== null && b !== null && a.port === b.port && a.transport === b.transport;
}

function isSamePlace(a: Endpoint | null, b: Endpoint | null): boolean {
  if (a === b) return true;
  return a !== null && b !== null && a.ip === b.ip && a.mac === b.mac && a.vlan === b.vlan;
}

function again(sighting: Sighting, first: number, last: number, count: number): void {
  sighting.count += count;
  sighting.firstSeen = Math.min(sighting.firstSeen, first);
  sighting.lastSeen = Math.max(sighting.lastSeen, last);
}

/** Group addresses and the unspecified ones belong to nobody, so nothing is said of them. */
function isOwn({ mac, ip }: Endpoint): boolean {
  if (mac === null && ip === null) return false;
  if (mac !== null && (mac === '00:00:00:00:00:00' || (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1))
    return false;
  return ip === null || !isGroupIp(ip);
}

function isGroupIp(ip: string): boolean {
  if (ip === '0.0.0.0' || ip === '::' || ip === '255.255.255.255') return true;
  if (ip.includes(':')) return ip.startsWith('ff') && ip.indexOf(':') === 4;
  const first = Number.parseInt(ip, 10);
  return first >= 224 && first <= 239;
}
