import type { Recognition, StreamDissector } from '../../dissector.ts';
import { latin1, startsWith } from '../../text/wire-text.ts';
import { TlsHandover } from '../tls/handover.ts';
import { ImapSession } from './session.ts';

const command = /^[A-Za-z0-9.]{1,20} (CAPABILITY|LOGIN|STARTTLS|AUTHENTICATE|ID|NOOP|LOGOUT|ENABLE)\b/i;

/** IMAP in clear (RFC 9051), and as TLS behind STARTTLS. */
export const imap: StreamDissector = {
  name: 'imap',
  cost: 29,
  firstBytes: { server: [0x2a] },
  recognise,
  open: (report) => new TlsHandover(report, (upgrade) => new ImapSession(report, upgrade)),
  speaker: (bytes) => (bytes[0] === 0x2a ? 'server' : null),
};

/** The server greets with "* OK" or "* PREAUTH"; its words or the first command must tell. */
function recognise(fromClient: Uint8Array, fromServer: Uint8Array): Recognition {
  const greets = startsWith(fromServer, '* OK', 0, true) || startsWith(fromServer, '* PREAUTH', 0, true);
  if (!greets) return 'no';
  if (fromServer.length === 0) return fromClient.length > 64 ? 'no' : 'more';
  if (command.test(latin1(fromClient, 0, 64))) return 'yes';
  if (latin1(fromClient, 0, 256).includes('\n')) return 'no';
  const greeting = latin1(fromServer, 0, 1024);
  if (!greeting.includes('\n')) return 'more';
  return /\bIMAP/i.test(greeting) ? 'yes' : 'more';
}
