import { MAX_RECORD } from '../limits.ts';
import type { Damage, FormatParser, PacketHandler, Progress } from './format.ts';
import type { Input } from './input.ts';

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
/** Alexey Kuznetzov's variant adds interface, protocol and packet type to each record. */
const MODIFIED_RECORD_HEADER = 24;

interface Variant {
  format: string;
  nanoseconds: boolean;
  recordHeader: number;
}

/** By magic number, read in the file's own byte order (draft-ietf-opsawg-pcap §4). */
const variants = new Map<number, Variant>([
  [0xa1b2c3d4, { format: 'pcap', nanoseconds: false, recordHeader: RECORD_HEADER }],
  [0xa1b23c4d, { format: 'pcap-ns', nanoseconds: true, recordHeader: RECORD_HEADER }],
  [0xa1b2cd34, { format: 'pcap-modified', nanoseconds: false, recordHeader: MODIFIED_RECORD_HEADER }],
]);

/** The parser of a file that starts with these four bytes, or null where it is not a pcap file. */
export function pcapParser(input: Input): FormatParser | null {
  for (const littleEndian of [true, false]) {
    const variant = variants.get(input.view.getUint32(input.at, littleEndian));
    if (variant) return new PcapParser(input, variant, littleEndian);
  }
  return null;
}

class PcapParser implements FormatParser {
  readonly format: string;
  /** The format has no place to say so. */
  readonly lost = 0;
  readonly #input: Input;
  readonly #variant: Variant;
  readonly #littleEndian: boolean;
  #linkType = -1;
  /** Files before version 2.3 hold the two lengths in the other order (libpcap, sf-pcap.c). */
  #lengthsSwapped = false;
  #packets = 0;

  constructor(input: Input, variant: Variant, littleEndian: boolean) {
    this.#input = input;
    this.#variant = variant;
    this.#littleEndian = littleEndian;
    this.format = variant.format;
  }

  run(handler: PacketHandler): Progress {
    if (this.#linkType < 0) {
      if (this.#input.available < FILE_HEADER) return 'starved';
      const damage = this.#fileHeader();
      if (damage) return damage;
    }
    return this.#records(handler);
  }

  atEnd(): Damage | null {
    const { available, offset } = this.#input;
    if (this.#linkType < 0) {
      return { record: null, offset, message: `expected a file header of 24 bytes, found ${available}` };
    }
    if (available === 0) return null;
    const record = this.#packets + 1;
    const { recordHeader } = this.#variant;
    if (available < recordHeader) {
      const message = `expected a record header of ${recordHeader} bytes, found the file's end after ${available}`;
      return { record, offset, message };
    }
    const length = this.#capturedLength(this.#input.at);
    const message = `expected a packet of ${length} bytes, found the file's end after ${available - recordHeader}`;
    return { record, offset, message };
  }

  #fileHeader(): Damage | null {
    const { view, at, offset } = this.#input;
    const major = view.getUint16(at + 4, this.#littleEndian);
    const minor = view.getUint16(at + 6, this.#littleEndian);
    if (major !== 2) {
      return {
        record: null,
        offset: offset + 4,
        message: `expected pcap version 2, found ${major}.${minor}`,
      };
    }
    this.#lengthsSwapped = minor < 3;
    // The upper bits tell whether frames carry a checksum; the type is in the lower sixteen.
    this.#linkType = view.getUint32(at + 20, this.#littleEndian) & 0xffff;
    this.#input.at += FILE_HEADER;
    return null;
  }

  #records(handler: PacketHandler): Progress {
    const input = this.#input;
    const { bytes, view } = input;
    const { recordHeader, nanoseconds } = this.#variant;
    const little = this.#littleEndian;
    while (bytes.length - input.at >= recordHeader) {
      const at = input.at;
      const captured = this.#capturedLength(at);
      if (captured > MAX_RECORD) return this.#tooLong(captured);
      const start = at + recordHeader;
      const end = start + captured;
      if (end > bytes.length) return 'starved';
      const fraction = view.getUint32(at + 4, little);
      const micros = nanoseconds ? Math.floor(fraction / 1000) : fraction;
      const time = view.getUint32(at, little) * 1_000_000 + micros;
      const original = view.getUint32(at + (this.#lengthsSwapped ? 8 : 12), little);
      input.at = end;
      this.#packets += 1;
      if (handler(this.#linkType, bytes, start, end, original, time, this.#packets)) return 'paused';
    }
    return 'starved';
  }

  #capturedLength(at: number): number {
    return this.#input.view.getUint32(at + (this.#lengthsSwapped ? 12 : 8), this.#littleEndian);
  }

  #tooLong(captured: number): Damage {
    const message = `expected a packet of at most ${MAX_RECORD} bytes, found a length of ${captured}`;
    return { record: this.#packets + 1, offset: this.#input.offset + 8, message };
  }
}
