import { join, u8, u16, u32 } from '../octets.ts';
import { Datagrams, openUdp, pause, port, type Role, type Told, text } from '../talk.ts';

/** Object types and properties of ASHRAE 135-2020 clause 21. */
const [ANALOG_INPUT, ANALOG_VALUE, DEVICE] = [0, 2, 8];
const PROPERTY = {
  applicationSoftware: 12,
  description: 28,
  firmware: 44,
  location: 58,
  model: 70,
  name: 77,
  presentValue: 85,
  vendorIdentifier: 120,
  vendorName: 121,
  serial: 372,
};

const objectId = (type: number, instance: number) => u32(((type << 22) | instance) >>> 0);

/** Annex J: type 0x81, function (10 unicast, 11 broadcast), length; then the network layer (clause 6): version 1, control. */
function datagram(broadcast: boolean, expectsReply: boolean, apdu: Buffer): Buffer {
  const network = join(u8(1), u8(expectsReply ? 4 : 0));
  return join(u8(0x81), u8(broadcast ? 0x0b : 0x0a), u16(4 + network.length + apdu.length), network, apdu);
}

/** Clause 20.2.1: tag number, class and length; longer contents have their length in a further octet. */
function tagged(number: number, context: boolean, content: Buffer): Buffer {
  const head = (number << 4) | (context ? 8 : 0);
  return content.length < 5
    ? join(u8(head | content.length), content)
    : join(u8(head | 5), u8(content.length), content);
}

function property(id: number): Buffer {
  return id < 256 ? u8(id) : u16(id);
}

const whoIs = datagram(true, false, join(u8(0x10), u8(8)));

function iAm(told: Told): Buffer {
  const parts = [
    tagged(12, false, objectId(DEVICE, Number(told.instance))),
    tagged(2, false, u16(1476)),
    tagged(9, false, u8(3)),
    tagged(2, false, u16(Number(told.vendorId))),
  ];
  return datagram(true, false, join(u8(0x10), u8(0), ...parts));
}

function readProperty(invoke: number, object: Buffer, id: number): Buffer {
  const request = join(tagged(0, true, object), tagged(1, true, property(id)));
  return datagram(false, true, join(u8(0x00), u8(0x05), u8(invoke), u8(12), request));
}

/** Clause 15.9: object, property, value between an opening and a closing tag, priority. */
function writeValue(invoke: number, object: Buffer, value: number): Buffer {
  const content = join(u8(0x3e), real(value), u8(0x3f), tagged(4, true, u8(8)));
  const request = join(tagged(0, true, object), tagged(1, true, property(PROPERTY.presentValue)), content);
  return datagram(false, true, join(u8(0x00), u8(0x05), u8(invoke), u8(15), request));
}

function real(value: number): Buffer {
  const content = Buffer.alloc(4);
  content.writeFloatBE(value);
  return tagged(4, false, content);
}

/** Clause 20.2.9: the character set's octet (0: UTF-8), then the text. */
const characters = (value: string) => tagged(7, false, join(u8(0), value));

function propertyValue(told: Told, id: number): Buffer {
  if (id === PROPERTY.presentValue) return real(21.5);
  if (id === PROPERTY.vendorIdentifier) return tagged(2, false, u16(Number(told.vendorId)));
  const names: Record<number, string> = {
    [PROPERTY.applicationSoftware]: 'software',
    [PROPERTY.description]: 'description',
    [PROPERTY.firmware]: 'software',
    [PROPERTY.location]: 'location',
    [PROPERTY.model]: 'model',
    [PROPERTY.name]: 'name',
    [PROPERTY.vendorName]: 'vendor',
    [PROPERTY.serial]: 'serial',
  };
  return characters(text(told, names[id] ?? 'name'));
}

const controller: Role = async (told) => {
  const socket = await openUdp(port(told), (message, from) => {
    const answer = answerTo(told, message);
    if (answer === null) return;
    const host = message[1] === 0x0b ? text(told, 'broadcast') : from.address;
    socket.send(answer, message[1] === 0x0b ? port(told) : from.port, host);
  });
};

/** The requests that this one controller knows: who is there, read, write. */
function answerTo(told: Told, message: Buffer): Buffer | null {
  const apdu = message.subarray(6);
  if (apdu[0] === 0x10 && apdu[1] === 8) return iAm(told);
  const [type, , invoke = 0, service] = apdu;
  if (type !== 0 || message[0] !== 0x81) return null;
  if (service === 15) return datagram(false, false, join(u8(0x20), u8(invoke), u8(15)));
  const object = apdu.subarray(5, 9);
  const id = apdu[9] === 0x1a ? apdu.readUInt16BE(10) : (apdu[10] ?? 0);
  const reference = join(tagged(0, true, object), tagged(1, true, property(id)));
  const value = join(u8(0x3e), propertyValue(told, id), u8(0x3f));
  return datagram(false, false, join(u8(0x30), u8(invoke), u8(12), reference, value));
}

/** The operator's workstation: who is there; what each controller says of itself; a value; a set point. */
const workstation: Role = async (told) => {
  const socket = await Datagrams.open(port(told));
  socket.send(whoIs, port(told), text(told, 'broadcast'));
  await pause(500);
  while ((await socket.next(200)) !== null);
  let invoke = 0;
  for (const [n, host] of (told.hosts as string[]).entries()) {
    const device = objectId(DEVICE, Number((told.instances as string[])[n]));
    for (const id of Object.values(PROPERTY)) {
      const object = id === PROPERTY.presentValue ? objectId(ANALOG_INPUT!, 1) : device;
      await socket.ask(readProperty(++invoke, object, id), port(told), host);
    }
    await socket.ask(writeValue(++invoke, objectId(ANALOG_VALUE!, 3), 20), port(told), host);
  }
  socket.close();
};

export const roles = { controller, workstation };
