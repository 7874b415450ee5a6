import { MAX_BLOCK, MAX_INTERFACES, MAX_RECORD } from '../limits.ts';
import type { Damage, FormatParser, PacketHandler, Progress } from './format.ts';
import type { Input } from './input.ts';
import { lostPackets } from './pcapng-statistics.ts';
import { type Clock, clockOf } from './pcapng-time.ts';

/** Block types (draft-ietf-opsawg-pcapng §4). */
const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const INTERFACE_STATISTICS = 5;
const ENHANCED_PACKET = 6;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const SMALLEST_BLOCK = 12;

interface Interface {
  linkType: number;
  snapLength: number;
  clock: Clock;
  /** Packets that its latest statistics say were lost. */
  lost: number;
}

/** A packet block's place and numbers, reused for all packets. */
interface PacketFields {
  interface: number;
  high: number;
  low: number;
  captured: number;
  original: number;
  start: number;
  hasTime: boolean;
}

export function pcapngParser(input: Input): FormatParser | null {
  return input.view.getUint32(input.at) === SECTION ? new PcapngParser(input) : null;
}

class PcapngParser implements FormatParser {
  readonly format = 'pcapng';
  readonly #input: Input;
  #little = false;
  #interfaces: Interface[] = [];
  #blocks = 0;
  #packets = 0;
  #lastTime = 0;
  /** Packets lost in the sections before. */
  #lostBefore = 0;
  readonly #packet: PacketFields = {
    interface: 0,
    high: 0,
    low: 0,
    captured: 0,
    original: 0,
    start: 0,
    hasTime: false,
  };

  constructor(input: Input) {
    this.#input = input;
  }

  get lost(): number {
    return this.#interfaces.reduce((sum, { lost }) => sum + lost, this.#lostBefore);
  }

  run(handler: PacketHandler): Progress {
    const input = this.#input;
    while (input.available >= SMALLEST_BLOCK) {
      const length = this.#blockLength();
      if (typeof length !== 'number') return length;
      if (length > input.available) return 'starved';
      const trailer = input.view.getUint32(input.at + length - 4, this.#little);
      if (trailer !== length) {
        return this.#damage(
          length - 4,
          `expected the block's length ${length} again at its end, found ${trailer}`,
        );
      }
      const result = this.#block(length, handler);
      if (result !== 'read' && result !== 'paused') return result;
      input.at += length;
      this.#blocks += 1;
      if (result === 'paused') return 'paused';
    }
    return 'starved';
  }

  atEnd(): Damage | null {
    const { available } = this.#input;
    if (available === 0) return null;
    if (available < SMALLEST_BLOCK) {
      return this.#damage(
        0,
        `expected a block of at least 12 bytes, found the file's end after ${available}`,
      );
    }
    const length = this.#blockLength();
    if (typeof length !== 'number') return length;
    return this.#damage(0, `expected a block of ${length} bytes, found the file's end after ${available}`);
  }

  /** The length of the block that starts here; learns the byte order of a section on the way. */
  #blockLength(): number | Damage {
    const { view, at } = this.#input;
    if (view.getUint32(at) === SECTION) {
      const magic = view.getUint32(at + 8);
      if (magic === BYTE_ORDER_MAGIC) this.#little = false;
      else if (view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC) this.#little = true;
      else return this.#damage(8, `expected the byte-order magic 1a2b3c4d, found ${magic.toString(16)}`);
    }
    const length = view.getUint32(at + 4, this.#little);
    if (length < SMALLEST_BLOCK || length % 4 !== 0 || length > MAX_BLOCK) {
      const expected = `expected a block length from 12 to ${MAX_BLOCK} that 4 divides`;
      return this.#damage(4, `${expected}, found ${length}`);
    }
    return length;
  }

  #block(length: number, handler: PacketHandler): 'read' | 'paused' | Damage {
    const { view, at } = this.#input;
    switch (view.getUint32(at, this.#little)) {
      case SECTION:
        return this.#section(length);
      case INTERFACE:
        return this.#interface(length);
      case ENHANCED_PACKET:
        return this.#enhanced(length) ?? this.#deliver(length, handler);
      case SIMPLE_PACKET:
        return this.#simple(length) ?? this.#deliver(length, handler);
      case OBSOLETE_PACKET:
        return this.#obsolete(length) ?? this.#deliver(length, handler);
      case INTERFACE_STATISTICS:
        return this.#statistics(length);
      default:
        return 'read';
    }
  }

  /** Counts run from the capture's start (§4.6), so that the latest holds; what is odd about them takes nothing away. */
  #statistics(length: number): 'read' {
    const { view, at } = this.#input;
    const source = length < 24 ? undefined : this.#interfaces[view.getUint32(at + 8, this.#little)];
    if (source) source.lost = lostPackets(view, at + 20, at + length - 4, this.#little) ?? source.lost;
    return 'read';
  }

  #section(length: number): 'read' | Damage {
    if (length < 28)
      return this.#damage(4, `expected a section header of at least 28 bytes, found ${length}`);
    const major = this.#input.view.getUint16(this.#input.at + 12, this.#little);
    if (major !== 1) return this.#damage(12, `expected pcapng version 1, found ${major}`);
    this.#lostBefore = this.lost;
    this.#interfaces = [];
    return 'read';
  }

  #interface(length: number): 'read' | Damage {
    const { view, at } = this.#input;
    if (length < 20) return this.#damage(4, `expected an interface of at least 20 bytes, found ${length}`);
    if (this.#interfaces.length >= MAX_INTERFACES) {
      return this.#damage(0, `expected at most ${MAX_INTERFACES} interfaces in a section, found one more`);
    }
    this.#interfaces.push({
      linkType: view.getUint16(at + 8, this.#little),
      snapLength: view.getUint32(at + 12, this.#little),
      clock: clockOf(view, at + 16, at + length - 4, this.#little),
      lost: 0,
    });
    return 'read';
  }

  #enhanced(length: number): Damage | null {
    const { view, at } = this.#input;
    if (length < 32)
      return this.#damage(4, `expected an enhanced packet of at least 32 bytes, found ${length}`);
    const packet = this.#packet;
    packet.interface = view.getUint32(at + 8, this.#little);
    this.#timeAndLengths(at + 12);
    packet.start = at + 28;
    return null;
  }

  #obsolete(length: number): Damage | null {
    const { view, at } = this.#input;
    if (length < 32) return this.#damage(4, `expected a packet block of at least 32 bytes, found ${length}`);
    this.#packet.interface = view.getUint16(at + 8, this.#little);
    this.#timeAndLengths(at + 12);
    this.#packet.start = at + 28;
    return null;
  }

  #timeAndLengths(at: number): void {
    const { view } = this.#input;
    const packet = this.#packet;
    packet.high = view.getUint32(at, this.#little);
    packet.low = view.getUint32(at + 4, this.#little);
    packet.captured = view.getUint32(at + 8, this.#little);
    packet.original = view.getUint32(at + 12, this.#little);
    packet.hasTime = true;
  }

  /** A simple packet has no time and no captured length: it is of interface 0, cut at its snap length (§4.4). */
  #simple(length: number): Damage | null {
    const { view, at } = this.#input;
    if (length < 16) return this.#damage(4, `expected a simple packet of at least 16 bytes, found ${length}`);
    const packet = this.#packet;
    packet.interface = 0;
    packet.original = view.getUint32(at + 8, this.#little);
    const snapLength = this.#interfaces[0]?.snapLength ?? 0;
    packet.captured = Math.min(packet.original, snapLength === 0 ? packet.original : snapLength, length - 16);
    packet.start = at + 12;
    packet.hasTime = false;
    return null;
  }

  #deliver(length: number, handler: PacketHandler): 'read' | 'paused' | Damage {
    const packet = this.#packet;
    const source = this.#interfaces[packet.interface];
    if (!source) {
      const message = `expected one of the ${this.#interfaces.length} interfaces of this section`;
      return this.#damage(8, `${message}, found number ${packet.interface}`);
    }
    const room = Math.min(this.#input.at + length - 4 - packet.start, MAX_RECORD);
    if (packet.captured > room) {
      const where = packet.start - this.#input.at - 8;
      return this.#damage(
        where,
        `expected a packet of at most ${room} bytes, found a length of ${packet.captured}`,
      );
    }
    // Without a time of its own, a packet is as late as the one before it.
    if (packet.hasTime) this.#lastTime = source.clock(packet.high, packet.low);
    this.#packets += 1;
    const end = packet.start + packet.captured;
    const paused = handler(
      source.linkType,
      this.#input.bytes,
      packet.start,
      end,
      packet.original,
      this.#lastTime,
      this.#packets,
    );
    return paused ? 'paused' : 'read';
  }

  #damage(within: number, message: string): Damage {
    return { record: this.#blocks + 1, offset: this.#input.offset + within, message };
  }
}
