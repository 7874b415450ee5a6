import type { Conversation, SensorStatistics, Sighting } from '@wardline/model';
import type { DatagramDissector, FrameDissector, PacketDissector, StreamDissector } from './dissector.ts';
import {
  datagramDissectors,
  frameDissectors,
  packetDissectors,
  streamDissectors,
} from './dissectors/index.ts';
import {
  BYTES,
  BYTES_A,
  BYTES_B,
  CLIENT_IS_B,
  COUNTERS,
  ConnectionTable,
  ESTABLISHED,
  EVENTS,
  EVIDENCE,
  FIRST_SEEN,
  HOST_A,
  HOST_B,
  KEY,
  LAST_SEEN,
  LIVE,
  metaOf,
  NONE,
  OPENED,
  PACKETS_A,
  PACKETS_B,
  PROTECTION,
  SLICE,
  SOURCE_SEEN,
  TCP_STATE,
  UNANSWERED,
} from './flow/connection-table.ts';
import { BY_PROTOCOL, BY_SYN, Directions } from './flow/direction.ts';
import { HostTable, placeOf } from './flow/host-table.ts';
import { Rollup } from './flow/rollup.ts';
import { ServiceTable } from './flow/service-table.ts';
import { followTcp, isReopened, isUnansweredSyn, reopen } from './flow/tcp-state.ts';
import { Fragments } from './fragments/fragments.ts';
import { defaultLimits, MAX_TUNNELS, type SensorLimits } from './limits.ts';
import { LinkReader } from './link/link.ts';
import { formatMac } from './network/address.ts';
import { NetworkReader } from './network/network.ts';
import { Packet } from './network/packet.ts';
import { ACK, ESP, ICMP, ICMPV6, readTransport, SYN, TCP, UDP } from './network/transport.ts';
import type { Redactor } from './redactor.ts';
import { Names } from './report/names.ts';
import { BareFrameReporter, type ReportContext } from './report/reporter.ts';
import { SightingTable } from './report/sightings.ts';
import { Tally } from './report/tally.ts';
import { Datagrams } from './stream/datagrams.ts';
import { Streams } from './stream/streams.ts';
import { mayBeTunnel, TunnelReader } from './tunnel/tunnel-reader.ts';
import { TunnelTable } from './tunnel/tunnel-table.ts';

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
/** Connections looked at to find the one that is idle longest, when the table is full. */
const EVICTION_SAMPLE = 16;
const SPOKE_A = 64;
const SPOKE_B = 128;
const IPSEC = 11;

export interface SensorOptions {
  /** The capture's name, as evidence carries it. */
  capture: string;
  redactor: Redactor;
  limits?: Partial<SensorLimits>;
  /** Instead of all dissectors. */
  dissectors?: Partial<Dissectors>;
}

export interface Dissectors {
  stream: readonly StreamDissector[];
  datagram: readonly DatagramDissector[];
  frame: readonly FrameDissector[];
  packet: readonly PacketDissector[];
}

/** What was seen since the last drain. */
export interface SensorDelta {
  conversations: Conversation[];
  sightings: Sighting[];
  statistics: SensorStatistics;
}

/**
 * Turns frames into conversations and sightings. Feed it frames in the order of the capture; drain it when it is
 * `full` or whenever news is wanted; finish it once. Memory is bounded by the limits; nothing that was counted is lost
 * when state is given up.
 */
export class Sensor {
  readonly limits: SensorLimits;
  readonly #packet = new Packet();
  readonly #link = new LinkReader();
  readonly #network = new NetworkReader();
  readonly #tally = new Tally();
  readonly #fragments: Fragments;
  readonly #tunnel = new TunnelReader();
  readonly #tunnels: TunnelTable;
  readonly #connections: ConnectionTable;
  readonly #hosts: HostTable;
  readonly #directions: Directions;
  readonly #names = new Names();
  readonly #rollup: Rollup;
  readonly #sightings: SightingTable;
  readonly #streams: Streams;
  readonly #datagrams: Datagrams;
  readonly #frames = new Map<number, FrameDissector>();
  readonly #packetDissectors = new Map<number, PacketDissector[]>();
  readonly #frameReporter: BareFrameReporter;
  #buffer: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#buffer.buffer);
  #time = 0;
  #number = 0;
  #isCut = false;
  /** Tunnels around what is being read. */
  #depth = 0;
  /** Where what counts begins: the frame, or what a tunnel carries. */
  #start = 0;
  #packets = 0;
  #bytes = 0;
  #changed = 0;
  #hand = 0;

  constructor(options: SensorOptions) {
    this.limits = { ...defaultLimits, ...options.limits };
    const { limits } = this;
    const tally = this.#tally;
    // Keyed by the site, so that nobody can choose addresses that collide; results do not depend on it.
    const seed = Number.parseInt(options.redactor.mark('connection table').slice(0, 8), 16) | 0;
    const connections = new ConnectionTable(seed);
    const hosts = new HostTable(seed);
    const directions = new Directions(connections, hosts, new ServiceTable());
    const names = this.#names;
    this.#connections = connections;
    this.#hosts = hosts;
    this.#directions = directions;
    this.#fragments = new Fragments(limits, tally);
    this.#tunnels = new TunnelTable(limits.tunnels, () => tally.evicted('tunnels'));
    this.#rollup = new Rollup(connections, hosts, directions, names, options.capture, seed);
    this.#sightings = new SightingTable(options.capture, limits.sightings, tally);
    const context: ReportContext = {
      redact: options.redactor,
      sink: (observation, recent) => this.#sightings.add(observation, this.#time, this.#number, recent),
      // A message that the snap length cut is no fault of its sender's.
      malformed: (cause) => tally.dropped(this.#isCut ? 'cut-by-snap-length' : cause),
      maxNotes: limits.notes,
      now: () => this.#time,
    };
    const shared = { connections, hosts, directions, names, context, tally };
    const { stream, datagram, frame, packet } = options.dissectors ?? {};
    this.#streams = new Streams({ ...shared, limits, dissectors: stream ?? streamDissectors });
    this.#datagrams = new Datagrams({
      ...shared,
      sessions: limits.datagramSessions,
      dissectors: datagram ?? datagramDissectors,
    });
    this.#frameReporter = new BareFrameReporter(context);
    for (const dissector of frame ?? frameDissectors)
      for (const type of dissector.types) this.#frames.set(type, dissector);
    for (const dissector of packet ?? packetDissectors)
      for (const protocol of dissector.protocols) {
        const before = this.#packetDissectors.get(protocol) ?? [];
        this.#packetDissectors.set(protocol, [...before, dissector]);
      }
  }

  /** True where a drain is due, lest what waits for it grow without bound. */
  get full(): boolean {
    const { rows } = this.limits;
    return this.#rollup.size + this.#changed >= rows || this.#sightings.size >= rows;
  }

  /** Connections held now. */
  get connections(): number {
    return this.#connections.count;
  }

  /** Bytes of fragments held now. */
  get fragmentBytes(): number {
    return this.#fragments.bytes;
  }

  /** Bytes held for reassembly and dissection now. */
  get streamBytes(): number {
    return this.#streams.bytes;
  }

  /**
   * Takes one frame: `buffer[start, end)` as captured, `originalLength` as it was on the wire, `linkType` as in
   * tcpdump.org/linktypes, time in µs since the epoch, `packetNumber` counted from 1. The buffer may be used again.
   */
  frame(
    linkType: number,
    buffer: Uint8Array,
    start: number,
    end: number,
    originalLength: number,
    timeMicros: number,
    packetNumber: number,
  ): void {
    if (buffer !== this.#buffer) this.#use(buffer);
    this.#time = timeMicros;
    this.#number = packetNumber;
    this.#isCut = originalLength > end - start;
    this.#depth = 0;
    this.#start = start;
    this.#packets += 1;
    this.#bytes += originalLength;
    const at = this.#link.read(linkType, this.#view, start, end, this.#packet);
    if (at >= 0) this.#payload(at, this.#link.end, originalLength + start);
    else if (this.#link.reason === 'aggregate') this.#aggregate();
    else this.#tally.dropped(this.#link.reason);
    this.#expireNext();
  }

  /** Hands over what was seen since the last time and goes on. */
  drain(): SensorDelta {
    const table = this.#connections;
    for (let entry = 0; entry < table.size; entry++) {
      if (table.bytes[entry * BYTES + LIVE] === 0) continue;
      this.#streams.settle(entry);
      this.#rollup.add(entry);
    }
    this.#changed = 0;
    for (let host = 0; host < this.#hosts.size; host++) this.#reportHost(this.#hosts.takeReport(host));
    for (const report of this.#tunnels.take()) this.#sightings.addTunnel(report);
    const statistics = { packets: this.#packets, bytes: this.#bytes, ...this.#tally.take() };
    this.#packets = 0;
    this.#bytes = 0;
    return { conversations: this.#rollup.take(), sightings: this.#sightings.take(), statistics };
  }

  /** Ends all connections and hands over the rest, in deltas that are no larger than those between two drains. */
  *finish(): Generator<SensorDelta> {
    const table = this.#connections;
    for (let entry = 0; entry < table.size; entry++) {
      if (table.bytes[entry * BYTES + LIVE] === 0) continue;
      this.#end(entry);
      if (this.full) yield this.drain();
    }
    yield this.drain();
  }

  /** `wireEnd` is where the frame would end had all of it been captured. */
  #payload(at: number, end: number, wireEnd: number): void {
    const packet = this.#packet;
    const { etherType } = packet;
    if (etherType !== IPV4 && etherType !== IPV6) {
      this.#bareFrame(at, end);
      return;
    }
    const start =
      etherType === IPV4
        ? this.#network.readIpv4(this.#view, at, end, packet)
        : this.#network.readIpv6(this.#view, at, end, packet);
    if (start < 0) {
      this.#tally.dropped(this.#network.reason);
      return;
    }
    readTransport(this.#view, packet);
    if (packet.fragmentOffset > 0 || packet.moreFragments) this.#fragment(wireEnd - this.#start);
    else if (!mayBeTunnel(packet) || !this.#opened(wireEnd))
      this.#count(this.#connectionOf(packet), wireEnd - this.#start);
  }

  /** A radio aggregate holds several frames, each of which counts by itself. */
  #aggregate(): void {
    const link = this.#link;
    const depth = this.#depth;
    for (let at = link.readPart(this.#view, this.#packet); at !== -1; ) {
      this.#depth = depth;
      this.#start = link.partStart;
      if (at < 0) this.#tally.dropped(link.reason);
      else this.#payload(at, link.end, link.end);
      at = link.readPart(this.#view, this.#packet);
    }
  }

  /** Fragments count one by one; what they make together is dissected. Those of a tunnel count as what they carry. */
  #fragment(length: number): void {
    const packet = this.#packet;
    const whole = this.#fragments.take(packet, this.#buffer, this.#time);
    const isTunnel = mayBeTunnel(packet);
    if (!isTunnel) this.#count(this.#connectionOf(packet), length);
    if (whole === null) return;
    const buffer = this.#buffer;
    this.#use(whole);
    packet.protocol = packet.fragmentProtocol;
    this.#network.readWhole(this.#view, packet);
    readTransport(this.#view, packet);
    this.#start = 0;
    this.#isCut = false;
    if (!isTunnel) this.#transport(this.#connectionOf(packet), packet);
    else if (!this.#opened(whole.length)) this.#count(this.#connectionOf(packet), whole.length);
    this.#use(buffer);
  }

  #use(buffer: Uint8Array): void {
    this.#buffer = buffer;
    this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }

  /** What a tunnel carries counts instead of the tunnel (docs/decisions/0005). False where it is no tunnel's. */
  #opened(wireEnd: number): boolean {
    const packet = this.#packet;
    const tunnel = this.#tunnel;
    const start = this.#depth < MAX_TUNNELS ? tunnel.open(this.#view, packet) : -1;
    if (start < 0) return false;
    this.#tunnels.count(tunnel, packet, this.#time, this.#number);
    this.#depth += 1;
    this.#start = start;
    this.#isCut ||= tunnel.isCut;
    const { payloadEnd } = packet;
    const at = this.#link.readInner(tunnel.etherType, this.#view, start, payloadEnd, packet);
    if (packet.vlan < 0) packet.vlan = tunnel.vlan;
    if (at >= 0) this.#payload(at, payloadEnd, wireEnd);
    else if (this.#link.reason === 'aggregate') this.#aggregate();
    else this.#tally.dropped(this.#link.reason);
    return true;
  }

  #bareFrame(at: number, end: number): void {
    const packet = this.#packet;
    const dissector = this.#frames.get(packet.etherType);
    if (!dissector) {
      this.#tally.dropped('other-ethertype');
      return;
    }
    const mac = packet.hasSourceMac ? formatMac(packet.sourceMacHigh, packet.sourceMacLow) : null;
    const source = { mac, ip: null, vlan: packet.vlan < 0 ? null : packet.vlan };
    try {
      dissector.onFrame(this.#buffer.subarray(at, end), source, this.#frameReporter);
    } catch {
      this.#tally.dropped(`fault-${dissector.name}`);
    }
  }

  #connectionOf(packet: Packet): number {
    const source = packet.hasPorts ? packet.sourcePort : 0;
    const target = packet.hasPorts ? packet.targetPort : 0;
    const ports = (source << 16) | target;
    const meta = metaOf(packet);
    const entry = this.#connections.find(packet, ports, (target << 16) | source, meta);
    return entry === NONE ? this.#begin(packet, ports, meta) : entry;
  }

  #begin(packet: Packet, ports: number, meta: number): number {
    const table = this.#connections;
    if (table.count >= this.limits.connections) this.#evict();
    const entry = table.add(packet, ports, meta);
    table.key[entry * KEY + HOST_A] = this.#sourceHost(packet);
    table.key[entry * KEY + HOST_B] = this.#targetHost(packet);
    table.bytes[entry * BYTES + SOURCE_SEEN] = 1;
    if (packet.hasPorts) table.bytes[entry * BYTES + EVENTS] = OPENED;
    if (packet.protocol === ESP) table.bytes[entry * BYTES + PROTECTION] = IPSEC;
    this.#startSlice(entry);
    this.#directions.begin(entry);
    return entry;
  }

  #startSlice(entry: number): void {
    const { sliceMicros } = this.limits;
    const table = this.#connections;
    table.counters[entry * COUNTERS + SLICE] = Math.floor(this.#time / sliceMicros) * sliceMicros;
    table.counters[entry * COUNTERS + FIRST_SEEN] = this.#time;
    table.counters[entry * COUNTERS + LAST_SEEN] = this.#time;
    table.counters[entry * COUNTERS + EVIDENCE] = this.#number;
  }

  #count(entry: number, originalLength: number): void {
    const table = this.#connections;
    const packet = this.#packet;
    this.#sliced(entry);
    const { fromA } = table;
    if (fromA) {
      table.counters[entry * COUNTERS + PACKETS_A]! += 1;
      table.counters[entry * COUNTERS + BYTES_A]! += originalLength;
    } else {
      table.counters[entry * COUNTERS + PACKETS_B]! += 1;
      table.counters[entry * COUNTERS + BYTES_B]! += originalLength;
    }
    const time = this.#time;
    if (time > table.counters[entry * COUNTERS + LAST_SEEN]!)
      table.counters[entry * COUNTERS + LAST_SEEN] = time;
    else if (time < table.counters[entry * COUNTERS + FIRST_SEEN]!)
      table.counters[entry * COUNTERS + FIRST_SEEN] = time;
    this.#hosts.sent(this.#senderOf(entry, packet), packet.ttl, time, this.#number);
    this.#transport(entry, packet);
  }

  #transport(entry: number, packet: Packet): void {
    if (packet.protocol === TCP) this.#tcp(entry, packet);
    else if (packet.protocol === UDP) this.#udp(entry, packet);
    else this.#portless(entry, packet);
  }

  /** Packets of another slice than the one being counted begin a new delta. */
  #sliced(entry: number): void {
    const table = this.#connections;
    const slice = table.counters[entry * COUNTERS + SLICE]!;
    if (
      table.counters[entry * COUNTERS + PACKETS_A] === 0 &&
      table.counters[entry * COUNTERS + PACKETS_B] === 0
    ) {
      this.#changed += 1;
      this.#startSlice(entry);
    } else if (this.#time < slice || this.#time >= slice + this.limits.sliceMicros) {
      this.#streams.settle(entry);
      this.#rollup.add(entry);
      this.#startSlice(entry);
    }
  }

  /** The sender's host; the frame's source address corrects what was only guessed from a target address before. */
  #senderOf(entry: number, packet: Packet): number {
    const table = this.#connections;
    const { fromA } = table;
    const host = fromA ? table.key[entry * KEY + HOST_A]! : table.key[entry * KEY + HOST_B]!;
    const high = packet.hasSourceMac ? packet.sourceMacHigh : -1;
    const low = packet.hasSourceMac ? packet.sourceMacLow : 0;
    if (this.#hosts.hasMac(host, high, low)) return host;
    const actual = this.#sourceHost(packet);
    if (fromA) table.key[entry * KEY + HOST_A] = actual;
    else table.key[entry * KEY + HOST_B] = actual;
    this.#reportHost(this.#hosts.release(host));
    return actual;
  }

  #sourceHost(p: Packet): number {
    const high = p.hasSourceMac ? p.sourceMacHigh : -1;
    const low = p.hasSourceMac ? p.sourceMacLow : 0;
    return this.#hosts.acquire(
      p.source0,
      p.source1,
      p.source2,
      p.source3,
      high,
      low,
      placeOf(p.vlan, p.version),
    );
  }

  #targetHost(p: Packet): number {
    const high = p.hasTargetMac ? p.targetMacHigh : -1;
    const low = p.hasTargetMac ? p.targetMacLow : 0;
    return this.#hosts.acquire(
      p.target0,
      p.target1,
      p.target2,
      p.target3,
      high,
      low,
      placeOf(p.vlan, p.version),
    );
  }

  #tcp(entry: number, packet: Packet): void {
    // A fragment is counted; the segment is followed when it is whole.
    if (!packet.hasPorts || packet.fragmentOffset > 0 || packet.moreFragments) return;
    const table = this.#connections;
    const flags = packet.tcpFlags;
    if ((flags & SYN) !== 0) this.#handshake(entry, packet, flags);
    const clientSent = table.fromA !== (table.bytes[entry * BYTES + CLIENT_IS_B] === 1);
    followTcp(table, entry, flags, packet.sequence, clientSent);
    this.#streams.segment(entry, packet, this.#buffer);
  }

  #handshake(entry: number, packet: Packet, flags: number): void {
    const table = this.#connections;
    const { fromA } = table;
    if (isReopened(table, entry, flags, packet.sequence)) {
      this.#streams.end(entry);
      this.#rollup.add(entry);
      this.#startSlice(entry);
      reopen(table, entry);
    }
    const senderIsClient = (flags & ACK) === 0;
    this.#directions.settle(entry, fromA !== senderIsClient, BY_SYN);
  }

  #udp(entry: number, packet: Packet): void {
    if (!packet.hasPorts) return;
    this.#spoke(entry);
    if (packet.fragmentOffset === 0 && !packet.moreFragments) {
      this.#datagrams.datagram(entry, packet, this.#buffer);
    }
  }

  #spoke(entry: number): void {
    const table = this.#connections;
    const before = table.bytes[entry * BYTES + TCP_STATE]!;
    const after = before | (table.fromA ? SPOKE_A : SPOKE_B);
    if (after === before) return;
    table.bytes[entry * BYTES + TCP_STATE] = after;
    if (after === (SPOKE_A | SPOKE_B)) table.bytes[entry * BYTES + EVENTS]! |= ESTABLISHED;
  }

  #portless(entry: number, packet: Packet): void {
    if (packet.icmpType >= 0) this.#icmp(entry, packet);
    const dissectors = this.#packetDissectors.get(packet.protocol);
    if (!dissectors || packet.fragmentOffset > 0 || packet.moreFragments) return;
    const { fromA, key } = this.#connections;
    const a = this.#hosts.endpoint(key[entry * KEY + HOST_A]!);
    const b = this.#hosts.endpoint(key[entry * KEY + HOST_B]!);
    const around = { source: fromA ? a : b, target: fromA ? b : a, hopLimit: packet.ttl };
    const payload = this.#buffer.subarray(packet.payloadStart, packet.payloadEnd);
    for (const dissector of dissectors)
      try {
        dissector.onPacket(payload, around, this.#frameReporter);
      } catch {
        this.#tally.dropped(`fault-${dissector.name}`);
      }
  }

  /** An echo request comes from the client, its reply from the server (RFC 792, RFC 4443). */
  #icmp(entry: number, packet: Packet): void {
    const { protocol, icmpType } = packet;
    const request = (protocol === ICMP && icmpType === 8) || (protocol === ICMPV6 && icmpType === 128);
    const reply = (protocol === ICMP && icmpType === 0) || (protocol === ICMPV6 && icmpType === 129);
    if (!request && !reply) return;
    const { fromA } = this.#connections;
    this.#directions.settle(entry, fromA !== request, BY_PROTOCOL);
  }

  #expireNext(): void {
    const table = this.#connections;
    if (table.size === 0) return;
    this.#hand = this.#hand + 1 >= table.size ? 0 : this.#hand + 1;
    const entry = this.#hand;
    if (
      table.bytes[entry * BYTES + LIVE] === 1 &&
      table.counters[entry * COUNTERS + LAST_SEEN]! < this.#time - this.limits.idleMicros
    )
      this.#end(entry);
  }

  /** Gives up the connection that is idle longest among a few; its counters are kept. */
  #evict(): void {
    const table = this.#connections;
    let oldest = NONE;
    for (let looked = 0; looked < EVICTION_SAMPLE || oldest === NONE; looked++) {
      this.#hand = this.#hand + 1 >= table.size ? 0 : this.#hand + 1;
      const entry = this.#hand;
      if (table.bytes[entry * BYTES + LIVE] === 0) continue;
      if (
        oldest === NONE ||
        table.counters[entry * COUNTERS + LAST_SEEN]! < table.counters[oldest * COUNTERS + LAST_SEEN]!
      )
        oldest = entry;
    }
    this.#tally.evicted('connections');
    this.#end(oldest);
  }

  #end(entry: number): void {
    const table = this.#connections;
    this.#streams.end(entry);
    this.#datagrams.forget(entry);
    if (this.#isUnanswered(entry)) table.bytes[entry * BYTES + EVENTS]! |= UNANSWERED;
    this.#rollup.add(entry);
    this.#names.forget(entry);
    this.#reportHost(this.#hosts.release(table.key[entry * KEY + HOST_A]!));
    this.#reportHost(this.#hosts.release(table.key[entry * KEY + HOST_B]!));
    table.remove(entry);
  }

  #isUnanswered(entry: number): boolean {
    const table = this.#connections;
    const protocol = table.protocol(entry);
    if (protocol === TCP) return isUnansweredSyn(table, entry);
    if (protocol !== UDP || !table.hasPorts(entry)) return false;
    const both = table.bytes[entry * BYTES + TCP_STATE] === (SPOKE_A | SPOKE_B);
    return !both && !this.#hosts.isGroup(table.key[entry * KEY + HOST_B]!);
  }

  #reportHost(report: ReturnType<HostTable['takeReport']>): void {
    if (report) this.#sightings.addHost(report);
  }
}
