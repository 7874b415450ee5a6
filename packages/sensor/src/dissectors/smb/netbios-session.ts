import { startsWith } from '../../text/wire-text.ts';
import { decodeName, isReportable, type NetbiosName } from '../nbns/netbios-name.ts';

/** RFC 1002 §4.3.1; SMB directly over TCP keeps the same four bytes (MS-SMB2 §2.1). */
export const HEADER = 4;
export const packetTypes = { message: 0x00, request: 0x81, positive: 0x82, negative: 0x83, keepAlive: 0x85 };

export interface PacketHeader {
  type: number;
  /** Of what follows the header. */
  length: number;
}

export function readPacketHeader(bytes: Uint8Array): PacketHeader {
  const [type = 0, high = 0, middle = 0, low = 0] = bytes;
  // Over NetBIOS only 17 bits count, directly over TCP 24; the other bits are zero then.
  return { type, length: (high << 16) | (middle << 8) | low };
}

/** Called and calling name of a session request (RFC 1002 §4.3.2), each in first-level encoding; null where it is none. */
export function sessionNames(bytes: Uint8Array): { called: NetbiosName; calling: NetbiosName } | null {
  const called = nameAt(bytes, 0);
  const calling = nameAt(bytes, 34);
  return called === null || calling === null ? null : { called, calling };
}

/** A name that tells which computer it is: suffix 0 is the workstation, 0x20 the file server. */
export function hostName(name: NetbiosName): string | undefined {
  const isHost = name.suffix === 0 || name.suffix === 0x20;
  return isHost && isReportable(name) && name.name !== '*SMBSERVER' ? name.name : undefined;
}

export type Magic = 'smb1' | 'smb2' | 'encrypted' | 'compressed';

export function magicAt(bytes: Uint8Array, at: number): Magic | null {
  if (!startsWith(bytes, 'SMB', at + 1)) return null;
  if (bytes[at] === 0xff) return 'smb1';
  if (bytes[at] === 0xfe) return 'smb2';
  if (bytes[at] === 0xfd) return 'encrypted';
  return bytes[at] === 0xfc ? 'compressed' : null;
}

function nameAt(bytes: Uint8Array, at: number): NetbiosName | null {
  if (bytes.length < at + 34 || bytes[at] !== 32) return null;
  return decodeName(String.fromCharCode(...bytes.subarray(at + 1, at + 33)));
}
