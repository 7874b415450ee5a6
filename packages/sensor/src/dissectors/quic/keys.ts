import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { bytesOfText } from './text.ts';
import type { QuicVersion } from './versions.ts';

/** What protects the Initial packets of one side. */
export interface PacketKeys {
  key: Uint8Array;
  iv: Uint8Array;
  headerKey: Uint8Array;
}

/**
 * Keys that every observer can derive from the destination of the client's first packet (RFC 9001 §5.2): Initial packets
 * are only guarded against accident.
 */
export function initialKeys(
  version: QuicVersion,
  destination: Uint8Array,
): Record<'client' | 'server', PacketKeys> {
  const secret = hmac(version.salt, destination);
  return {
    client: packetKeys(version, expand(secret, 'client in', 32)),
    server: packetKeys(version, expand(secret, 'server in', 32)),
  };
}

function packetKeys({ label }: QuicVersion, secret: Uint8Array): PacketKeys {
  return {
    key: expand(secret, `${label}key`, 16),
    iv: expand(secret, `${label}iv`, 12),
    headerKey: expand(secret, `${label}hp`, 16),
  };
}

/** HKDF-Expand-Label (RFC 8446 §7.1) with an empty context; never longer than one hash. */
function expand(secret: Uint8Array, label: string, length: number): Uint8Array {
  const full = bytesOfText(`tls13 ${label}`);
  const info = new Uint8Array([0, length, full.length, ...full, 0, 1]);
  return hmac(secret, info).subarray(0, length);
}

function hmac(key: Uint8Array, data: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(data).digest();
}

/** The mask of header protection (RFC 9001 §5.4.3). */
export function headerMask({ headerKey }: PacketKeys, sample: Uint8Array): Uint8Array {
  return createCipheriv('aes-128-ecb', headerKey, null).update(sample);
}

const TAG = 16;

/** The plain payload (RFC 9001 §5.3), or null where it was not protected with this key. */
export function open(
  { key, iv }: PacketKeys,
  number: number,
  header: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | null {
  if (sealed.length < TAG) return null;
  const decipher = createDecipheriv('aes-128-gcm', key, nonce(iv, number));
  decipher.setAAD(header);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
  const plain = decipher.update(sealed.subarray(0, sealed.length - TAG));
  try {
    decipher.final();
    return plain;
  } catch {
    return null;
  }
}

/** Packet numbers of Initials stay below 2^32; the upper bytes of the vector stay as they are. */
function nonce(iv: Uint8Array, number: number): Uint8Array {
  const mixed = new Uint8Array(iv);
  for (let i = 0; i < 4; i++) mixed[11 - i]! ^= (number >>> (8 * i)) & 255;
  return mixed;
}
