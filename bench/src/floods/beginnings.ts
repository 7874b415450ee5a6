/** How a stream of each protocol begins that then never comes to an end of what it announced. */
interface Beginning {
  port: number;
  bytes: Uint8Array;
  /** The byte that follows for ever. */
  fill: number;
}

const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');
const text = (content: string) => Buffer.from(content, 'latin1');

export const beginnings: Readonly<Record<string, Beginning>> = {
  dicom: {
    port: 104,
    // A-ASSOCIATE-RQ of 4 GiB (PS3.8 §9.3.2).
    bytes: Buffer.concat([
      hex('01 00 ffffffff 0001 0000'),
      text('CALLED'.padEnd(16) + 'CALLING'.padEnd(16)),
      Buffer.alloc(32),
    ]),
    fill: 0x50,
  },
  hl7: { port: 2575, bytes: text('\x0bMSH|^~\\&|A|B|C|D|2024||ADT^A01|1|P|2.5'), fill: 0x41 },
  'http-line': { port: 80, bytes: text('GET /'), fill: 0x41 },
  'http-head': { port: 80, bytes: text('GET / HTTP/1.1\r\nHost: '), fill: 0x41 },
  'http-body': {
    port: 80,
    bytes: text(
      'POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 9000000000\r\n\r\n{"a":"',
    ),
    fill: 0x41,
  },
  'http-chunk': {
    port: 80,
    bytes: text('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n'),
    fill: 0x31,
  },
  'ftp-banner': { port: 21, bytes: text('220 '), fill: 0x41 },
  'ftp-command': { port: 21, bytes: text('USER '), fill: 0x41 },
  'mqtt-publish': {
    port: 1883,
    bytes: Buffer.concat([
      hex('10 0f 0004'),
      text('MQTT'),
      hex('04 02 003c 0003'),
      text('abc'),
      hex('30 ffffff7f'),
    ]),
    fill: 0x41,
  },
  'mqtt-connect': {
    port: 1883,
    bytes: Buffer.concat([hex('10 ffffff7f 0004'), text('MQTT'), hex('04 c2 003c ffff')]),
    fill: 0x41,
  },
  smb: {
    port: 445,
    bytes: Buffer.concat([hex('00 ffffff fe'), text('SMB'), hex('4000'), Buffer.alloc(58)]),
    fill: 0,
  },
  'ssh-banner': { port: 22, bytes: text('SSH-2.0-'), fill: 0x41 },
  'ssh-packet': {
    port: 22,
    bytes: Buffer.concat([text('SSH-2.0-OpenSSH_9.2\r\n'), hex('0000ffff 04 14')]),
    fill: 0x41,
  },
  telnet: { port: 23, bytes: hex('fffd18 fffd20 fffa18'), fill: 0x41 },
  'telnet-line': { port: 23, bytes: Buffer.concat([hex('fffd18 fffd20'), text('login: ')]), fill: 0x41 },
  tls: { port: 443, bytes: hex('16 0301 4000 01 00fffc 0303'), fill: 0x03 },
  'tls-handshakes': { port: 443, bytes: hex('16 0301 0100 01 00fffc 0303'), fill: 0x16 },
  dns: { port: 53, bytes: hex('ffff 0007 0100 0001 0000 0000 0000'), fill: 0x01 },
  ldap: {
    port: 389,
    bytes: hex('30 84 7fffffff 02 01 01 60 84 7ffffff0 02 01 03 04 84 7fffff00'),
    fill: 0x41,
  },
  modbus: { port: 502, bytes: hex('0001 0000 00ff 01 2b'), fill: 0x41 },
  astm: { port: 4000, bytes: text('\x05\x021H|\\^&|||'), fill: 0x41 },
  elf: { port: 9999, bytes: Buffer.concat([hex('7f454c46 02 01 01 00'), Buffer.alloc(56)]), fill: 0x41 },
  unknown: { port: 7777, bytes: text('?'), fill: 0x3f },
};
