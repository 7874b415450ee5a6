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

  constructor(limit: number, onEvicted: () => void) {
    this.#limit = limit;
    this.#onEvicted = onEvicted;
  }

  /** Counts a packet whose outer headers stand in `packet`. */
  count(tunnel: Tunnel, packet: Packet, time: number, number: number): void {
    const key = keyOf(tunnel, packet);
    const report = this.#reports.get(key);
    if (report) again(report, time);
    else if (this.#reports.size >= this.#limit) this.#onEvicted();
    else this.#reports.set(key, begin(tunnel, packet, time, number));
  }

  take(): Iterable<TunnelReport> {
    const taken = this.#reports.values();
    this.#reports = new Map();
    return taken;
  }
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
