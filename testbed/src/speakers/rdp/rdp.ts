import { connect as secure } from 'node:tls';
import { hex, join, u8, u16 } from '../octets.ts';
import { dial, type Measure, pause, port, type Role, text } from '../talk.ts';

/** TPKT (RFC 1006 §6): version 3, reserved, length of the whole. */
const byTpkt: Measure = (held) => {
  const whole = held.length < 4 ? null : held.readUInt16BE(2);
  return whole !== null && held.length >= whole ? whole : null;
};

/** X.224 connection request with the cookie and the protocols asked for ([MS-RDPBCGR] §2.2.1.1): TLS and CredSSP. */
export function connectionRequest(user: string): Buffer {
  const cookie = `Cookie: mstshash=${user}\r\n`;
  const negotiation = hex('01 00 0800 03000000');
  const rest = join(u8(0xe0), u16(0), u16(0), u8(0), cookie, negotiation);
  return join(u8(3), u8(0), u16(5 + rest.length), u8(rest.length), rest);
}

/** Asks xrdp for a session, and goes as far as its certificate. */
const client: Role = async (told) => {
  const line = await dial(text(told, 'host'), port(told));
  await line.ask(byTpkt, connectionRequest(text(told, 'user')));
  line.socket.removeAllListeners('data');
  const shielded = secure({ socket: line.socket, rejectUnauthorized: false });
  shielded.on('error', () => undefined);
  await pause(700);
  shielded.end();
  line.socket.destroy();
};

export const roles = { client };
