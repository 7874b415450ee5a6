import type { Recognition, StreamDissector } from '../../dissector.ts';
import { beginsWithHello, contentTypes, messageTypes } from './record.ts';
import { TlsSession } from './session.ts';
import { tlsSpeaker } from './speaker.ts';
import { readSsl2Hello } from './sslv2.ts';

/** A handshake record, or SSL 2.0's length with its first bit set. */
const beginnings = [contentTypes.handshake, ...Array.from({ length: 128 }, (_, low) => 0x80 | low)];

export { dtls } from './dtls.ts';

/**
 * TLS 1.0 to 1.3 (RFC 2246, 4346, 5246, 8446) and SSL 3.0 and 2.0 on any port: what client and server offered and
 * agreed on, and the certificates where they travel in clear.
 */
export const tls: StreamDissector = {
  name: 'tls',
  cost: 1,
  firstBytes: { client: beginnings, server: beginnings },
  recognise(fromClient, fromServer) {
    const asked = recogniseSide(fromClient);
    return asked === 'more' ? recogniseSide(fromServer) : asked;
  },
  open: (report) => new TlsSession(report),
  speaker: tlsSpeaker,
};

/** Either hello, since a capture may lack a direction or begin in the middle. */
function recogniseSide(bytes: Uint8Array): Recognition {
  if (bytes.length >= 11 && readSsl2Hello(bytes) !== null) return 'yes';
  if (bytes.length < 13 && (bytes[0] ?? 0) >= 0x80)
    return (bytes[2] ?? 1) === 1 || bytes[2] === 4 ? 'more' : 'no';
  const client = beginsWithHello(bytes, messageTypes.clientHello);
  return client === 'no' ? beginsWithHello(bytes, messageTypes.serverHello) : client;
}
