import type { Recognition, StreamDissector } from '../../dissector.ts';
import { latin1 } from '../../text/wire-text.ts';
import { versionOf } from './connect.ts';
import { readFixedHeader } from './fixed-header.ts';
import { MqttSession } from './session.ts';

/** MQTT 3.1, 3.1.1 and 5 in clear: who connects, how, and whether it is let in. Topics and payloads are never read. */
export const mqtt: StreamDissector = {
  name: 'mqtt',
  cost: 10,
  firstBytes: { client: [0x10] },
  recognise: (fromClient) => recogniseConnect(fromClient),
  open: (report) => new MqttSession(report),
};

/** The first packet from client to server must be CONNECT (MQTT 5.0 §3.1), which names the protocol. */
function recogniseConnect(bytes: Uint8Array): Recognition {
  if (bytes.length === 0) return 'more';
  if (bytes[0] !== 0x10) return 'no';
  const header = readFixedHeader(bytes);
  if (header === null) return 'more';
  if (header === 'invalid' || header.remaining < 12) return 'no';
  const nameLength = bytes[header.size + 1];
  if (nameLength === undefined) return 'more';
  if (bytes[header.size] !== 0 || (nameLength !== 4 && nameLength !== 6)) return 'no';
  const nameEnd = header.size + 2 + nameLength;
  const level = bytes[nameEnd];
  if (level === undefined) return 'more';
  return versionOf(latin1(bytes, header.size + 2, nameEnd), level) === null ? 'no' : 'yes';
}
