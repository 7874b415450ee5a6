import { type Endpoint, endpointKey, type FactKind, type Sighting } from '@wardline/model';
import type { HostReport } from '../flow/host-table.ts';
import type { Recent } from './recent.ts';
import { boundedFacts, factsKey, type Observation } from './sink.ts';
import type { Tally } from './tally.ts';

/**
 * The sightings since the last drain. Equal ones (kind, subject, service, peer, facts) are one with a count. Bounded:
 * what does not fit any more is counted as evicted.
 */
export class SightingTable {
  readonly #capture: string;
  readonly #limit: number;
  readonly #tally: Tally;
  #numbers = new WeakMap<Endpoint, number>();
  #numberByKey = new Map<string, number>();
  #table = new Map<string, Sighting>();
  /** Those that answer with what is in the table now. */
  #recents: Recent[] = [];

  constructor(capture: string, limit: number, tally: Tally) {
    this.#capture = capture;
    this.#limit = limit;
    this.#tally = tally;
  }

  get size(): number {
    return this.#table.size;
  }

  /**
   * Counts an observation; returns its sighting, or null where it is not kept. What `recent` remembers of the same
   * conversation is found without a key.
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

  /** Finds or adds the sighting that the observation counts to. */
  #entry(observation: Observation, time: number, packet: number): Sighting | null {
    const { kind, subject, service, peer } = observation;
    // A side's endpoint comes again and again; one that is spoken of is made anew each time.
    const about = service === null ? this.#newNumberOf(subject) : this.#numberOf(subject);
    if (about < 0) return null;
    const facts = boundedFacts(observation.facts);
    const where = service === null ? '' : service.transport + service.port;
    const other = peer === null ? '' : this.#numberOf(peer);
    const key = `${kind} ${about} ${where} ${other} ${factsKey(facts)}`;
    const known = this.#table.get(key);
    if (known) {
      again(known, time, time, 1);
      return known;
    }
    if (this.#isFull()) return null;
    const sighting: Sighting = {
      kind,
      subject,
      service,
      peer,
      facts: { ...facts },
      marks: [],
      firstSeen: time,
      lastSeen: time,
      count: 1,
      evidence: { capture: this.#capture, packet },
    };
    this.#table.set(key, sighting);
    return sighting;
  }

  #remember(recent: Recent, observation: Observation, sighting: Sighting): void {
    if (recent.isEmpty) this.#recents.push(recent);
    recent.keep(observation, sighting);
  }

  /** A number that equal endpoints share, negative for those that are nobody's own: keys of numbers are short. */
  #numberOf(endpoint: Endpoint): number {
    const known = this.#numbers.get(endpoint);
    if (known !== undefined) return known;
    const number = this.#newNumberOf(endpoint);
    this.#numbers.set(endpoint, number);
    return number;
  }

  #newNumberOf(endpoint: Endpoint): number {
    const key = endpointKey(endpoint);
    const known = this.#numberByKey.get(key);
    if (known !== undefined) return known;
    const number = isOwn(endpoint) ? this.#numberByKey.size + 1 : -1 - this.#numberByKey.size;
    this.#numberByKey.set(key, number);
    return number;
  }

  /** Adds what a host was seen to send. */
  addHost(report: HostReport): void {
    const { endpoint, ttl, count, firstSeen, lastSeen, packet } = report;
    const kind: FactKind = 'address.seen';
    const key = `${kind} ${this.#numberOf(endpoint)} ${ttl}`;
    const known = this.#table.get(key);
    if (known) {
      again(known, firstSeen, lastSeen, count);
      return;
    }
    if (this.#isFull()) return;
    this.#table.set(key, {
      kind,
      subject: endpoint,
      service: null,
      peer: null,
      facts: { ttl },
      marks: [],
      firstSeen,
      lastSeen,
      count,
      evidence: { capture: this.#capture, packet },
    });
  }

  take(): Sighting[] {
    const taken = [...this.#table.values()];
    this.#table = new Map();
    for (const recent of this.#recents) recent.clear();
    this.#recents = [];
    this.#numbers = new WeakMap();
    this.#numberByKey = new Map();
    return taken;
  }

  #isFull(): boolean {
    if (this.#table.size < this.#limit) return false;
    this.#tally.evicted('sightings');
    return true;
  }
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
