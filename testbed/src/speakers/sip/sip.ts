import { createSocket } from 'node:dgram';
import { ownAddress } from '../discovery.ts';
import { join, u8, u16, u32 } from '../octets.ts';
import { Datagrams, openUdp, pause, port, type Role, type Told, text } from '../talk.ts';

const MEDIA_PORT = 40_000;

interface Call {
  method: string;
  to: string;
  sequence: number;
  id: string;
  body?: string;
  type?: string;
}

/** A request of RFC 3261 §7.1 from a terminal to its server. */
function request(told: Told, { method, to, sequence, id, body = '', type }: Call): string {
  const own = ownAddress(told);
  const user = text(told, 'user');
  const host = text(told, 'host');
  const head = [
    `${method} sip:${to}@${host} SIP/2.0`,
    `Via: SIP/2.0/UDP ${own}:${port(told)};branch=z9hG4bK${id}${sequence};rport`,
    'Max-Forwards: 70',
    `From: "${text(told, 'display')}" <sip:${user}@${host}>;tag=t${id}`,
    `To: <sip:${to}@${host}>`,
    `Call-ID: ${id}@${own}`,
    `CSeq: ${sequence} ${method}`,
    `Contact: <sip:${user}@${own}:${port(told)}>`,
    `User-Agent: ${text(told, 'agent')}`,
    ...(method === 'REGISTER' ? ['Expires: 3600'] : []),
    ...(type === undefined ? [] : [`Content-Type: ${type}`]),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** RFC 8866: one audio stream, PCMU. */
function description(address: string, media: number): string {
  const lines = ['v=0', `o=- 1 1 IN IP4 ${address}`, 's=call', `c=IN IP4 ${address}`, 't=0 0'];
  return `${[...lines, `m=audio ${media} RTP/AVP 0`, 'a=rtpmap:0 PCMU/8000', 'a=ptime:20'].join('\r\n')}\r\n`;
}

/** A terminal registers, says in words that somebody calls, talks, and rings off. */
const terminal: Role = async (told) => {
  const socket = await Datagrams.open(port(told));
  const [host, user] = [text(told, 'host'), text(told, 'user')];
  const ask = async (call: Call) => {
    let answer = await socket.ask(request(told, call), 5060, host);
    while (answer.toString('latin1').startsWith('SIP/2.0 1'))
      answer = (await socket.next())?.message ?? Buffer.from('x');
    return answer.toString('latin1');
  };
  await ask({ method: 'REGISTER', to: user, sequence: 1, id: `reg${user}` });
  const words = text(told, 'message');
  if (words !== '')
    await ask({
      method: 'MESSAGE',
      to: 'desk',
      sequence: 1,
      id: `msg${user}`,
      body: words,
      type: 'text/plain',
    });
  const body = description(ownAddress(told), MEDIA_PORT);
  await ask({ method: 'INVITE', to: 'desk', sequence: 1, id: `inv${user}`, body, type: 'application/sdp' });
  socket.send(request(told, { method: 'ACK', to: 'desk', sequence: 1, id: `inv${user}` }), 5060, host);
  await speak(host, 0x1000 + user.length);
  await ask({ method: 'BYE', to: 'desk', sequence: 2, id: `inv${user}` });
  socket.close();
};

/** RTP (RFC 3550 §5.1), PCMU, 20 ms a packet: a second of silence. */
async function speak(host: string, source: number): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(MEDIA_PORT, resolve));
  for (let n = 0; n < 30; n++) {
    const head = join(u8(0x80), u8(n === 0 ? 0x80 : 0), u16(100 + n), u32(160 * n), u32(source));
    socket.send(join(head, Buffer.alloc(160, 0xff)), MEDIA_PORT, host);
    await pause(20);
  }
  socket.close();
}

/** The server of the ward's calls: registers, takes every call itself, and talks back while it is talked to. */
const server: Role = async (told) => {
  await openUdp(5060, (message, from, socket) => {
    const heard = message.toString('latin1');
    for (const answer of answersTo(told, heard)) socket.send(answer, from.port, from.address);
  });
  await openUdp(MEDIA_PORT, (message, from, socket) => {
    const back = Buffer.from(message);
    back.writeUInt32BE(0x2000, 8);
    socket.send(back, from.port, from.address);
  });
};

function answersTo(told: Told, heard: string): string[] {
  const method = heard.split(' ', 1)[0];
  if (method === 'ACK') return [];
  if (method !== 'INVITE') return [response(told, heard, '200 OK', '')];
  const body = description(ownAddress(told), MEDIA_PORT);
  return [response(told, heard, '180 Ringing', ''), response(told, heard, '200 OK', body)];
}

/** RFC 3261 §8.2.6: the fields that a response repeats. */
function response(told: Told, heard: string, status: string, body: string): string {
  const repeated = ['Via', 'From', 'Call-ID', 'CSeq', 'Contact'].flatMap((name) => fieldOf(heard, name));
  const to = fieldOf(heard, 'To').map((line) => `${line};tag=srv`);
  const media = body === '' ? [] : ['Content-Type: application/sdp'];
  const own = [`Server: ${text(told, 'agent')}`, ...media, `Content-Length: ${Buffer.byteLength(body)}`];
  return `${[`SIP/2.0 ${status}`, ...repeated, ...to, ...own].join('\r\n')}\r\n\r\n${body}`;
}

function fieldOf(heard: string, name: string): string[] {
  const line = heard.split('\r\n').find((candidate) => candidate.startsWith(`${name}: `));
  return line === undefined ? [] : [line];
}

export const roles = { terminal, server };
