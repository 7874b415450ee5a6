import { join, u8, u16 } from '../octets.ts';
import { Datagrams, openUdp, port, type Role, type Told, text } from '../talk.ts';

const [GET, PUT, CONTENT, CHANGED] = [0x01, 0x03, 0x45, 0x44];
const [CONFIRMABLE, ACKNOWLEDGEMENT] = [0, 2];

interface Message {
  type: number;
  code: number;
  id: number;
  path?: string;
  format?: number;
  payload?: string;
}

/** RFC 7252 §3: version 1, type, a token of one octet; code; message id; options by growing number; payload. */
function message({ type, code, id, path = '', format, payload = '' }: Message): Buffer {
  let number = 0;
  const option = (at: number, value: Buffer) => {
    const delta = at - number;
    number = at;
    return value.length < 13
      ? join(u8((delta << 4) | value.length), value)
      : join(u8((delta << 4) | 13), u8(value.length - 13), value);
  };
  const options = path
    .split('/')
    .filter(Boolean)
    .map((part) => option(11, Buffer.from(part)));
  if (format !== undefined) options.push(option(12, u8(format)));
  const content = payload === '' ? Buffer.alloc(0) : join(u8(0xff), payload);
  return join(u8(0x41 | (type << 4)), u8(code), u16(id), u8(id), ...options, content);
}

/** Lamps of a corridor: resources in the CoRE link format (RFC 6690), each on or off. */
const lights: Role = async (told) => {
  await openUdp(port(told), (heard, from, socket) => {
    if (heard.length < 5 || heard[0]! >> 6 !== 1) return;
    const answer = { type: ACKNOWLEDGEMENT!, id: heard.readUInt16BE(2) };
    const wanted = heard.includes('core') ? links(told) : '{"on":true,"dim":80}';
    const format = heard.includes('core') ? 40 : 50;
    const reply =
      heard[1] === PUT
        ? message({ ...answer, code: CHANGED! })
        : message({ ...answer, code: CONTENT!, format, payload: wanted });
    socket.send(reply, from.port, from.address);
  });
};

function links(told: Told): string {
  const lamps = [1, 2].map((n) => `</light/${n}>;rt="oic.r.switch.binary";if="oic.if.a";title="Lamp ${n}"`);
  return `${lamps.join(',')},</dev>;rt="core.rd";title="${text(told, 'vendor')} ${text(told, 'model')}"`;
}

const panel: Role = async (told) => {
  const socket = await Datagrams.open();
  const ask = (part: Omit<Message, 'type'>) =>
    socket.ask(message({ type: CONFIRMABLE!, ...part }), port(told), text(told, 'host'));
  await ask({ code: GET!, id: 21, path: '.well-known/core' });
  for (const n of [1, 2]) {
    await ask({ code: GET!, id: 30 + n, path: `light/${n}` });
    await ask({ code: PUT!, id: 40 + n, path: `light/${n}`, format: 50, payload: '{"on":true,"dim":40}' });
  }
  socket.close();
};

export const roles = { lights, panel };
