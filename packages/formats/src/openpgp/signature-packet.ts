import type { Packet } from './packets.ts';
import { packetTags } from './packets.ts';

/** What a signature is of (RFC 9580 §5.2.1); those of names are 0x10 to 0x13. */
export const signatureTypes = {
  document: 0x00,
  subkeyBinding: 0x18,
  primaryBinding: 0x19,
  directKey: 0x1f,
  keyRevocation: 0x20,
  subkeyRevocation: 0x28,
  certificationRevocation: 0x30,
} as const;

/** A signature of version 4. Times are seconds since 1970. */
export interface SignaturePacket {
  type: number;
  keyAlgorithm: number;
  hashAlgorithm: number;
  /** What is hashed after what is signed. */
  trailer: Buffer;
  /** Whatever the algorithm makes of it. */
  value: Buffer;
  created: number;
  /** Seconds after `created`; 0: never. */
  expiresAfter: number;
  /** Of the key, seconds after the key was made; 0: never. */
  keyExpiresAfter: number;
  /** What the key may be used for (RFC 9580 §5.2.3.29); null where it is not said. */
  keyFlags: number | null;
  /** Fingerprints and key ids in hexadecimal, of whom it says to be made. */
  issuers: readonly string[];
  /** By the subkey, that it belongs to the primary key. */
  embedded: readonly SignaturePacket[];
  /** False where it says something critical that is not understood here: it proves nothing, but still revokes. */
  isUnderstood: boolean;
}

interface Subpacket {
  type: number;
  isCritical: boolean;
  body: Buffer;
}

/** What is understood here, or changes nothing for whoever verifies (RFC 9580 §5.2.3.7). */
const understood: ReadonlySet<number> = new Set([
  2, 3, 4, 5, 6, 7, 9, 11, 16, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34,
]);

/** RFC 9580 §5.2.3; null where it is none of version 4. */
export function readSignature({ tag, body }: Packet, depth = 0): SignaturePacket | null {
  if (tag !== packetTags.signature || body.length < 6 || body[0] !== 4) return null;
  const hashedEnd = 6 + body.readUInt16BE(4);
  if (hashedEnd + 2 > body.length) return null;
  const unhashedEnd = hashedEnd + 2 + body.readUInt16BE(hashedEnd);
  if (unhashedEnd + 2 > body.length) return null;
  const hashed = readSubpackets(body.subarray(6, hashedEnd));
  const unhashed = readSubpackets(body.subarray(hashedEnd + 2, unhashedEnd));
  if (hashed === null || unhashed === null) return null;
  const said = readSaid(hashed, unhashed, depth);
  if (said === null) return null;
  const [, type, keyAlgorithm, hashAlgorithm] = body;
  const value = body.subarray(unhashedEnd + 2);
  return {
    type: type!,
    keyAlgorithm: keyAlgorithm!,
    hashAlgorithm: hashAlgorithm!,
    trailer: trailerOf(body.subarray(0, hashedEnd)),
    value,
    ...said,
  };
}

/** RFC 9580 §5.2.4. */
function trailerOf(head: Buffer): Buffer {
  const end = Buffer.from([4, 0xff, 0, 0, 0, 0]);
  end.writeUInt32BE(head.length, 2);
  return Buffer.concat([head, end]);
}

type Said = Pick<
  SignaturePacket,
  'created' | 'expiresAfter' | 'keyExpiresAfter' | 'keyFlags' | 'issuers' | 'embedded' | 'isUnderstood'
>;

/** Only what is hashed is believed; whom to try and what carries a signature of its own may stand outside as well. */
function readSaid(hashed: readonly Subpacket[], unhashed: readonly Subpacket[], depth: number): Said | null {
  const created = numberOf(hashed, 2);
  if (created === null) return null;
  return {
    created,
    expiresAfter: numberOf(hashed, 3) ?? 0,
    keyExpiresAfter: numberOf(hashed, 9) ?? 0,
    keyFlags: hashed.find(({ type }) => type === 27)?.body[0] ?? null,
    issuers: [...hashed, ...unhashed].flatMap(issuerOf),
    embedded: depth > 0 ? [] : [...hashed, ...unhashed].flatMap(embeddedOf),
    isUnderstood: hashed.every(({ type, isCritical }) => !isCritical || understood.has(type)),
  };
}

function numberOf(subpackets: readonly Subpacket[], wanted: number): number | null {
  const found = subpackets.find(({ type, body }) => type === wanted && body.length === 4);
  return found?.body.readUInt32BE(0) ?? null;
}

function issuerOf({ type, body }: Subpacket): string[] {
  if (type === 16 && body.length === 8) return [body.toString('hex').toUpperCase()];
  if (type === 33 && body[0] === 4) return [body.subarray(1).toString('hex').toUpperCase()];
  return [];
}

function embeddedOf({ type, body }: Subpacket): SignaturePacket[] {
  const found = type === 32 ? readSignature({ tag: packetTags.signature, body }, 1) : null;
  return found === null ? [] : [found];
}

/** RFC 9580 §5.2.3.7; null where they do not add up. */
function readSubpackets(bytes: Buffer): Subpacket[] | null {
  const found: Subpacket[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const first = bytes[offset]!;
    const width = first < 192 ? 1 : first < 255 ? 2 : 5;
    if (offset + width > bytes.length) return null;
    const size =
      width === 1
        ? first
        : width === 2
          ? ((first - 192) << 8) + bytes[offset + 1]! + 192
          : bytes.readUInt32BE(offset + 1);
    const [start, end] = [offset + width, offset + width + size];
    if (size === 0 || end > bytes.length) return null;
    const type = bytes[start]!;
    found.push({ type: type & 0x7f, isCritical: type >= 0x80, body: bytes.subarray(start + 1, end) });
    offset = end;
  }
  return found;
}

/** An issuer is a hint only: where none is named, it may be anyone. A key id is the end of a fingerprint. */
export const mayBeBy = ({ issuers }: SignaturePacket, fingerprint: string): boolean =>
  issuers.length === 0 || issuers.some((issuer) => fingerprint.endsWith(issuer));
