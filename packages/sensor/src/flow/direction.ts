import { directionBases, portRank } from '@wardline/model';
import { BASIS, BYTES, CLIENT_IS_B, type ConnectionTable, HOST_B, KEY, META } from './connection-table.ts';
import type { HostTable } from './host-table.ts';
import { outweighs, type ServiceTable } from './service-table.ts';

/** Positions in `directionBases`: a smaller one is better evidence. */
export const BY_SYN = directionBases.indexOf('syn');
export const BY_PROTOCOL = directionBases.indexOf('protocol');
export const BY_SERVICE = directionBases.indexOf('service');
export const BY_PORT = directionBases.indexOf('port');
export const BY_ORDER = directionBases.indexOf('order');

/** Tells client and server of connections apart, and again when better evidence comes. */
export class Directions {
  readonly #connections: ConnectionTable;
  readonly #hosts: HostTable;
  readonly #services: ServiceTable;

  constructor(connections: ConnectionTable, hosts: HostTable, services: ServiceTable) {
    this.#connections = connections;
    this.#hosts = hosts;
    this.#services = services;
  }

  /** Takes `clientIsB` for true where its basis is better than what was believed so far; returns whether sides changed. */
  settle(entry: number, clientIsB: boolean, basis: number): boolean {
    const table = this.#connections;
    if (basis >= table.bytes[entry * BYTES + BASIS]!) return false;
    const changed = (table.bytes[entry * BYTES + CLIENT_IS_B] === 1) !== clientIsB;
    table.bytes[entry * BYTES + BASIS] = basis;
    table.bytes[entry * BYTES + CLIENT_IS_B] = clientIsB ? 1 : 0;
    if (basis <= BY_PROTOCOL && table.hasPorts(entry)) this.#serves(entry, !clientIsB);
    return changed;
  }

  /** A first guess for a connection whose beginning was not seen. Side A sent its first packet. */
  begin(entry: number): void {
    const table = this.#connections;
    table.bytes[entry * BYTES + BASIS] = BY_ORDER;
    table.bytes[entry * BYTES + CLIENT_IS_B] = 0;
    if (!table.hasPorts(entry)) return;
    const { key } = table;
    const k = entry * KEY;
    const a = serviceWord(key[k + META]!, table.portA(entry));
    const b = serviceWord(key[k + META]!, table.portB(entry));
    this.#services.used(key[k]!, key[k + 1]!, key[k + 2]!, key[k + 3]!, a);
    this.#services.used(key[k + 4]!, key[k + 5]!, key[k + 6]!, key[k + 7]!, b);
    this.#byPort(entry);
    this.reconsider(entry);
  }

  /** Looks again at what is known of both ends' ports; called when a connection is rolled up, too. */
  reconsider(entry: number): void {
    const table = this.#connections;
    if (table.bytes[entry * BYTES + BASIS]! <= BY_SERVICE || !table.hasPorts(entry)) return;
    if (this.#hosts.isGroupAddress(table.key[entry * KEY + HOST_B]!)) {
      // Nobody sends from a group's address, so the group is what is asked.
      this.settle(entry, false, BY_SERVICE);
      return;
    }
    const usesA = this.#uses(entry, true);
    const usesB = this.#uses(entry, false);
    if (outweighs(usesA, usesB)) this.settle(entry, true, BY_SERVICE);
    else if (outweighs(usesB, usesA)) this.settle(entry, false, BY_SERVICE);
  }

  #byPort(entry: number): void {
    const rankA = portRank(this.#connections.portA(entry));
    const rankB = portRank(this.#connections.portB(entry));
    if (rankA > rankB) this.settle(entry, true, BY_PORT);
    else if (rankB > rankA) this.settle(entry, false, BY_PORT);
  }

  #uses(entry: number, sideA: boolean): number {
    const { key } = this.#connections;
    const k = entry * KEY;
    const port = sideA ? this.#connections.portA(entry) : this.#connections.portB(entry);
    const at = sideA ? k : k + 4;
    const word = serviceWord(key[k + META]!, port);
    return this.#services.uses(key[at]!, key[at + 1]!, key[at + 2]!, key[at + 3]!, word);
  }

  #serves(entry: number, sideA: boolean): void {
    const { key } = this.#connections;
    const k = entry * KEY;
    const port = sideA ? this.#connections.portA(entry) : this.#connections.portB(entry);
    const at = sideA ? k : k + 4;
    const word = serviceWord(key[k + META]!, port);
    this.#services.serves(key[at]!, key[at + 1]!, key[at + 2]!, key[at + 3]!, word);
  }
}

function serviceWord(meta: number, port: number): number {
  return ((meta & 0xff) << 16) | port;
}
