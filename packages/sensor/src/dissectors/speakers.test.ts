import { describe, expect, test } from 'vitest';
import { Sensor } from '../engine.ts';
import { Redactor } from '../redactor.ts';
import { bytes, type Ends, tcpFrame, u16, u32 } from '../testing/frames.ts';
import { onlyDelta } from '../testing/only-delta.ts';
import { clientHello, record } from '../testing/tls-hello.ts';
import { dicomSpeaker } from './dicom/speaker.ts';
import { hl7Speaker } from './hl7/speaker.ts';
import { smbSpeaker } from './smb/speaker.ts';
import { telnetSpeaker } from './telnet/speaker.ts';

const ACK = 16;
const SYN = 2;
/** The server's port looks more like a client's than the client's own. */
const toServer: Ends = { source: '10.0.0.1', target: '10.0.0.2', sourcePort: 20_000, targetPort: 55_000 };
const toClient: Ends = { source: '10.0.0.2', target: '10.0.0.1', sourcePort: 55_000, targetPort: 20_000 };

function sense(...frames: Uint8Array[]) {
  const sensor = new Sensor({ capture: 'x', redactor: new Redactor(new Uint8Array(16), []) });
  for (const [i, frame] of frames.entries()) sensor.frame(1, frame, 0, frame.length, frame.length, i, i + 1);
  return onlyDelta(sensor);
}

const title = (name: string) => name.padEnd(16);
const association = (type: number) =>
  bytes(
    bytes(type, 0, u32(88), 0, 1, 0, 0, title('ARCHIVE'), title('CT1'), new Uint8Array(32)),
    bytes(0x10, 0, 0, 16, '1.2.840.10008.3.'),
  );
const hl7 = (type: string) => bytes(11, `MSH|^~\\&|A|B|C|D|20260101||${type}|1|P|2.5\r`, 28, 13);

describe('where the handshake was missed and the ports mislead, the server shows by its words', () => {
  test.each([
    ['http, its status line', 'HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 0\r\n\r\n', toClient],
    ['http, the request line', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', toServer],
    ['dicom, its acceptance', association(2), toClient],
    ['dicom, the request', association(1), toServer],
    ['hl7, its acknowledgement', hl7('ACK^R01'), toClient],
    ['hl7, a message to it', hl7('ORU^R01'), toServer],
    ['telnet, what it asks for', bytes(255, 253, 24, 255, 253, 31), toClient],
    ['telnet, what is agreed to', bytes(255, 251, 24, 255, 251, 31), toServer],
    ['tls, the ClientHello', record(22, clientHello({})), toServer],
  ])('%s', (name, payload, ends) => {
    const { conversations } = sense(tcpFrame(ends, { flags: ACK, sequence: 1, payload }));
    expect(conversations).toMatchObject([
      { server: { ip: '10.0.0.2' }, serverPort: 55_000, application: name.split(',')[0], basis: 'protocol' },
    ]);
  });

  test('but a handshake outweighs it', () => {
    const payload = 'HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 0\r\n\r\n';
    const { conversations } = sense(
      tcpFrame(toClient, { flags: SYN, sequence: 0 }),
      tcpFrame(toClient, { flags: ACK, sequence: 1, payload }),
    );
    expect(conversations).toMatchObject([{ server: { ip: '10.0.0.1' }, basis: 'syn' }]);
  });
});

test('reads the request that TCP Fast Open sends with the SYN', () => {
  const payload = 'GET / HTTP/1.1\r\nUser-Agent: infuser\r\n\r\n';
  const { sightings } = sense(tcpFrame(toServer, { flags: SYN, sequence: 9, payload }));
  expect(sightings.map(({ kind }) => kind)).toContain('http.client');
});

test('commands and responses of DICOM and SMB tell who sent them, and notifications do not', () => {
  const command = (field: number) =>
    bytes(
      4,
      0,
      u32(28),
      u32(24),
      1,
      3,
      0,
      0,
      0,
      0,
      4,
      0,
      0,
      0,
      56,
      0,
      0,
      0,
      0,
      0,
      0,
      1,
      2,
      0,
      0,
      0,
      field & 255,
      field >> 8,
    );
  expect([0x30, 0x8030, 0x100].map((field) => dicomSpeaker(command(field)))).toEqual([
    'client',
    'server',
    null,
  ]);
  const smb2 = (flags: number) =>
    bytes(0, 0, 0, 64, 0xfe, 'SMB', new Uint8Array(12), flags, new Uint8Array(47));
  expect([0, 1].map((flags) => smbSpeaker(smb2(flags)))).toEqual(['client', 'server']);
  const smb1 = (flags: number) => bytes(0, 0, 0, 32, 0xff, 'SMB', new Uint8Array(5), flags, u16(0));
  expect([0, 0x80].map((flags) => smbSpeaker(smb1(flags)))).toEqual(['client', 'server']);
});

test('nothing to go by is said as such', () => {
  for (const speaker of [dicomSpeaker, hl7Speaker, smbSpeaker]) {
    expect(speaker(new Uint8Array(0))).toBeNull();
    expect(speaker(bytes(4, 0))).toBeNull();
  }
  expect(telnetSpeaker(bytes(255, 253, 3))).toBeNull();
});
