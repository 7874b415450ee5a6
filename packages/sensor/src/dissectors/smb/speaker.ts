import type { Side } from '../../dissector.ts';
import { HEADER, magicAt, packetTypes } from './netbios-session.ts';

/** SMB_FLAGS_REPLY (MS-CIFS §2.2.3.1) and SMB2_FLAGS_SERVER_TO_REDIR (MS-SMB2 §2.2.1) mark what servers send. */
export function smbSpeaker(bytes: Uint8Array): Side | null {
  if (bytes[0] === packetTypes.request) return 'client';
  if (bytes[0] === packetTypes.positive || bytes[0] === packetTypes.negative) return 'server';
  const magic = magicAt(bytes, HEADER);
  if (magic === 'smb1') return ((bytes[HEADER + 9] ?? 0) & 0x80) !== 0 ? 'server' : 'client';
  if (magic === 'smb2') return ((bytes[HEADER + 16] ?? 0) & 1) !== 0 ? 'server' : 'client';
  return null;
}
