import { createHash } from 'node:crypto';

/** Public keys without their armour, and the fingerprints of their primary keys. */
export interface Keyring {
  bytes: Buffer;
  fingerprints: string[];
}

const block =
  /-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n(?:[^\r\n]+\r?\n)*\r?\n([A-Za-z0-9+/=\s]+?)(?:\r?\n=[A-Za-z0-9+/]{4})?\s*-----END PGP PUBLIC KEY BLOCK-----/g;

/** Takes armoured OpenPGP public keys (RFC 4880 §6.2) apart; null where there is none. */
export function readKeyring(text: string): Keyring | null {
  const bytes = Buffer.concat([...text.matchAll(block)].map(([, body]) => Buffer.from(body!, 'base64')));
  const fingerprints = fingerprintsOf(bytes);
  return fingerprints === null || fingerprints.length === 0 ? null : { bytes, fingerprints };
}

/** Of the packets with a public key (tag 6) of version 4; null where the packets do not add up. */
function fingerprintsOf(bytes: Buffer): string[] | null {
  const found: string[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const packet = packetAt(bytes, offset);
    if (packet === null) return null;
    const { tag, body, end } = packet;
    if (tag === 6 && body[0] === 4) {
      const length = Buffer.from([0x99, body.length >> 8, body.length & 0xff]);
      found.push(createHash('sha1').update(length).update(body).digest('hex').toUpperCase());
    }
    offset = end;
  }
  return found;
}

/** RFC 4880 §4.2: headers of the old and the new format, without partial lengths, which keys do not have. */
function packetAt(bytes: Buffer, offset: number): { tag: number; body: Buffer; end: number } | null {
  const first = bytes[offset]!;
  if ((first & 0x80) === 0) return null;
  const isNew = (first & 0x40) !== 0;
  const tag = isNew ? first & 0x3f : (first >> 2) & 0x0f;
  const length = isNew ? newLength(bytes, offset + 1) : oldLength(bytes, offset + 1, first & 3);
  if (length === null) return null;
  const end = length.start + length.size;
  return end > bytes.length ? null : { tag, body: bytes.subarray(length.start, end), end };
}

function oldLength(bytes: Buffer, at: number, kind: number): { start: number; size: number } | null {
  const width = [1, 2, 4][kind];
  if (width === undefined || at + width > bytes.length) return null;
  return { start: at + width, size: bytes.readUIntBE(at, width) };
}

function newLength(bytes: Buffer, at: number): { start: number; size: number } | null {
  const first = bytes[at];
  if (first === undefined) return null;
  if (first < 192) return { start: at + 1, size: first };
  if (first < 224 && at + 1 < bytes.length)
    return { start: at + 2, size: ((first - 192) << 8) + bytes[at + 1]! + 192 };
  if (first === 255 && at + 4 < bytes.length) return { start: at + 5, size: bytes.readUInt32BE(at + 1) };
  return null;
}
