import { ipv4At, macAt } from '../../network/address.ts';
import { type Options, readOptions } from './options.ts';

/** RFC 2131 §2: the fixed part, then the magic cookie. */
const FIXED = 236;
const COOKIE = 0x63825363;
const ETHERNET = 1;

export const BOOTREQUEST = 1;
export const BOOTREPLY = 2;

/** RFC 2132 §9.6 */
export const messageTypes = {
  discover: 1,
  offer: 2,
  request: 3,
  decline: 4,
  ack: 5,
  nak: 6,
  release: 7,
  inform: 8,
};

export interface DhcpMessage {
  op: number;
  /** Null where the client's hardware is not Ethernet. */
  clientMac: string | null;
  clientIp: string | null;
  yourIp: string | null;
  relayIp: string | null;
  /** Option 53, null in plain BOOTP. */
  type: number | null;
  options: Options;
  whole: boolean;
}

export function looksLikeDhcp(bytes: Uint8Array): boolean {
  if (bytes.length < FIXED + 4) return false;
  const [op, , hardwareLength] = bytes;
  return (op === BOOTREQUEST || op === BOOTREPLY) && hardwareLength! <= 16 && cookieOf(bytes) === COOKIE;
}

/** Reads a message that {@link looksLikeDhcp}. */
export function readMessage(bytes: Uint8Array): DhcpMessage {
  const { options, whole } = readOptions({
    options: bytes.subarray(FIXED + 4),
    file: bytes.subarray(108, FIXED),
    sname: bytes.subarray(44, 108),
  });
  return {
    op: bytes[0]!,
    clientMac: hardwareAddress(bytes),
    clientIp: addressAt(bytes, 12),
    yourIp: addressAt(bytes, 16),
    relayIp: addressAt(bytes, 24),
    type: options.get(53)?.[0] ?? null,
    options,
    whole,
  };
}

function cookieOf(bytes: Uint8Array): number {
  return (
    ((bytes[FIXED]! << 24) | (bytes[FIXED + 1]! << 16) | (bytes[FIXED + 2]! << 8) | bytes[FIXED + 3]!) >>> 0
  );
}

/** Some clients leave the hardware type at zero and still send an Ethernet address of six bytes. */
function hardwareAddress(bytes: Uint8Array): string | null {
  const [, type, length] = bytes;
  if (length !== 6 || (type !== ETHERNET && type !== 0)) return null;
  const mac = macAt(bytes, 28);
  return mac === '00:00:00:00:00:00' || (bytes[28]! & 1) === 1 ? null : mac;
}

/** An address that is really one: not unset, not all ones. */
function addressAt(bytes: Uint8Array, at: number): string | null {
  const ip = ipv4At(bytes, at);
  return ip === '0.0.0.0' || ip === '255.255.255.255' ? null : ip;
}
