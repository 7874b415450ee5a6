import { Cursor } from '../../bytes/cursor.ts';
import type { Recognition, StreamDissector } from '../../dissector.ts';
import { startsWith } from '../../text/wire-text.ts';
import { TlsHandover } from '../tls/handover.ts';
import { MAX_MESSAGE } from './limits.ts';
import { PostgresqlSession, SSL_REQUEST } from './session.ts';

/** PostgreSQL's protocol 3: server version, program, and how the login is asked for. */
export const postgresql: StreamDissector = {
  name: 'postgresql',
  cost: 9,
  firstBytes: { client: [0] },
  recognise: recogniseStart,
  open: (report) => new TlsHandover(report, (upgrade) => new PostgresqlSession(report, upgrade)),
};

/** A length and 3.0 with the user as its first parameter, or the wish for TLS. */
function recogniseStart(fromClient: Uint8Array): Recognition {
  if (fromClient.length < 8) return fromClient.length > 0 && fromClient[0] !== 0 ? 'no' : 'more';
  const cursor = new Cursor(fromClient);
  const [length, version] = [cursor.u32(), cursor.u32()];
  if (length === 8) return version === SSL_REQUEST ? 'yes' : 'no';
  if (length < 9 || length > MAX_MESSAGE || version >> 16 !== 3) return 'no';
  const parameter = fromClient.subarray(8);
  const known = ['user', 'database', 'application_name', 'client_encoding'];
  if (known.some((name) => startsWith(parameter, `${name}\0`))) return 'yes';
  return known.some((name) => startsWith(parameter, name, 0, true)) && parameter.length < 17 ? 'more' : 'no';
}
