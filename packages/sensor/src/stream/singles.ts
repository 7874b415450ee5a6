import type { Endpoint } from '@wardline/model';
import type { FrameDissector, PacketDissector } from '../dissector.ts';
import { formatMac } from '../network/address.ts';
import type { Packet } from '../network/packet.ts';
import { BareFrameReporter, type ReportContext } from '../report/reporter.ts';
import type { Tally } from '../report/tally.ts';

interface Needs {
  context: ReportContext;
  tally: Tally;
  frames: readonly FrameDissector[];
  packets: readonly PacketDissector[];
}

/** What tells something by itself: frames that carry no IP, and packets without ports. */
export class Singles {
  readonly #tally: Tally;
  readonly #frames = new Map<number, FrameDissector>();
  readonly #packets = new Map<number, PacketDissector[]>();
  readonly #reporter: BareFrameReporter;

  constructor({ context, tally, frames, packets }: Needs) {
    this.#tally = tally;
    this.#reporter = new BareFrameReporter(context);
    for (const dissector of frames) for (const type of dissector.types) this.#frames.set(type, dissector);
    for (const dissector of packets)
      for (const protocol of dissector.protocols)
        this.#packets.set(protocol, [...(this.#packets.get(protocol) ?? []), dissector]);
  }

  /** `buffer[at, end)` is what stands behind the type of `packet`'s frame. */
  frame(packet: Packet, buffer: Uint8Array, at: number, end: number): void {
    const dissector = this.#frames.get(packet.etherType);
    if (!dissector) {
      this.#tally.dropped('other-ethertype');
      return;
    }
    const mac = packet.hasSourceMac ? formatMac(packet.sourceMacHigh, packet.sourceMacLow) : null;
    const source = { mac, ip: null, vlan: packet.vlan < 0 ? null : packet.vlan };
    try {
      dissector.onFrame(buffer.subarray(at, end), source, this.#reporter);
    } catch {
      this.#tally.dropped(`fault-${dissector.name}`);
    }
  }

  /** A whole packet of a protocol without ports; who sent it and to whom is asked only where somebody reads it. */
  packet(packet: Packet, buffer: Uint8Array, ends: () => { source: Endpoint; target: Endpoint }): void {
    const dissectors = this.#packets.get(packet.protocol);
    if (!dissectors) return;
    const around = { ...ends(), hopLimit: packet.ttl };
    const payload = buffer.subarray(packet.payloadStart, packet.payloadEnd);
    for (const dissector of dissectors)
      try {
        dissector.onPacket(payload, around, this.#reporter);
      } catch {
        this.#tally.dropped(`fault-${dissector.name}`);
      }
  }
}
