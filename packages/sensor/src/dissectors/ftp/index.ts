import type { Recognition, StreamDissector, Surroundings } from '../../dissector.ts';
import { latin1 } from '../../text/wire-text.ts';
import { TlsHandover } from '../tls/handover.ts';
import { FtpSession } from './session.ts';

/** FTP's control connection (RFC 959): greeting, system, logins and what firmware is moved. */
export const ftp: StreamDissector = {
  name: 'ftp',
  cost: 30,
  firstBytes: { server: [0x31, 0x32] },
  recognise,
  open: (report) => new TlsHandover(report, (upgrade) => new FtpSession(report, upgrade)),
};

const ftpCommand = /^(USER|AUTH|FEAT|SYST|OPTS|HOST|CLNT|PASS|PBSZ|PWD|TYPE|PASV|EPSV|PORT) ?[^\r\n]*\r?\n/i;
const otherCommand = /^(EHLO|HELO|LHLO|MAIL|STARTTLS|CAPA|APOP|MODE READER)\b/i;

/** The server greets with 220 (or 120); SMTP does too, so its words or the first command must tell. */
function recognise(fromClient: Uint8Array, fromServer: Uint8Array, around: Surroundings): Recognition {
  const greeting = latin1(fromServer, 0, Math.min(fromServer.length, 2048));
  if (!'220'.startsWith(greeting.slice(0, 3)) && !'120'.startsWith(greeting.slice(0, 3))) return 'no';
  if (greeting.length > 3 && !/^[12]20[ \-\r]/.test(greeting)) return 'no';
  const command = latin1(fromClient, 0, Math.min(fromClient.length, 256));
  if (otherCommand.test(command) || /\bE?SMTP\b/.test(greeting)) return 'no';
  if (greeting.length < 4) return command.length > 250 ? 'no' : 'more';
  if (ftpCommand.test(command)) return 'yes';
  if (/\n/.test(command)) return 'no';
  if (/\bs?ftpd?\b|ftp/i.test(greeting)) return greeting.includes('\n') ? 'yes' : 'more';
  return around.serverPort === 21 && greeting.includes('\n') ? 'yes' : 'more';
}
