import type { Endpoint } from '@wardline/model';
import { formatIpv4, formatIpv6 } from '../network/address.ts';
import type { Packet } from '../network/packet.ts';
import type { Tunnel, TunnelName } from './tunnel.ts';

/** What passed through one tunnel in one direction since the last drain. */
export interface TunnelReport {
  name: TunnelName;
  identifier: number;
  source: Endpoint;
  target: Endpoint;
  count: number;
  firstSeen: number;
  lastSeen: number;
  /** Where it was first seen. */
  packet: number;
}

/** Counts packets by tunnel. Bounded: beyond the limit new tunnels are opened all the same, and not told of. */
export class TunnelTable {
  readonly #limit: number;
  readonly #onEvicted: () => void;
  #reports = new Map<string, TunnelReport>();
  /** The tunnel of the packet before: a mirror is one tunnel, and making its key for each packet would cost more than the rest. */
  #last: Counted | null = null;

  constructor(limit: number, onEvicted: () => void) {
    this.#limit = limit;
    this.#onEvicted = onEvicted;
  }

  /** Counts a packet whose outer headers stand in `packet`. */
  count(tunnel: Tunnel, packet: Packet, time: number, number: number): void {
    const last = this.#last;
    if (last !== null && isSame(last, tunnel, packet)) again(last.report, time);
    else this.#find(tunnel, packet, time, number);
  }

  #find(tunnel: Tunnel, packet: Packet, time: number, number: number): void {
    const key = keyOf(tunnel, packet);
    let report = this.#reports.get(key);
    if (report) again(report, time);
    else if (this.#reports.size >= this.#limit) this.#onEvicted();
    else {
      report = begin(tunnel, packet, time, number);
      this.#reports.set(key, report);
    }
    if (report) this.#last = countedOf(tunnel, packet, report);
  }

  take(): Iterable<TunnelReport> {
    const taken = this.#reports.values();
    this.#reports = new Map();
    this.#last = null;
    return taken;
  }
}

/** A report with what its tunnel is known by. */
interface Counted {
  name: TunnelName;
  identifier: number;
  version: number;
  vlan: number;
  /** Source and target as eight words. */
  words: readonly number[];
  report: TunnelReport;
}

function countedOf({ name, identifier }: Tunnel, p: Packet, report: TunnelReport): Counted {
  const source = [p.source0, p.source1, p.source2, p.source3];
  const words = [...source, p.target0, p.target1, p.target2, p.target3];
  return { name, identifier, version: p.version, vlan: p.vlan, words, report };
}

function isSame({ name, identifier, version, vlan, words }: Counted, tunnel: Tunnel, p: Packet): boolean {
  if (identifier !== tunnel.identifier || name !== tunnel.name) return false;
  if (version !== p.version || vlan !== p.vlan) return false;
  const isFrom = words[3] === p.source3 && words[2] === p.source2 && words[1] === p.source1;
  const isTo = words[7] === p.target3 && words[6] === p.target2 && words[5] === p.target1;
  return isFrom && isTo && words[0] === p.source0 && words[4] === p.target0;
}

function keyOf({ name, identifier }: Tunnel, p: Packet): string {
  const source = `${p.source0},${p.source1},${p.source2},${p.source3}`;
  return `${name},${identifier},${p.version},${p.vlan},${source},${p.target0},${p.target1},${p.target2},${p.target3}`;
}

function begin(tunnel: Tunnel, p: Packet, time: number, number: number): TunnelReport {
  const ip = (a: number, b: number, c: number, d: number) =>
    p.version === 4 ? formatIpv4(d) : formatIpv6(a, b, c, d);
  const vlan = p.vlan < 0 ? null : p.vlan;
  return {
    name: tunnel.name,
    identifier: tunnel.identifier,
    source: { mac: null, ip: ip(p.source0, p.source1, p.source2, p.source3), vlan },
    target: { mac: null, ip: ip(p.target0, p.target1, p.target2, p.target3), vlan },
    count: 1,
    firstSeen: time,
    lastSeen: time,
    packet: number,
  };
}

function again(report: TunnelReport, time: number): void {
  report.count += 1;
  report.firstSeen = Math.min(report.firstSeen, time);
  report.lastSeen = Math.max(report.lastSeen, time);
}
