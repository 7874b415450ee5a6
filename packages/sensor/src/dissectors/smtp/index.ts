import type { Recognition, StreamDissector } from '../../dissector.ts';
import { latin1 } from '../../text/wire-text.ts';
import { TlsHandover } from '../tls/handover.ts';
import { SmtpSession } from './session.ts';

const hello = /^(EHLO|HELO|LHLO) [^\r\n]{1,512}\r?\n/i;

/** SMTP and LMTP in clear (RFC 5321, RFC 2033), and as TLS behind STARTTLS (RFC 3207). */
export const smtp: StreamDissector = {
  name: 'smtp',
  cost: 29,
  firstBytes: { client: Array.from('EeHhLl', (letter) => letter.charCodeAt(0)), server: [0x32] },
  recognise,
  open: (report) => new TlsHandover(report, (upgrade) => new SmtpSession(report, upgrade)),
  speaker: (bytes) => (bytes[0] === 0x32 ? 'server' : 'client'),
};

/** The server greets with 220, as FTP's does; its words or the client's hello must tell. */
function recognise(fromClient: Uint8Array, fromServer: Uint8Array): Recognition {
  const greeting = latin1(fromServer, 0, Math.min(fromServer.length, 1024));
  if (!'220'.startsWith(greeting.slice(0, 3)) || (greeting.length > 3 && !/^220[ -]/.test(greeting)))
    return 'no';
  const command = latin1(fromClient, 0, Math.min(fromClient.length, 600));
  if (hello.test(command)) return 'yes';
  if (/\n/.test(command) || command.length > 520 || !/^[EHL]/i.test(`${command}E`)) return 'no';
  if (/\bE?SMTP\b|\bLMTP\b/.test(greeting)) return greeting.includes('\n') ? 'yes' : 'more';
  return 'more';
}
