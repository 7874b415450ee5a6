import { ownAddress } from '../discovery.ts';
import { hex, join, u16, u32 } from '../octets.ts';
import { Datagrams, openUdp, pause, type Role, type Told, text } from '../talk.ts';
import { associationRequest, associationResponse, releaseRequest, releaseResponse } from './association.ts';

/** Ports, classes and attributes of the IntelliVue Data Export Interface Programming Guide. */
const [INDICATION_PORT, DATA_PORT] = [24005, 24105];
const MDS = 33;
const [METRIC, PATIENT] = [6, 42];
const EVENT = { created: 3334, indication: 3351 };
const POLL = 3094;
const [INVOKE, RESULT] = [1, 2];
const [EVENT_REPORT, CONFIRMED_EVENT, CONFIRMED_ACTION] = [0, 1, 7];

const sized = (content: Buffer) => join(u16(content.length), content);
const attribute = (id: number, value: Buffer) => join(u16(id), sized(value));
const list = (...entries: Buffer[]) => join(u16(entries.length), sized(join(...entries)));
/** VariableLabel: ASCII, ended and padded to an even length. */
function label(value: string): Buffer {
  return sized(Buffer.from(value.padEnd(value.length + 2 - (value.length % 2), '\0'), 'latin1'));
}
/** String: two octets a character, ended. */
function wide(value: string): Buffer {
  return sized(Buffer.from(`${value}\0`, 'utf16le').swap16());
}
const managed = (kind: number, handle = 0) => join(u16(kind), u16(0), u16(handle));

function remote(type: number, invoke: number, command: number, content: Buffer): Buffer {
  return join(u16(type), sized(join(u16(invoke), u16(command), sized(content))));
}

/** Session and presentation context, as each message after the association has them. */
const data = (pdu: Buffer) => join(u16(0xe100), u16(2), pdu);

function connectIndication(told: Told): Buffer {
  const mac = hex(text(told, 'mac').replaceAll(':', ''));
  const ip = Buffer.from(ownAddress(told).split('.').map(Number));
  const attributes = list(
    attribute(0x0986, join(u16(1), u16(MDS))),
    attribute(0xf101, list(join(u16(1), u16(1), u16(DATA_PORT), u16(0)))),
    attribute(0xf100, join(mac, ip, hex('ffffff00'))),
    attribute(0x091e, wide(text(told, 'bed'))),
  );
  const report = join(managed(MDS), u32(0x1000), u16(EVENT.indication), sized(attributes));
  return join(hex('00010000'), remote(INVOKE!, 1, EVENT_REPORT!, report));
}

function created(told: Told): Buffer {
  const specification = (kind: number, value: string) => join(u16(kind), u16(0), label(value));
  const attributes = list(
    attribute(0x0986, join(u16(1), u16(MDS))),
    attribute(0x0928, join(label(text(told, 'vendor')), label(text(told, 'model')))),
    attribute(0x0984, sized(hex(text(told, 'mac').replaceAll(':', '')))),
    attribute(0x092d, list(specification(1, text(told, 'serial')), specification(4, text(told, 'software')))),
    attribute(0x091e, wide(text(told, 'bed'))),
    attribute(0x0948, hex('40000000')),
    attribute(0x0946, u16(0x4000)),
    attribute(0x090d, u16(0)),
  );
  const report = join(managed(MDS), u32(0x2000), u16(EVENT.created), sized(join(managed(MDS), attributes)));
  return data(remote(INVOKE!, 2, CONFIRMED_EVENT!, report));
}

function numbers(): Buffer {
  const observed = (handle: number, code: number, unit: number, value: number, name: number) =>
    join(
      u16(handle),
      list(attribute(0x0924, u32(name)), attribute(0x0950, join(u16(code), u16(0), u16(unit), u32(value)))),
    );
  return list(
    // Heart rate, oxygen saturation, respiration: code, unit, FLOAT-Type, label.
    observed(1, 0x4182, 0x0aa0, 72, 0x00024182),
    observed(2, 0x4bb8, 0x0220, 97, 0x00024bb8),
    observed(3, 0x500a, 0x0ae0, 14, 0x0002500a),
  );
}

function demographics(told: Told): Buffer {
  const [family = '', given = ''] = text(told, 'patient').split('^');
  const attributes = list(
    attribute(0x095c, wide(family)),
    attribute(0x095d, wide(given)),
    attribute(0x095a, wide(text(told, 'patientId'))),
  );
  return list(join(u16(9), attributes));
}

/** The reply to one poll: number, times, what was polled, and its objects. */
function polled(told: Told, request: Buffer): Buffer {
  const invoke = request.readUInt16BE(8);
  const number = request.readUInt16BE(28);
  const kind = request.readUInt16BE(32);
  const objects = kind === PATIENT ? demographics(told) : numbers();
  const time = hex('2026112408150000');
  const head = join(u16(number), u32(0x3000 + number), time, u16(1), u16(kind), u16(0));
  const reply = join(head, list(join(u16(0), objects)));
  return data(remote(RESULT!, invoke, CONFIRMED_ACTION!, join(managed(MDS), u16(POLL), sized(reply))));
}

function poll(invoke: number, kind: number): Buffer {
  const request = join(u16(invoke), u16(1), u16(kind), u16(0));
  const action = join(managed(MDS), u32(0), u16(POLL), sized(request));
  return data(remote(INVOKE!, invoke, CONFIRMED_ACTION!, action));
}

/** A bedside monitor: announces itself, takes an association, says what it is, and is polled. */
const monitor: Role = async (told) => {
  const announcer = await openUdp(INDICATION_PORT!, () => undefined);
  const announce = () => announcer.send(connectIndication(told), INDICATION_PORT!, text(told, 'broadcast'));
  await openUdp(DATA_PORT!, (message, from, socket) => {
    const say = (answer: Buffer) => socket.send(answer, from.port, from.address);
    if (message[0] === 0x0d) {
      say(associationResponse());
      say(created(told));
    } else if (message[0] === 0x09) say(releaseResponse());
    else if (message[0] === 0xe1 && message.readUInt16BE(4) === INVOKE) say(polled(told, message));
  });
  announce();
  setInterval(announce, 10_000);
};

/** A station: associates, answers the created event, polls numbers and the patient, and leaves. */
const station: Role = async (told) => {
  for (const host of told.hosts as string[]) {
    const socket = await Datagrams.open(0);
    await socket.ask(associationRequest(), DATA_PORT!, host);
    await socket.next();
    const confirmation = join(managed(MDS), u32(0x2000), u16(EVENT.created), u16(0));
    socket.send(data(remote(RESULT!, 2, CONFIRMED_EVENT!, confirmation)), DATA_PORT!, host);
    for (const [n, kind] of [METRIC!, PATIENT!, METRIC!, METRIC!].entries()) {
      await socket.ask(poll(n + 3, kind), DATA_PORT!, host);
      await pause(50);
    }
    await socket.ask(releaseRequest(), DATA_PORT!, host);
    socket.close();
  }
};

export const roles = { monitor, station };
