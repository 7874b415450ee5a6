import { join, u8, u16 } from '../octets.ts';
import { dial, type Line, listen, type Measure, port, type Role, type Told, text } from '../talk.ts';

/** MBAP (Modbus Messaging on TCP/IP 1.0b §3.1.3): transaction, protocol 0, length, unit. */
const byLength: Measure = (held) => {
  const whole = held.length < 6 ? null : 6 + held.readUInt16BE(4);
  return whole !== null && held.length >= whole ? whole : null;
};

function adu(transaction: number, pdu: Buffer): Buffer {
  return join(u16(transaction), u16(0), u16(pdu.length + 1), u8(1), pdu);
}

/** The gateway reads what the panel is, its pressures and its alarms, and acknowledges one. */
const gateway: Role = async (told) => {
  const line = await dial(text(told, 'host'), port(told));
  const requests = [
    join(u8(0x2b), u8(0x0e), u8(1), u8(0)),
    join(u8(3), u16(0), u16(8)),
    join(u8(4), u16(100), u16(4)),
    join(u8(1), u16(0), u16(16)),
    join(u8(6), u16(40), u16(1)),
    join(u8(3), u16(0), u16(8)),
  ];
  for (const [n, request] of requests.entries()) await line.ask(byLength, adu(n + 1, request));
  line.close();
};

const panel: Role = (told) => listen(port(told), (line) => serve(line, told));

async function serve(line: Line, told: Told): Promise<void> {
  for (;;) {
    const request = await line.receive(byLength);
    if (request === null) return;
    line.send(adu(request.readUInt16BE(0), response(request.subarray(7), told)));
  }
}

/** Modbus Application Protocol 1.1b3 §6. */
function response(pdu: Buffer, told: Told): Buffer {
  const [code = 0] = pdu;
  if (code === 3 || code === 4) return registers(code, pdu.readUInt16BE(3));
  if (code === 1) return join(u8(1), u8(2), u16(0x0100));
  if (code === 6) return pdu;
  if (code === 0x2b) return identification(told);
  return join(u8(code | 0x80), u8(1));
}

/** Pressures in hundredths of a bar. */
function registers(code: number, count: number): Buffer {
  const values = Array.from({ length: count }, (_, n) => u16(480 + 7 * n));
  return join(u8(code), u8(2 * count), ...values);
}

/** §6.21, basic: vendor name, product code, revision. */
function identification(told: Told): Buffer {
  const objects = ['vendor', 'model', 'software'].map((name, id) => {
    const value = text(told, name);
    return join(u8(id), u8(Buffer.byteLength(value)), value);
  });
  return join(u8(0x2b), u8(0x0e), u8(1), u8(1), u8(0), u8(0), u8(objects.length), ...objects);
}

export const roles = { gateway, panel };
