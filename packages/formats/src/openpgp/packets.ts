/** One packet of OpenPGP without its header. */
export interface Packet {
  tag: number;
  body: Buffer;
}

/** What OpenPGP calls them (RFC 9580 §5). */
export const packetTags = {
  signature: 2,
  publicKey: 6,
  userId: 13,
  publicSubkey: 14,
  userAttribute: 17,
} as const;

const block =
  /-----BEGIN PGP (PUBLIC KEY BLOCK|SIGNATURE)-----[ \t]*\r?\n(?:[A-Za-z]+: [^\r\n]*\r?\n)*\r?\n([A-Za-z0-9+/=\s]+?)(?:\r?\n=[A-Za-z0-9+/]{4})?\s*-----END PGP \1-----/g;

/** Every armoured block of a text (RFC 9580 §6.2), joined; its checksum guards against nothing that a signature does not. */
export function withoutArmour(text: string): Buffer {
  return Buffer.concat([...text.matchAll(block)].map(([, , body]) => Buffer.from(body!, 'base64')));
}

/** The packets of a message; null where they do not add up. Partial lengths are for data, which has no place here. */
export function readPackets(bytes: Buffer): Packet[] | null {
  const found: Packet[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const first = bytes[offset]!;
    if ((first & 0x80) === 0) return null;
    const isNew = (first & 0x40) !== 0;
    const length = isNew ? newLength(bytes, offset + 1) : oldLength(bytes, offset + 1, first & 3);
    if (length === null || length.start + length.size > bytes.length) return null;
    offset = length.start + length.size;
    found.push({
      tag: isNew ? first & 0x3f : (first >> 2) & 0x0f,
      body: bytes.subarray(length.start, offset),
    });
  }
  return found;
}

interface Length {
  start: number;
  size: number;
}

/** RFC 9580 §4.2.2. */
function oldLength(bytes: Buffer, at: number, kind: number): Length | null {
  const width = [1, 2, 4][kind];
  if (width === undefined || at + width > bytes.length) return null;
  return { start: at + width, size: bytes.readUIntBE(at, width) };
}

/** RFC 9580 §4.2.1. */
function newLength(bytes: Buffer, at: number): Length | null {
  const first = bytes[at];
  if (first === undefined) return null;
  if (first < 192) return { start: at + 1, size: first };
  if (first < 224 && at + 1 < bytes.length)
    return { start: at + 2, size: ((first - 192) << 8) + bytes[at + 1]! + 192 };
  if (first === 255 && at + 4 < bytes.length) return { start: at + 5, size: bytes.readUInt32BE(at + 1) };
  return null;
}

/** Numbers of any length, one after the other (RFC 9580 §3.2), without leading zeros; null where they do not add up. */
export function readNumbers(bytes: Buffer, count: number): Buffer[] | null {
  const found: Buffer[] = [];
  let offset = 0;
  for (let index = 0; index < count; index += 1) {
    if (offset + 2 > bytes.length) return null;
    const end = offset + 2 + Math.ceil(bytes.readUInt16BE(offset) / 8);
    if (end > bytes.length) return null;
    found.push(bytes.subarray(offset + 2, end));
    offset = end;
  }
  return offset === bytes.length ? found : null;
}

/** A number at exactly this width, as keys and signatures need it; null where it is larger. */
export function atWidth(number: Buffer, width: number): Buffer | null {
  if (number.length > width) return null;
  return Buffer.concat([Buffer.alloc(width - number.length), number]);
}
