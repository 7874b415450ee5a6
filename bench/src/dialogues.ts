/** What clients and servers of a hospital say to each other, as bytes; each dialogue is one connection's turns. */
import type { Chance } from './chance.ts';

export interface Turn {
  fromClient: boolean;
  bytes: Uint8Array;
}

export interface Dialogue {
  transport: 'tcp' | 'udp';
  port: number;
  turns: Turn[];
}

const text = (value: string) => Buffer.from(value, 'latin1');
const says = (fromClient: boolean, bytes: Uint8Array): Turn => ({ fromClient, bytes });

function noise(chance: Chance, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at + 4 <= length; at += 4) bytes.writeUInt32LE(chance.below(0xffffffff), at);
  return bytes;
}

export function dns(chance: Chance): Dialogue {
  const id = chance.below(65_536);
  const number = chance.below(5000);
  const name = `host${number}`;
  const question = Buffer.concat([
    Buffer.from([name.length]),
    text(name),
    Buffer.from([8]),
    text('hospital'),
    Buffer.from([4]),
    text('test'),
    Buffer.from([0, 0, 1, 0, 1]),
  ]);
  const head = (flags: number, answers: number) => {
    const bytes = Buffer.alloc(12);
    for (const [i, value] of [id, flags, 1, answers].entries()) bytes.writeUInt16BE(value, i * 2);
    return bytes;
  };
  const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 9, number >> 8, number & 255]);
  return {
    transport: 'udp',
    port: 53,
    turns: [
      says(true, Buffer.concat([head(0x0100, 0), question])),
      says(false, Buffer.concat([head(0x8180, 1), question, answer])),
    ],
  };
}

export function ntp(chance: Chance): Dialogue {
  const ask = Buffer.concat([Buffer.from([0x23, 0, 6, 0xec]), Buffer.alloc(36), noise(chance, 8)]);
  const reply = Buffer.concat([Buffer.from([0x24, 2, 6, 0xec]), noise(chance, 44)]);
  return { transport: 'udp', port: 123, turns: [says(true, ask), says(false, reply)] };
}

export function http(chance: Chance): Dialogue {
  const request = `GET /api/status/${chance.below(1000)} HTTP/1.1\r\nHost: gateway.hospital.test\r\nUser-Agent: pump/2.1\r\n\r\n`;
  const body = noise(chance, 400 + chance.below(12_000));
  const head = `HTTP/1.1 200 OK\r\nServer: nginx/1.24\r\nContent-Type: application/octet-stream\r\nContent-Length: ${body.length}\r\n\r\n`;
  return {
    transport: 'tcp',
    port: 80,
    turns: [says(true, text(request)), says(false, Buffer.concat([text(head), body]))],
  };
}

export function hl7(chance: Chance): Dialogue {
  const message = (control: number) =>
    text(
      `\x0bMSH|^~\\&|MONITOR|ICU|EHR|HOSP|20261123101500||ORU^R01|${control}|P|2.6\rPID|||${chance.below(99_999)}^^^H||DOE^JANE\r` +
        `OBX|1|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC||${90 + chance.below(10)}|%|||||R\r\x1c\r`,
    );
  const acknowledgement = (control: number) =>
    text(
      `\x0bMSH|^~\\&|EHR|HOSP|MONITOR|ICU|20261123101500||ACK|A${control}|P|2.6\rMSA|AA|${control}\r\x1c\r`,
    );
  const turns: Turn[] = [];
  for (let control = 1; control <= 1 + chance.below(30); control++) {
    turns.push(says(true, message(control)), says(false, acknowledgement(control)));
  }
  return { transport: 'tcp', port: 2575, turns };
}

/** A TLS 1.2 connection as far as an onlooker can tell: hellos in clear, the rest noise in records. */
export function tls(chance: Chance): Dialogue {
  const record = (type: number, body: Buffer) => {
    const head = Buffer.from([type, 3, 3, 0, 0]);
    head.writeUInt16BE(body.length, 3);
    return Buffer.concat([head, body]);
  };
  const handshake = (type: number, body: Buffer) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE((type << 24) | body.length);
    return record(22, Buffer.concat([head, body]));
  };
  const random = noise(chance, 32);
  const clientHello = Buffer.concat([
    Buffer.from([3, 3]),
    random,
    Buffer.from([0, 0, 6, 0xc0, 0x2f, 0xc0, 0x30, 0, 0x2f, 1, 0]),
    Buffer.from([0, 10, 0, 10, 0, 6, 0, 4, 0, 29, 0, 23]),
  ]);
  const serverHello = Buffer.concat([
    Buffer.from([3, 3]),
    noise(chance, 32),
    Buffer.from([0, 0xc0, 0x2f, 0]),
  ]);
  const turns = [says(true, handshake(1, clientHello)), says(false, handshake(2, serverHello))];
  for (let i = 0; i < 1 + chance.below(6); i++) {
    turns.push(says(true, record(23, noise(chance, 200 + chance.below(400)))));
    turns.push(says(false, record(23, noise(chance, 500 + chance.below(9000)))));
  }
  return { transport: 'tcp', port: 443, turns };
}

/** Unknown streaming over UDP, as from a waveform server. */
export function waveform(chance: Chance): Dialogue {
  const turns = Array.from({ length: 20 + chance.below(100) }, () =>
    says(true, noise(chance, 160 + chance.below(600))),
  );
  return { transport: 'udp', port: 24_105, turns };
}

/** Somebody knocks and nobody answers. */
export function scan(chance: Chance): Dialogue {
  return { transport: 'tcp', port: 1 + chance.below(1024), turns: [] };
}

/** A C-STORE of an image: association, one data set in 16 KiB fragments, a response (PS3.8 §9.3). */
export function dicom(chance: Chance): Dialogue {
  const turns = [says(true, associate(1)), says(false, associate(2))];
  turns.push(says(true, pdu(4, pdv(3, storeCommand()))));
  const fragments = 8 + chance.below(120);
  const pixels = noise(chance, 16_000);
  for (let i = 0; i < fragments; i++) {
    turns.push(says(true, pdu(4, pdv(i === fragments - 1 ? 2 : 0, i === 0 ? dataSet(chance) : pixels))));
  }
  turns.push(says(true, pdu(5, Buffer.alloc(4))), says(false, pdu(6, Buffer.alloc(4))));
  return { transport: 'tcp', port: 104, turns };
}

function pdu(type: number, body: Buffer): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt8(type);
  head.writeUInt32BE(body.length, 2);
  return Buffer.concat([head, body]);
}

function pdv(control: number, body: Buffer): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt32BE(body.length + 2);
  head.writeUInt8(1, 4);
  head.writeUInt8(control, 5);
  return Buffer.concat([head, body]);
}

function item(type: number, body: Buffer): Buffer {
  const head = Buffer.from([type, 0, 0, 0]);
  head.writeUInt16BE(body.length, 2);
  return Buffer.concat([head, body]);
}

function associate(type: number): Buffer {
  const title = (value: string) => text(value.padEnd(16));
  const fixed = Buffer.concat([Buffer.from([0, 1, 0, 0]), title('PACS'), title('CT1'), Buffer.alloc(32)]);
  const syntax = item(0x40, text('1.2.840.10008.1.2.1'));
  const abstract = item(0x30, text('1.2.840.10008.5.1.4.1.1.2'));
  const inner = type === 1 ? [abstract, syntax] : [syntax];
  const context = item(type === 1 ? 0x20 : 0x21, Buffer.concat([Buffer.from([1, 0, 0, 0]), ...inner]));
  const user = item(
    0x50,
    Buffer.concat([item(0x51, Buffer.from([0, 0, 0x40, 0])), item(0x52, text('1.2.3.4'))]),
  );
  return pdu(type, Buffer.concat([fixed, item(0x10, text('1.2.840.10008.3.1.1.1')), context, user]));
}

function element(group: number, number: number, value: Buffer): Buffer {
  const even = value.length % 2 === 0 ? value : Buffer.concat([value, Buffer.from([0])]);
  const head = Buffer.alloc(8);
  head.writeUInt16LE(group);
  head.writeUInt16LE(number, 2);
  head.writeUInt32LE(even.length, 4);
  return Buffer.concat([head, even]);
}

function storeCommand(): Buffer {
  const body = Buffer.concat([
    element(0, 2, text('1.2.840.10008.5.1.4.1.1.2')),
    element(0, 0x100, Buffer.from([1, 0])),
    element(0, 0x110, Buffer.from([1, 0])),
    element(0, 0x800, Buffer.from([0, 0])),
    element(0, 0x1000, text('1.2.3.4.5.6')),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([element(0, 0, length), body]);
}

function explicit(group: number, number: number, vr: string, value: string): Buffer {
  const even = text(value.length % 2 === 0 ? value : `${value} `);
  const head = Buffer.alloc(8);
  head.writeUInt16LE(group);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, 'latin1');
  head.writeUInt16LE(even.length, 6);
  return Buffer.concat([head, even]);
}

function dataSet(chance: Chance): Buffer {
  return Buffer.concat([
    explicit(8, 0x16, 'UI', '1.2.840.10008.5.1.4.1.1.2'),
    explicit(8, 0x60, 'CS', 'CT'),
    explicit(8, 0x70, 'LO', 'Test Imaging'),
    explicit(8, 0x1090, 'LO', 'Scanner 64'),
    explicit(0x10, 0x10, 'PN', 'DOE^JANE'),
    explicit(0x18, 0x1000, 'LO', `SN${chance.below(90)}`),
    explicit(0x18, 0x1020, 'LO', '4.2'),
  ]);
}
