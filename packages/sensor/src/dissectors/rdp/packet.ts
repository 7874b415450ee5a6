import { latin1 } from '../../text/wire-text.ts';
import { MAX_COOKIE } from './limits.ts';

const TPKT_HEADER = 4;
const REQUEST = 0xe0;
const CONFIRM = 0xd0;
const NEGOTIATION_REQUEST = 1;
const NEGOTIATION_RESPONSE = 2;
const NEGOTIATION_FAILURE = 3;

/** Bytes of a TPKT packet (RFC 1006 §6), null where more are needed, 0 where there is none. */
export function packetLength(bytes: Uint8Array): number | null {
  if (bytes.length < TPKT_HEADER) return bytes.length === 0 || bytes[0] === 3 ? null : 0;
  const length = (bytes[2]! << 8) | bytes[3]!;
  return bytes[0] === 3 && bytes[1] === 0 && length >= 7 ? length : 0;
}

interface ConnectionRequest {
  /** The name behind "mstshash=": a person's mostly. */
  user: string | null;
  /** What the client can speak; null where it says nothing of it, as before Windows 2003. */
  protocols: number | null;
}

/** X.224 connection request ([MS-RDPBCGR] §2.2.1.1): cookie, then the client's protocols. */
export function readRequest(packet: Uint8Array): ConnectionRequest | null {
  if (packet[5] !== REQUEST || packet.length < 11) return null;
  const text = latin1(packet, 11, 11 + MAX_COOKIE);
  const end = text.indexOf('\r\n');
  const cookie = /^(?:Cookie: )?(?:mstshash|msts|tsv)[=:]/.test(text) && end >= 0;
  const at = cookie ? 11 + end + 2 : 11;
  const user = cookie ? (/^Cookie: mstshash=(.*)$/.exec(text.slice(0, end))?.[1] ?? null) : null;
  const negotiates = packet[at] === NEGOTIATION_REQUEST && packet[at + 2] === 8 && packet[at + 3] === 0;
  const protocols = negotiates && packet.length >= at + 8 ? littleEndian(packet, at + 4) : null;
  if (!cookie && protocols === null && packet.length !== 11) return null;
  return { user, protocols };
}

interface ConnectionConfirm {
  /** The protocol that the server chose; 0 is RDP's own security. */
  selected: number;
  /** Why it refused, where it did. */
  failure: number | null;
}

/** X.224 connection confirm ([MS-RDPBCGR] §2.2.1.2); without an answer the server knows nothing but RDP's own security. */
export function readConfirm(packet: Uint8Array): ConnectionConfirm | null {
  if (packet[5] !== CONFIRM || packet.length < 11) return null;
  if (packet.length === 11) return { selected: 0, failure: null };
  if (packet.length < 19 || packet[13] !== 8 || packet[14] !== 0) return null;
  const value = littleEndian(packet, 15);
  if (packet[11] === NEGOTIATION_RESPONSE) return { selected: value, failure: null };
  return packet[11] === NEGOTIATION_FAILURE ? { selected: 0, failure: value } : null;
}

function littleEndian(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
