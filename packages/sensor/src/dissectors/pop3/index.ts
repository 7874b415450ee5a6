import type { Recognition, StreamDissector } from '../../dissector.ts';
import { latin1, startsWith } from '../../text/wire-text.ts';
import { TlsHandover } from '../tls/handover.ts';
import { Pop3Session } from './session.ts';

const command = /^(USER|PASS|APOP|AUTH|CAPA|STLS|QUIT|NOOP|STAT)\b/i;

/** POP3 in clear (RFC 1939), and as TLS behind STLS (RFC 2595). */
export const pop3: StreamDissector = {
  name: 'pop3',
  cost: 29,
  firstBytes: { client: Array.from('UuPpAaCcSsQqNn', (letter) => letter.charCodeAt(0)), server: [0x2b] },
  recognise,
  open: (report) => new TlsHandover(report, (upgrade) => new Pop3Session(report, upgrade)),
  speaker: (bytes) => (bytes[0] === 0x2b ? 'server' : 'client'),
};

/** "+OK" is said by other protocols, too, but not before they are asked: here the server speaks first. */
function recognise(fromClient: Uint8Array, fromServer: Uint8Array): Recognition {
  if (!startsWith(fromServer, '+OK', 0, true) || (fromServer.length === 0 && fromClient.length > 0))
    return 'no';
  if (fromServer.length > 3 && ![0x20, 0x0d].includes(fromServer[3]!)) return 'no';
  if (fromClient.length > 0 && !/^[UPACSQN]/i.test(latin1(fromClient, 0, 1))) return 'no';
  if (fromServer.length < 4 || fromClient.length < 5) return 'more';
  return command.test(latin1(fromClient, 0, 5)) ? 'yes' : 'no';
}
