import { type Conversation, conversationKey, directionBases, protections } from '@wardline/model';
import { transportName } from '../network/transport.ts';
import type { Names } from '../report/names.ts';
import {
  CLOSED,
  type ConnectionTable,
  ESTABLISHED,
  OPENED,
  REFUSED,
  RESET,
  UNANSWERED,
} from './connection-table.ts';
import type { Directions } from './direction.ts';
import type { HostTable } from './host-table.ts';

const MOST_FACTS = 32;

/** Conversations since the last drain: connections of the same client, server, service and slice are added up. */
export class Rollup {
  readonly #connections: ConnectionTable;
  readonly #hosts: HostTable;
  readonly #directions: Directions;
  readonly #names: Names;
  readonly #capture: string;
  #rows = new Map<string, Conversation>();

  constructor(
    connections: ConnectionTable,
    hosts: HostTable,
    directions: Directions,
    names: Names,
    capture: string,
  ) {
    this.#connections = connections;
    this.#hosts = hosts;
    this.#directions = directions;
    this.#names = names;
    this.#capture = capture;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Adds a connection's counters to its conversation and sets them to zero. */
  add(entry: number): void {
    const table = this.#connections;
    if (table.packetsA[entry] === 0 && table.packetsB[entry] === 0 && table.events[entry] === 0) return;
    this.#directions.reconsider(entry);
    const delta = this.#deltaOf(entry);
    const key = `${conversationKey(delta)}@${delta.slice}`;
    const row = this.#rows.get(key);
    if (row) join(row, delta);
    else this.#rows.set(key, delta);
    table.packetsA[entry] = 0;
    table.packetsB[entry] = 0;
    table.bytesA[entry] = 0;
    table.bytesB[entry] = 0;
    table.events[entry] = 0;
  }

  take(): Conversation[] {
    const taken = [...this.#rows.values()];
    this.#rows = new Map();
    return taken;
  }

  #deltaOf(entry: number): Conversation {
    const table = this.#connections;
    const swapped = table.clientIsB[entry] === 1;
    const a = this.#hosts.endpoint(table.hostA[entry]!);
    const b = this.#hosts.endpoint(table.hostB[entry]!);
    const notes = this.#names.notes(entry);
    return {
      client: swapped ? b : a,
      server: swapped ? a : b,
      serverPort: table.hasPorts(entry) ? (swapped ? table.portA(entry) : table.portB(entry)) : null,
      transport: transportName(table.protocol(entry)),
      application: this.#names.application(table, entry),
      protection: protections[table.protection[entry]!]!,
      basis: directionBases[table.basis[entry]!]!,
      slice: table.slice[entry]!,
      firstSeen: table.first[entry]!,
      lastSeen: table.last[entry]!,
      packetsFromClient: swapped ? table.packetsB[entry]! : table.packetsA[entry]!,
      packetsFromServer: swapped ? table.packetsA[entry]! : table.packetsB[entry]!,
      bytesFromClient: swapped ? table.bytesB[entry]! : table.bytesA[entry]!,
      bytesFromServer: swapped ? table.bytesA[entry]! : table.bytesB[entry]!,
      connections: outcomes(table.events[entry]!),
      facts: notes ? Object.fromEntries(notes) : {},
      evidence: { capture: this.#capture, packet: table.evidence[entry]! },
    };
  }
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

function join(row: Conversation, delta: Conversation): void {
  row.packetsFromClient += delta.packetsFromClient;
  row.packetsFromServer += delta.packetsFromServer;
  row.bytesFromClient += delta.bytesFromClient;
  row.bytesFromServer += delta.bytesFromServer;
  for (const outcome of Object.keys(row.connections) as (keyof Conversation['connections'])[]) {
    row.connections[outcome] += delta.connections[outcome];
  }
  if (delta.firstSeen < row.firstSeen) row.evidence = delta.evidence;
  row.firstSeen = Math.min(row.firstSeen, delta.firstSeen);
  row.lastSeen = Math.max(row.lastSeen, delta.lastSeen);
  row.application ??= delta.application;
  row.protection = weaker(row.protection, delta.protection);
  if (directionBases.indexOf(delta.basis) < directionBases.indexOf(row.basis)) row.basis = delta.basis;
  joinFacts(row.facts, delta.facts);
}

/** Of two connections the less protected one says what the conversation is worth; one that showed nothing says nothing. */
function weaker(a: Conversation['protection'], b: Conversation['protection']): Conversation['protection'] {
  if (a === 'unknown' || b === 'unknown') return a === 'unknown' ? b : a;
  return protections.indexOf(a) <= protections.indexOf(b) ? a : b;
}

function joinFacts(facts: Conversation['facts'], more: Conversation['facts']): void {
  let room = MOST_FACTS - Object.keys(facts).length;
  for (const [name, value] of Object.entries(more)) {
    if (name in facts) continue;
    if (room <= 0) return;
    facts[name] = value;
    room -= 1;
  }
}
