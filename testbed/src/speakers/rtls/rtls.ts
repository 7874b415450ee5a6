import { hex, join, u8, u16 } from '../octets.ts';
import { Datagrams, openUdp, pause, port, type Role, text } from '../talk.ts';

const [BLINK, RECEIPT] = [0x10, 0x11];

/** A plain protocol of our own: kind, number, the gateway's serial number, the tag's address, strength in −dBm, battery in percent. */
function blink(n: number, serial: string, tag: string): Buffer {
  return join(
    'RT',
    u8(1),
    u8(BLINK!),
    u16(n),
    u8(serial.length),
    serial,
    hex(tag.replaceAll(':', '')),
    u8(61 + (n % 7)),
    u8(90),
  );
}

/** A gateway in the ceiling passes on what tags of beds and pumps say. */
const gateway: Role = async (told) => {
  const socket = await Datagrams.open();
  for (let n = 0; n < 12; n++) {
    const tags = told.tags as string[];
    await socket.ask(
      blink(n, text(told, 'serial'), tags[n % tags.length] ?? ''),
      port(told),
      text(told, 'host'),
    );
    await pause(40);
  }
  socket.close();
};

const server: Role = async (told) => {
  await openUdp(port(told), (message, from, socket) => {
    socket.send(join('RT', u8(1), u8(RECEIPT!), message.subarray(4, 6)), from.port, from.address);
  });
};

export const roles = { gateway, server };
