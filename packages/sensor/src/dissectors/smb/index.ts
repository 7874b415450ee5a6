import type { Recognition, StreamDissector } from '../../dissector.ts';
import { HEADER, magicAt, packetTypes, readPacketHeader, sessionNames } from './netbios-session.ts';
import { SmbSession } from './session.ts';
import { smbSpeaker } from './speaker.ts';

const beginnings = [packetTypes.message, packetTypes.request, packetTypes.positive];

/**
 * SMB 1 (MS-CIFS, MS-SMB), SMB 2 and 3 (MS-SMB2), over NetBIOS sessions or directly over TCP: who the two computers
 * are, how they sign, and whether somebody was let in unnamed. NTLM proofs are no clear credentials and are not read.
 */
export const smb: StreamDissector = {
  name: 'smb',
  cost: 2,
  firstBytes: { client: beginnings, server: beginnings },
  recognise(fromClient, fromServer) {
    const asked = recogniseSide(fromClient);
    return asked === 'more' ? recogniseSide(fromServer) : asked;
  },
  open: (report) => new SmbSession(report),
  speaker: smbSpeaker,
};

function recogniseSide(bytes: Uint8Array): Recognition {
  if (bytes.length === 0) return 'more';
  const { type, length } = readPacketHeader(bytes);
  if (type === packetTypes.request) return recogniseRequest(bytes, length);
  if (type === packetTypes.positive && bytes.length === HEADER) return length === 0 ? 'more' : 'no';
  if (type !== packetTypes.message) return 'no';
  if (bytes.length < HEADER + 4) return 'more';
  return magicAt(bytes, HEADER) !== null && length >= 32 ? 'yes' : 'no';
}

/** Two encoded names of 34 bytes each. */
function recogniseRequest(bytes: Uint8Array, length: number): Recognition {
  if (bytes.length < HEADER) return 'more';
  if (length !== 68) return 'no';
  if (bytes.length < HEADER + length) return 'more';
  return sessionNames(bytes.subarray(HEADER)) === null ? 'no' : 'yes';
}
