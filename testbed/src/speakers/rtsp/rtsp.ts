import { join, u8, u16, u32 } from '../octets.ts';
import { byContentLength, dial, type Line, listen, type Measure, port, type Role, text } from '../talk.ts';

/** What stands between `$` and the next request is interleaved media (RFC 2326 §10.12). */
const byMedia: Measure = (held) => {
  if (held[0] !== 0x24) return byContentLength(held);
  const whole = held.length < 4 ? null : 4 + held.readUInt16BE(2);
  return whole !== null && held.length >= whole ? whole : null;
};

const camera: Role = (told) => listen(port(told), (line) => serve(line, text(told, 'web')));

async function serve(line: Line, server: string): Promise<void> {
  for (;;) {
    const heard = (await line.receive(byContentLength))?.toString('latin1');
    if (heard === undefined) return;
    const [method = ''] = heard.split(' ', 1);
    const sequence = /^CSeq: *(\d+)/im.exec(heard)?.[1] ?? '0';
    line.send(reply(method, sequence, server));
    if (method === 'PLAY') for (let n = 0; n < 12; n++) line.send(media(n));
  }
}

const DESCRIPTION = [
  'v=0',
  'o=- 1 1 IN IP4 0.0.0.0',
  's=Live',
  't=0 0',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=control:track1',
  '',
].join('\r\n');

function reply(method: string, sequence: string, server: string): string {
  const lines = ['RTSP/1.0 200 OK', `CSeq: ${sequence}`, `Server: ${server}`];
  if (method === 'OPTIONS') lines.push('Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN');
  if (method === 'SETUP') lines.push('Transport: RTP/AVP/TCP;unicast;interleaved=0-1');
  if (['SETUP', 'PLAY', 'TEARDOWN'].includes(method)) lines.push('Session: 4711');
  const body = method === 'DESCRIBE' ? DESCRIPTION : '';
  if (body !== '') lines.push('Content-Type: application/sdp', `Content-Length: ${body.length}`);
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

function media(n: number): Buffer {
  const packet = join(u8(0x80), u8(96), u16(n), u32(3000 * n), u32(0x0cab), Buffer.alloc(200, 0x41));
  return join(u8(0x24), u8(0), u16(packet.length), packet);
}

/** The recorder's login stands in clear in each request (RFC 7617). */
const recorder: Role = async (told) => {
  const line = await dial(text(told, 'host'), port(told));
  const url = `rtsp://${text(told, 'host')}:${port(told)}/live`;
  const login = Buffer.from(`${text(told, 'user')}:${text(told, 'password')}`).toString('base64');
  const say = (method: string, n: number, more = '') =>
    `${method} ${url} RTSP/1.0\r\nCSeq: ${n}\r\nAuthorization: Basic ${login}\r\nUser-Agent: ${text(told, 'agent')}\r\n${more}\r\n`;
  await line.ask(byMedia, say('OPTIONS', 1));
  await line.ask(byMedia, say('DESCRIBE', 2, 'Accept: application/sdp\r\n'));
  await line.ask(byMedia, say('SETUP', 3, 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n'));
  await line.ask(byMedia, say('PLAY', 4, 'Session: 4711\r\n'));
  for (let n = 0; n < 12; n++) await line.receive(byMedia);
  await line.ask(byMedia, say('TEARDOWN', 5, 'Session: 4711\r\n'));
  line.close();
};

export const roles = { camera, recorder };
