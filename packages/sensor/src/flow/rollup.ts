import { type Conversation, directionBases, type Endpoint, protections } from '@wardline/model';
import { transportName } from '../network/transport.ts';
import type { Names, Notes } from '../report/names.ts';
import {
  BASIS,
  BYTES,
  BYTES_A,
  BYTES_B,
  CLIENT_IS_B,
  CLOSED,
  COUNTERS,
  type ConnectionTable,
  ESTABLISHED,
  EVENTS,
  EVIDENCE,
  FIRST_SEEN,
  HOST_A,
  HOST_B,
  KEY,
  LAST_SEEN,
  META,
  OPENED,
  PACKETS_A,
  PACKETS_B,
  PROTECTION,
  REFUSED,
  RESET,
  SLICE,
  UNANSWERED,
} from './connection-table.ts';
import type { Directions } from './direction.ts';
import { grown, type HostTable } from './host-table.ts';
import { finish, mix, SlotIndex } from './slot-index.ts';

const MOST_FACTS = 32;
const FIRST = 1024;

/**
 * Conversations since the last drain: connections of the same client, server, service and slice are added up. They are
 * found by a hash of the server's address and port, mixed with the client's, and compared as they stand in the columns.
 */
export class Rollup {
  readonly #connections: ConnectionTable;
  readonly #hosts: HostTable;
  readonly #directions: Directions;
  readonly #names: Names;
  readonly #capture: string;
  readonly #seed: number;
  #rows: Conversation[] = [];
  #index = new SlotIndex();
  #hashes = new Int32Array(FIRST);

  constructor(
    connections: ConnectionTable,
    hosts: HostTable,
    directions: Directions,
    names: Names,
    capture: string,
    seed: number,
  ) {
    this.#connections = connections;
    this.#hosts = hosts;
    this.#directions = directions;
    this.#names = names;
    this.#capture = capture;
    this.#seed = seed;
  }

  get size(): number {
    return this.#rows.length;
  }

  /** Adds a connection's counters to its conversation and sets them to zero. */
  add(entry: number): void {
    const table = this.#connections;
    if (
      table.counters[entry * COUNTERS + PACKETS_A] === 0 &&
      table.counters[entry * COUNTERS + PACKETS_B] === 0 &&
      table.bytes[entry * BYTES + EVENTS] === 0
    )
      return;
    this.#directions.reconsider(entry);
    const swapped = table.bytes[entry * BYTES + CLIENT_IS_B] === 1;
    const a = this.#hosts.endpoint(table.key[entry * KEY + HOST_A]!);
    const b = this.#hosts.endpoint(table.key[entry * KEY + HOST_B]!);
    const hash = this.#hashOf(entry, swapped);
    const row = this.#find(hash, entry, swapped ? b : a, swapped ? a : b);
    if (row === null) this.#insert(hash, this.#rowOf(entry, swapped ? b : a, swapped ? a : b));
    else this.#join(row, entry);
    table.counters[entry * COUNTERS + PACKETS_A] = 0;
    table.counters[entry * COUNTERS + PACKETS_B] = 0;
    table.counters[entry * COUNTERS + BYTES_A] = 0;
    table.counters[entry * COUNTERS + BYTES_B] = 0;
    table.bytes[entry * BYTES + EVENTS] = 0;
  }

  take(): Conversation[] {
    const taken = this.#rows;
    this.#rows = [];
    this.#index = new SlotIndex();
    return taken;
  }

  #hashOf(entry: number, swapped: boolean): number {
    const { key } = this.#connections;
    const k = entry * KEY;
    const client = swapped ? k + 4 : k;
    const server = swapped ? k : k + 4;
    let hash = mix(
      mix(mix(mix(this.#seed, key[client]!), key[client + 1]!), key[client + 2]!),
      key[client + 3]!,
    );
    hash = mix(mix(mix(mix(hash, key[server]!), key[server + 1]!), key[server + 2]!), key[server + 3]!);
    return finish(mix(mix(hash, this.#serverPort(entry, swapped) ?? -1), key[k + META]!));
  }

  #find(hash: number, entry: number, client: Endpoint, server: Endpoint): Conversation | null {
    const { slots, mask } = this.#index;
    for (let slot = hash & mask; slots[slot]! >= 0; slot = (slot + 1) & mask) {
      const at = slots[slot]!;
      if (this.#hashes[at] !== hash) continue;
      const row = this.#rows[at]!;
      if (isSamePlace(row.client, client) && isSamePlace(row.server, server) && this.#isOf(row, entry))
        return row;
    }
    return null;
  }

  #isOf(row: Conversation, entry: number): boolean {
    const table = this.#connections;
    if (row.slice !== table.counters[entry * COUNTERS + SLICE]) return false;
    if (row.transport !== transportName(table.protocol(entry))) return false;
    return row.serverPort === this.#serverPort(entry, table.bytes[entry * BYTES + CLIENT_IS_B] === 1);
  }

  #insert(hash: number, row: Conversation): void {
    const at = this.#rows.push(row) - 1;
    if (at >= this.#hashes.length) this.#hashes = grown(this.#hashes, this.#hashes.length * 2);
    this.#hashes[at] = hash;
    this.#index.add(at, this.#hashes);
  }

  #serverPort(entry: number, swapped: boolean): number | null {
    const table = this.#connections;
    if (!table.hasPorts(entry)) return null;
    return swapped ? table.portA(entry) : table.portB(entry);
  }

  #rowOf(entry: number, client: Endpoint, server: Endpoint): Conversation {
    const table = this.#connections;
    const swapped = table.bytes[entry * BYTES + CLIENT_IS_B] === 1;
    const notes = this.#names.notes(entry);
    return {
      client,
      server,
      serverPort: this.#serverPort(entry, swapped),
      transport: transportName(table.protocol(entry)),
      application: this.#names.application(table, entry),
      protection: protections[table.bytes[entry * BYTES + PROTECTION]!]!,
      basis: directionBases[table.bytes[entry * BYTES + BASIS]!]!,
      slice: table.counters[entry * COUNTERS + SLICE]!,
      firstSeen: table.counters[entry * COUNTERS + FIRST_SEEN]!,
      lastSeen: table.counters[entry * COUNTERS + LAST_SEEN]!,
      packetsFromClient: swapped
        ? table.counters[entry * COUNTERS + PACKETS_B]!
        : table.counters[entry * COUNTERS + PACKETS_A]!,
      packetsFromServer: swapped
        ? table.counters[entry * COUNTERS + PACKETS_A]!
        : table.counters[entry * COUNTERS + PACKETS_B]!,
      bytesFromClient: swapped
        ? table.counters[entry * COUNTERS + BYTES_B]!
        : table.counters[entry * COUNTERS + BYTES_A]!,
      bytesFromServer: swapped
        ? table.counters[entry * COUNTERS + BYTES_A]!
        : table.counters[entry * COUNTERS + BYTES_B]!,
      connections: outcomes(table.bytes[entry * BYTES + EVENTS]!),
      facts: notes ? Object.fromEntries(notes) : {},
      evidence: { capture: this.#capture, packet: table.counters[entry * COUNTERS + EVIDENCE]! },
    };
  }

  /** Adds the connection's counters to a row, without making one of its own. */
  #join(row: Conversation, entry: number): void {
    const table = this.#connections;
    const swapped = table.bytes[entry * BYTES + CLIENT_IS_B] === 1;
    row.packetsFromClient += swapped
      ? table.counters[entry * COUNTERS + PACKETS_B]!
      : table.counters[entry * COUNTERS + PACKETS_A]!;
    row.packetsFromServer += swapped
      ? table.counters[entry * COUNTERS + PACKETS_A]!
      : table.counters[entry * COUNTERS + PACKETS_B]!;
    row.bytesFromClient += swapped
      ? table.counters[entry * COUNTERS + BYTES_B]!
      : table.counters[entry * COUNTERS + BYTES_A]!;
    row.bytesFromServer += swapped
      ? table.counters[entry * COUNTERS + BYTES_A]!
      : table.counters[entry * COUNTERS + BYTES_B]!;
    addOutcomes(row.connections, table.bytes[entry * BYTES + EVENTS]!);
    const first = table.counters[entry * COUNTERS + FIRST_SEEN]!;
    if (first < row.firstSeen) {
      row.firstSeen = first;
      row.evidence = { capture: this.#capture, packet: table.counters[entry * COUNTERS + EVIDENCE]! };
    }
    if (table.counters[entry * COUNTERS + LAST_SEEN]! > row.lastSeen)
      row.lastSeen = table.counters[entry * COUNTERS + LAST_SEEN]!;
    row.application ??= this.#names.application(table, entry);
    row.protection = weaker(row.protection, protections[table.bytes[entry * BYTES + PROTECTION]!]!);
    const basis = table.bytes[entry * BYTES + BASIS]!;
    if (basis < directionBases.indexOf(row.basis)) row.basis = directionBases[basis]!;
    const notes = this.#names.notes(entry);
    if (notes) joinFacts(row.facts, notes);
  }
}

function isSamePlace(a: Endpoint, b: Endpoint): boolean {
  return a === b || (a.ip === b.ip && a.mac === b.mac && a.vlan === b.vlan);
}

function outcomes(events: number): Conversation['connections'] {
  return {
    opened: events & OPENED ? 1 : 0,
    established: events & ESTABLISHED ? 1 : 0,
    refused: events & REFUSED ? 1 : 0,
    unanswered: events & UNANSWERED ? 1 : 0,
    closed: events & CLOSED ? 1 : 0,
    reset: events & RESET ? 1 : 0,
  };
}

function addOutcomes(counts: Conversation['connections'], events: number): void {
  if (events & OPENED) counts.opened += 1;
  if (events & ESTABLISHED) counts.established += 1;
  if (events & REFUSED) counts.refused += 1;
  if (events & UNANSWERED) counts.unanswered += 1;
  if (events & CLOSED) counts.closed += 1;
  if (events & RESET) counts.reset += 1;
}

/** Of two connections the less protected one says what the conversation is worth; one that showed nothing says nothing. */
function weaker(a: Conversation['protection'], b: Conversation['protection']): Conversation['protection'] {
  if (a === 'unknown' || b === 'unknown') return a === 'unknown' ? b : a;
  return protections.indexOf(a) <= protections.indexOf(b) ? a : b;
}

function joinFacts(facts: Conversation['facts'], more: Notes): void {
  let room = MOST_FACTS - Object.keys(facts).length;
  for (const [name, value] of more) {
    if (name in facts) continue;
    if (room <= 0) return;
    facts[name] = value;
    room -= 1;
  }
}
