import type { Recognition, StreamDissector } from '../../dissector.ts';
import { TlsHandover } from '../tls/handover.ts';
import { MAX_VERSION } from './limits.ts';
import { MysqlSession, PROTOCOL_10, versionOf } from './session.ts';

/** MySQL and MariaDB: the server greets with its version; the rest of the connection may go on as TLS. */
export const mysql: StreamDissector = {
  name: 'mysql',
  cost: 9,
  recognise: (_, fromServer) => recogniseGreeting(fromServer),
  open: (report) => new TlsHandover(report, (upgrade) => new MysqlSession(report, upgrade)),
  speaker: (bytes) => (recogniseGreeting(bytes) === 'yes' ? 'server' : null),
};

/** Length, packet number 0, protocol 10, version, and enough behind it for a greeting. */
function recogniseGreeting(bytes: Uint8Array): Recognition {
  const length = (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8) | ((bytes[2] ?? 0) << 16);
  if (bytes.length > 2 && (length < 40 || length > 512)) return 'no';
  if (bytes.length > 3 && bytes[3] !== 0) return 'no';
  if (bytes.length > 4 && bytes[4] !== PROTOCOL_10) return 'no';
  if (bytes.length < 40) return 'more';
  const packet = bytes.subarray(4, 4 + length);
  const goesOn = packet.length < length && packet.length <= 1 + MAX_VERSION && !packet.includes(0, 1);
  if (goesOn) return 'more';
  return versionOf(packet) === null ? 'no' : 'yes';
}
