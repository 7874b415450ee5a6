/** Frames and capture files made by hand. For tests only. */

export function bytes(...parts: (number | Uint8Array | string)[]): Uint8Array {
  return new Uint8Array(
    parts.flatMap((part) => {
      if (typeof part === 'number') return [part];
      return typeof part === 'string' ? Array.from(part, (c) => c.charCodeAt(0)) : Array.from(part);
    }),
  );
}

export function u16(value: number): Uint8Array {
  return bytes((value >> 8) & 255, value & 255);
}

export function u32(value: number): Uint8Array {
  return bytes((value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

export function mac(last: number): Uint8Array {
  return bytes(2, 0, 0, 0, last >> 8, last & 255);
}

export function ip(text: string): Uint8Array {
  return bytes(...text.split('.').map(Number));
}

export interface Ends {
  source: string;
  target: string;
  sourcePort: number;
  targetPort: number;
}

export interface TcpOptions {
  flags: number;
  sequence: number;
  acknowledgement?: number;
  payload?: Uint8Array | string;
}

export function tcp({ sourcePort, targetPort }: Ends, options: TcpOptions): Uint8Array {
  const { flags, sequence, acknowledgement = 0, payload = '' } = options;
  const window = bytes(0x50, flags, 16, 0, 0, 0, 0, 0);
  return bytes(u16(sourcePort), u16(targetPort), u32(sequence), u32(acknowledgement), window, payload);
}

export function udp({ sourcePort, targetPort }: Ends, payload: Uint8Array | string): Uint8Array {
  return bytes(u16(sourcePort), u16(targetPort), u16(8 + payload.length), u16(0), payload);
}

export interface Ipv4Options {
  protocol: number;
  id?: number;
  /** In bytes. */
  fragmentOffset?: number;
  moreFragments?: boolean;
  options?: Uint8Array;
}

export function ipv4(ends: Ends, fields: Ipv4Options, payload: Uint8Array): Uint8Array {
  const { protocol, id = 0, fragmentOffset = 0, moreFragments = false, options = new Uint8Array(0) } = fields;
  const first = 0x45 + options.length / 4;
  const total = 20 + options.length + payload.length;
  const fragment = (moreFragments ? 0x2000 : 0) | (fragmentOffset / 8);
  const head = bytes(first, 0, u16(total), u16(id), u16(fragment), 64, protocol, 0, 0);
  return bytes(head, ip(ends.source), ip(ends.target), options, payload);
}

export function ethernet(
  etherType: number,
  payload: Uint8Array,
  tags: [type: number, vlan: number][] = [],
): Uint8Array {
  const tagged = bytes(...tags.flatMap(([type, vlan]) => [u16(type), u16(vlan)]));
  return bytes(mac(2), mac(1), tagged, u16(etherType), payload);
}

export interface PcapOptions {
  littleEndian?: boolean;
  magic?: number;
  linkType?: number;
  recordHeader?: number;
}

/** A pcap file of these frames, one second and one fraction unit apart. */
export function pcap(frames: readonly Uint8Array[], options: PcapOptions = {}): Uint8Array {
  const { littleEndian = true, magic = 0xa1b2c3d4, linkType = 1, recordHeader = 16 } = options;
  const order = (value: number) => (littleEndian ? u32(value).reverse() : u32(value));
  const half = (value: number) => (littleEndian ? u16(value).reverse() : u16(value));
  const head = bytes(order(magic), half(2), half(4), order(0), order(0), order(262_144), order(linkType));
  const records = frames.map((frame, i) => {
    const lengths = bytes(order(frame.length), order(frame.length));
    return bytes(order(1000 + i), order(i), lengths, new Uint8Array(recordHeader - 16), frame);
  });
  return bytes(head, ...records);
}

/** One pcapng block. */
export function block(type: number, body: Uint8Array, littleEndian = true): Uint8Array {
  const order = (value: number) => (littleEndian ? u32(value).reverse() : u32(value));
  const padding = new Uint8Array((4 - (body.length % 4)) % 4);
  const length = 12 + body.length + padding.length;
  return bytes(order(type), order(length), body, padding, order(length));
}

export async function* chunksOf(data: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}

/** A frame of a TCP segment. */
export function tcpFrame(ends: Ends, options: TcpOptions): Uint8Array {
  return ethernet(0x0800, ipv4(ends, { protocol: 6 }, tcp(ends, options)));
}

/** A frame of a UDP datagram. */
export function udpFrame(ends: Ends, payload: Uint8Array | string): Uint8Array {
  return ethernet(0x0800, ipv4(ends, { protocol: 17 }, udp(ends, payload)));
}
