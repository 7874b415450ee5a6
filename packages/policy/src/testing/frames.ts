import { isIcmp, type Packet } from '../space/packet.ts';

/** The bytes of a number, most significant first. */
function bytesOf(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
}

/** RFC 1071. */
function checksum(data: Buffer): number {
  let sum = 0;
  for (let at = 0; at < data.length; at += 2) sum += (data[at]! << 8) | (data[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** What stands behind the internet header: an opening packet that a kernel takes for sound. */
function transport({ protocol, sourcePort, destinationPort }: Packet): {
  bytes: Buffer;
  checksumAt: number | null;
} {
  const ports = Buffer.concat([bytesOf(sourcePort, 2), bytesOf(destinationPort, 2)]);
  if (protocol === 6n)
    return {
      bytes: Buffer.concat([ports, Buffer.from('000000010000000050020400', 'hex'), Buffer.alloc(4)]),
      checksumAt: 16,
    };
  if (protocol === 17n)
    return { bytes: Buffer.concat([ports, Buffer.from('00080000', 'hex')]), checksumAt: 6 };
  if (isIcmp(protocol))
    return {
      bytes: Buffer.concat([
        Buffer.from([Number(sourcePort), Number(destinationPort), 0, 0]),
        Buffer.from('12340001', 'hex'),
      ]),
      checksumAt: 2,
    };
  return { bytes: Buffer.alloc(8), checksumAt: null };
}

/** An Ethernet frame with the packet. ICMP has no pseudo header, the others have (RFC 9293 §3.1, RFC 8200 §8.1). */
export function frameOf(packet: Packet, to: Buffer): Buffer {
  const { family, source, destination, protocol } = packet;
  const { bytes, checksumAt } = transport(packet);
  const length = family === 4 ? 4 : 16;
  const addresses = Buffer.concat([bytesOf(source, length), bytesOf(destination, length)]);
  if (checksumAt !== null) {
    const pseudo = Buffer.concat([addresses, bytesOf(BigInt(bytes.length), 4), bytesOf(protocol, 4)]);
    const covered = protocol === 1n ? bytes : Buffer.concat([pseudo, bytes]);
    bytes.writeUInt16BE(checksum(covered), checksumAt);
  }
  const type = Buffer.from(family === 4 ? '0800' : '86dd', 'hex');
  return Buffer.concat([
    to,
    Buffer.from('020000000001', 'hex'),
    type,
    header(packet, addresses, bytes.length),
    bytes,
  ]);
}

function header({ family, protocol }: Packet, addresses: Buffer, length: number): Buffer {
  if (family === 6)
    return Buffer.concat([
      Buffer.from('60000000', 'hex'),
      bytesOf(BigInt(length), 2),
      Buffer.from([Number(protocol), 64]),
      addresses,
    ]);
  const fields = Buffer.concat([
    Buffer.from('4500', 'hex'),
    bytesOf(BigInt(20 + length), 2),
    Buffer.from('00010000', 'hex'),
    Buffer.from([64, Number(protocol), 0, 0]),
    addresses,
  ]);
  fields.writeUInt16BE(checksum(fields), 10);
  return fields;
}

/** A capture of frames, for a program that sends it. */
export function captureOf(frames: readonly Buffer[]): Buffer {
  const head = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex');
  const records = frames.flatMap((frame, index) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1, 0);
    record.writeUInt32LE(index, 4);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    return [record, frame];
  });
  return Buffer.concat([head, ...records]);
}
