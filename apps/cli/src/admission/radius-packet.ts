import { createHash, createHmac } from 'node:crypto';

/** Codes of RFC 5176 §3. */
const DISCONNECT_REQUEST = 40;
const DISCONNECT_ACK = 41;
const MESSAGE_AUTHENTICATOR = 80;

/** Attributes of RFC 2865 that name a session. */
const attributes = { userName: 1, nasAddress: 4, nasPort: 5, callingStation: 31, session: 44 } as const;

/** A session at a switch's port, as the switch itself named it. */
export interface PortSession {
  userName: string | null;
  nasAddress: string;
  nasPort: number | null;
  callingStation: string;
  session: string | null;
}

function attribute(type: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type, value.length + 2]), value]);
}

function textAttribute(type: number, text: string | null): Buffer[] {
  const value = Buffer.from(text ?? '', 'utf8').subarray(0, 253);
  return value.length === 0 ? [] : [attribute(type, value)];
}

function sessionAttributes(session: PortSession): Buffer[] {
  const port = Buffer.alloc(4);
  port.writeUInt32BE(session.nasPort ?? 0);
  return [
    ...textAttribute(attributes.userName, session.userName),
    attribute(attributes.nasAddress, Buffer.from(session.nasAddress.split('.').map(Number))),
    ...(session.nasPort === null ? [] : [attribute(attributes.nasPort, port)]),
    ...textAttribute(attributes.callingStation, session.callingStation),
    ...textAttribute(attributes.session, session.session),
  ];
}

/** A request that ends the session, so that the device is asked anew. Signed twice: RFC 5176 §2.3 and §3.4. */
export function disconnectRequest(id: number, session: PortSession, secret: string): Buffer {
  const empty = attribute(MESSAGE_AUTHENTICATOR, Buffer.alloc(16));
  const body = Buffer.concat([empty, ...sessionAttributes(session)]);
  const header = Buffer.alloc(20);
  header[0] = DISCONNECT_REQUEST;
  header[1] = id;
  header.writeUInt16BE(20 + body.length, 2);
  const packet = Buffer.concat([header, body]);
  createHmac('md5', secret).update(packet).digest().copy(packet, 22);
  createHash('md5').update(packet).update(secret).digest().copy(packet, 4);
  return packet;
}

/** Whether the answer is the switch's, to this request, and says that it was done; null where it is not its answer. */
export function isDone(answer: Buffer, request: Buffer, secret: string): boolean | null {
  if (answer.length < 20 || answer[1] !== request[1] || answer.readUInt16BE(2) !== answer.length) return null;
  const expected = createHash('md5')
    .update(answer.subarray(0, 4))
    .update(request.subarray(4, 20))
    .update(answer.subarray(20))
    .update(secret)
    .digest();
  return expected.equals(answer.subarray(4, 20)) ? answer[0] === DISCONNECT_ACK : null;
}
