import type { Recognition, StreamDissector } from '../../dissector.ts';
import { TlsHandover } from '../tls/handover.ts';
import { packetLength, readConfirm, readRequest } from './packet.ts';
import { RdpSession } from './session.ts';
import { isConnect } from './settings.ts';

const BARE_REQUEST = 11;

/** Remote Desktop ([MS-RDPBCGR]): negotiation, RDP's own security, or the TLS that it goes on as. */
export const rdp: StreamDissector = {
  name: 'rdp',
  cost: 9,
  firstBytes: { client: [3], server: [3] },
  recognise: recogniseRequest,
  open: (report) => new TlsHandover(report, (upgrade) => new RdpSession(report, upgrade)),
  speaker: (bytes) => (bytes[5] === 0xe0 ? 'client' : bytes[5] === 0xd0 ? 'server' : null),
};

/** Other protocols begin with the same header (RFC 1006): cookie or negotiation must tell, or the settings that follow. */
function recogniseRequest(fromClient: Uint8Array, fromServer: Uint8Array): Recognition {
  const length = packetLength(fromClient);
  if (length === 0) return 'no';
  if (fromClient.length === 0) return recogniseConfirm(fromServer);
  if (length === null || fromClient.length < length) return 'more';
  const packet = fromClient.subarray(0, length);
  if (packet[4] !== length - 5 || readRequest(packet) === null) return 'no';
  if (length > BARE_REQUEST) return 'yes';
  const next = fromClient.subarray(length);
  if (next.length < 9) return 'more';
  return isConnect(next) ? 'yes' : 'no';
}

function recogniseConfirm(fromServer: Uint8Array): Recognition {
  const length = packetLength(fromServer);
  if (length === 0) return 'no';
  if (length === null || fromServer.length < length) return 'more';
  return length > BARE_REQUEST && readConfirm(fromServer.subarray(0, length)) !== null ? 'yes' : 'more';
}
