import type { Conversation, SensorStatistics, Sighting } from '@wardline/model';
import type { DatagramDissector, FrameDissector, PacketDissector, StreamDissector } from './dissector.ts';
import {
  datagramDissectors,
  frameDissectors,
  packetDissectors,
  streamDissectors,
} from './dissectors/index.ts';
import { BYTES, CLIENT_IS_B, ConnectionTable, HOST_A, HOST_B, KEY } from './flow/connection-table.ts';
import { Connections, type Moment } from './flow/connections.ts';
import { BY_PROTOCOL, BY_SYN, Directions } from './flow/direction.ts';
import { HostTable } from './flow/host-table.ts';
import { Rollup } from './flow/rollup.ts';
import { ServiceTable } from './flow/service-table.ts';
import { followTcp, isReopened } from './flow/tcp-state.ts';
import { Fragments } from './fragments/fragments.ts';
import { defaultLimits, MAX_TUNNELS, type SensorLimits } from './limits.ts';
import { LinkReader } from './link/link.ts';
import { NetworkReader } from './network/network.ts';
import { Packet } from './network/packet.ts';
import { ACK, ICMP, ICMPV6, readTransport, SYN, TCP, UDP } from './network/transport.ts';
import type { Redactor } from './redactor.ts';
import { Names } from './report/names.ts';
import type { ReportContext } from './report/reporter.ts';
import { SightingTable } from './report/sightings.ts';
import { Tally } from './report/tally.ts';
import { Datagrams } from './stream/datagrams.ts';
import { Singles } from './stream/singles.ts';
import { Streams } from './stream/streams.ts';
import { mayBeTunnel, TunnelReader } from './tunnel/tunnel-reader.ts';
import { TunnelTable } from './tunnel/tunnel-table.ts';

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
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
  readonly #connections: Connections;
  readonly #hosts: HostTable;
  readonly #directions: Directions;
  readonly #rollup: Rollup;
  readonly #sightings: SightingTable;
  readonly #streams: Streams;
  readonly #datagrams: Datagrams;
  readonly #singles: Singles;
  readonly #moment: Moment = { time: 0, number: 0 };
  #buffer: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#buffer.buffer);
  #isCut = false;
  /** Tunnels around what is being read. */
  #depth = 0;
  /** Where what counts begins: the frame, or what a tunnel carries. */
  #start = 0;
  #packets = 0;
  #bytes = 0;

  constructor(options: SensorOptions) {
    this.limits = { ...defaultLimits, ...options.limits };
    const { limits } = this;
    const tally = this.#tally;
    // Keyed by the site, so that nobody can choose addresses that collide; results do not depend on it.
    const seed = Number.parseInt(options.redactor.mark('connection table').slice(0, 8), 16) | 0;
    const table = new ConnectionTable(seed);
    const hosts = new HostTable(seed);
    const directions = new Directions(table, hosts, new ServiceTable());
    const names = new Names();
    this.#hosts = hosts;
    this.#directions = directions;
    this.#fragments = new Fragments(limits, tally);
    this.#tunnels = new TunnelTable(limits.tunnels, () => tally.evicted('tunnels'));
    this.#rollup = new Rollup(table, hosts, directions, names, options.capture, seed);
    this.#sightings = new SightingTable(options.capture, limits.sightings, tally);
    const context: ReportContext = {
      redact: options.redactor,
      sink: (observation, recent) =>
        this.#sightings.add(observation, this.#moment.time, this.#moment.number, recent),
      // A message that the snap length cut is no fault of its sender's.
      malformed: (cause) => tally.dropped(this.#isCut ? 'cut-by-snap-length' : cause),
      maxNotes: limits.notes,
      now: () => this.#moment.time,
    };
    const shared = { connections: table, hosts, directions, names, context, tally };
    const { stream, datagram, frame, packet } = options.dissectors ?? {};
    this.#streams = new Streams({ ...shared, limits, dissectors: stream ?? streamDissectors });
    this.#datagrams = new Datagrams({
      ...shared,
      sessions: limits.datagramSessions,
      dissectors: datagram ?? datagramDissectors,
    });
    this.#singles = new Singles({
      context,
      tally,
      frames: frame ?? frameDissectors,
      packets: packet ?? packetDissectors,
    });
    this.#connections = new Connections({
      table,
      hosts,
      directions,
      names,
      rollup: this.#rollup,
      sightings: this.#sightings,
      streams: this.#streams,
      datagrams: this.#datagrams,
      tally,
      limits,
      moment: this.#moment,
    });
  }

  /** True where a drain is due, lest what waits for it grow without bound. */
  get full(): boolean {
    const { rows } = this.limits;
    return this.#rollup.size + this.#connections.changed >= rows || this.#sightings.size >= rows;
  }

  /** Connections held now. */
  get connections(): number {
    return this.#connections.table.count;
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
    this.#moment.time = timeMicros;
    this.#moment.number = packetNumber;
    this.#isCut = originalLength > end - start;
    this.#depth = 0;
    this.#start = start;
    this.#packets += 1;
    this.#bytes += originalLength;
    const at = this.#link.read(linkType, this.#view, start, end, this.#packet);
    if (at >= 0) this.#payload(at, this.#link.end, originalLength + start);
    else if (this.#link.reason === 'aggregate') this.#aggregate();
    else this.#tally.dropped(this.#link.reason);
    this.#connections.expireNext();
  }

  /** Hands over what was seen since the last time and goes on. */
  drain(): SensorDelta {
    this.#connections.settle();
    for (const report of this.#tunnels.take()) this.#sightings.addTunnel(report);
    const statistics = { packets: this.#packets, bytes: this.#bytes, ...this.#tally.take() };
    this.#packets = 0;
    this.#bytes = 0;
    return { conversations: this.#rollup.take(), sightings: this.#sightings.take(), statistics };
  }

  /** Ends all connections and hands over the rest, in deltas that are no larger than those between two drains. */
  *finish(): Generator<SensorDelta> {
    for (const entry of this.#connections.live()) {
      this.#connections.end(entry);
      if (this.full) yield this.drain();
    }
    yield this.drain();
  }

  /** `wireEnd` is where the frame would end had all of it been captured. */
  #payload(at: number, end: number, wireEnd: number): void {
    const packet = this.#packet;
    const { etherType } = packet;
    if (etherType !== IPV4 && etherType !== IPV6) {
      this.#singles.frame(packet, this.#buffer, at, end);
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
      this.#count(this.#connections.of(packet), wireEnd - this.#start);
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
    const whole = this.#fragments.take(packet, this.#buffer, this.#moment.time);
    const isTunnel = mayBeTunnel(packet);
    if (!isTunnel) this.#count(this.#connections.of(packet), length);
    if (whole === null) return;
    const buffer = this.#buffer;
    this.#use(whole);
    packet.protocol = packet.fragmentProtocol;
    this.#network.readWhole(this.#view, packet);
    readTransport(this.#view, packet);
    this.#start = 0;
    this.#isCut = false;
    if (!isTunnel) this.#transport(this.#connections.of(packet), packet);
    else if (!this.#opened(whole.length)) this.#count(this.#connections.of(packet), whole.length);
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
    this.#tunnels.count(tunnel, packet, this.#moment.time, this.#moment.number);
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

  #count(entry: number, length: number): void {
    this.#connections.count(entry, this.#packet, length);
    this.#transport(entry, this.#packet);
  }

  #transport(entry: number, packet: Packet): void {
    if (packet.protocol === TCP) this.#tcp(entry, packet);
    else if (packet.protocol === UDP) this.#udp(entry, packet);
    else this.#portless(entry, packet);
  }

  #tcp(entry: number, packet: Packet): void {
    // A fragment is counted; the segment is followed when it is whole.
    if (!packet.hasPorts || packet.fragmentOffset > 0 || packet.moreFragments) return;
    const { table } = this.#connections;
    const flags = packet.tcpFlags;
    if ((flags & SYN) !== 0) this.#handshake(entry, packet, flags);
    const clientSent = table.fromA !== (table.bytes[entry * BYTES + CLIENT_IS_B] === 1);
    followTcp(table, entry, flags, packet.sequence, clientSent);
    this.#streams.segment(entry, packet, this.#buffer);
  }

  #handshake(entry: number, packet: Packet, flags: number): void {
    const { table } = this.#connections;
    if (isReopened(table, entry, flags, packet.sequence)) this.#connections.reopen(entry);
    const senderIsClient = (flags & ACK) === 0;
    this.#directions.settle(entry, table.fromA !== senderIsClient, BY_SYN);
  }

  #udp(entry: number, packet: Packet): void {
    if (!packet.hasPorts) return;
    this.#connections.spoke(entry);
    if (packet.fragmentOffset === 0 && !packet.moreFragments) {
      this.#datagrams.datagram(entry, packet, this.#buffer);
    }
  }

  #portless(entry: number, packet: Packet): void {
    if (packet.icmpType >= 0) this.#icmp(entry, packet);
    if (packet.fragmentOffset > 0 || packet.moreFragments) return;
    this.#singles.packet(packet, this.#buffer, () => this.#endsOf(entry));
  }

  #endsOf(entry: number) {
    const { fromA, key } = this.#connections.table;
    const a = this.#hosts.endpoint(key[entry * KEY + HOST_A]!);
    const b = this.#hosts.endpoint(key[entry * KEY + HOST_B]!);
    return { source: fromA ? a : b, target: fromA ? b : a };
  }

  /** An echo request comes from the client, its reply from the server (RFC 792, RFC 4443). */
  #icmp(entry: number, packet: Packet): void {
    const { protocol, icmpType } = packet;
    const request = (protocol === ICMP && icmpType === 8) || (protocol === ICMPV6 && icmpType === 128);
    const reply = (protocol === ICMP && icmpType === 0) || (protocol === ICMPV6 && icmpType === 129);
    if (!request && !reply) return;
    const { fromA } = this.#connections.table;
    this.#directions.settle(entry, fromA !== request, BY_PROTOCOL);
  }
}
