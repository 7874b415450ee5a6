import type { StreamDissector } from '../../dissector.ts';
import { startsWith } from '../../text/wire-text.ts';
import { TlsHandover } from '../tls/handover.ts';
import { VncSession, versionOf } from './session.ts';

const LETTER_R = [0x52];

/** RFB, the protocol of VNC (RFC 6143): the server speaks first, and both name their version. */
export const vnc: StreamDissector = {
  name: 'vnc',
  cost: 8,
  firstBytes: { client: LETTER_R, server: LETTER_R },
  recognise(fromClient, fromServer) {
    if (!startsWith(fromServer, 'RFB 00', 0, true) || !startsWith(fromClient, 'RFB 00', 0, true)) return 'no';
    if (fromServer.length < 12) return 'more';
    return versionOf(fromServer) === null ? 'no' : 'yes';
  },
  open: (report) => new TlsHandover(report, (upgrade) => new VncSession(report, upgrade)),
};
