/** A host of a built capture. */
export interface Host {
  mac: string;
  ip: string;
}

/** 2026-03-01T08:00:00Z */
const START_SECONDS = 1_772_352_000;

/** Builds a small classic pcap (little endian, microseconds, Ethernet) packet by packet, a millisecond apart. */
export class CaptureBuilder {
  readonly #packets: Buffer[] = [];
  readonly #sequence = new Map<string, number>();

  /** A TCP connection with its handshake, the given turns, and its end. */
  tcp(
    client: Host,
    server: Host,
    ports: [client: number, server: number],
    turns: readonly ['>' | '<', string | Uint8Array][],
  ): this {
    const [from, to] = [
      { ...client, port: ports[0] },
      { ...server, port: ports[1] },
    ];
    this.#segment(from, to, SYN);
    this.#segment(to, from, SYN | ACK);
    this.#segment(from, to, ACK);
    for (const [direction, text] of turns)
      this.#segment(
        ...(direction === '>' ? ([from, to] as const) : ([to, from] as const)),
        PSH | ACK,
        Buffer.from(text),
      );
    this.#segment(from, to, FIN | ACK);
    this.#segment(to, from, FIN | ACK);
    this.#segment(from, to, ACK);
    return this;
  }

  build(): Buffer {
    const header = Buffer.alloc(24);
    header.writeUInt32LE(0xa1b2c3d4, 0);
    header.writeUInt16LE(2, 4);
    header.writeUInt16LE(4, 6);
    header.writeUInt32LE(262_144, 16);
    header.writeUInt32LE(1, 20);
    return Buffer.concat([header, ...this.#packets]);
  }

  #segment(
    from: Host & { port: number },
    to: Host & { port: number },
    flags: number,
    data: Buffer = Buffer.alloc(0),
  ): void {
    const key = (a: typeof from, b: typeof to) => `${a.ip}:${a.port}>${b.ip}:${b.port}`;
    const sequence = this.#sequence.get(key(from, to)) ?? 1000;
    const acknowledged = flags === SYN ? 0 : (this.#sequence.get(key(to, from)) ?? 0);
    this.#sequence.set(key(from, to), sequence + data.length + (flags & (SYN | FIN) ? 1 : 0));
    const tcp = Buffer.alloc(20);
    tcp.writeUInt16BE(from.port, 0);
    tcp.writeUInt16BE(to.port, 2);
    tcp.writeUInt32BE(sequence, 4);
    tcp.writeUInt32BE(acknowledged, 8);
    tcp.writeUInt16BE(0x5000 | flags, 12);
    tcp.writeUInt16BE(65_535, 14);
    this.#frame(from, to, Buffer.concat([tcp, data]));
  }

  #frame(from: Host, to: Host, payload: Buffer): void {
    const ip = Buffer.alloc(20);
    ip[0] = 0x45;
    ip.writeUInt16BE(20 + payload.length, 2);
    ip[8] = 64;
    ip[9] = 6;
    Buffer.from(from.ip.split('.').map(Number)).copy(ip, 12);
    Buffer.from(to.ip.split('.').map(Number)).copy(ip, 16);
    const ethernet = Buffer.from(`${to.mac}${from.mac}0800`.replaceAll(':', ''), 'hex');
    this.#record(Buffer.concat([ethernet, ip, payload]));
  }

  #record(frame: Buffer): void {
    const header = Buffer.alloc(16);
    const milliseconds = this.#packets.length;
    header.writeUInt32LE(START_SECONDS + Math.floor(milliseconds / 1000), 0);
    header.writeUInt32LE((milliseconds % 1000) * 1000, 4);
    header.writeUInt32LE(frame.length, 8);
    header.writeUInt32LE(frame.length, 12);
    this.#packets.push(Buffer.concat([header, frame]));
  }
}

const FIN = 1;
const SYN = 2;
const PSH = 8;
const ACK = 16;

/** What must never come out of Wardline again. */
export const secrets = {
  patient: 'QUANDARY^MARKED',
  patientId: 'PID-7764-MARKED',
  password: 'hunter2-marked',
  user: 'nurse.marked',
};

const monitor: Host = { mac: '00:09:fb:00:00:11', ip: '10.20.1.11' };
const engine: Host = { mac: '00:50:56:00:00:12', ip: '10.20.1.12' };
const laptop: Host = { mac: '3c:52:82:00:00:13', ip: '10.20.1.13' };

const admission = [
  'MSH|^~\\&|MONITORGW|ICU3|ENGINE|HOSP|20260301080000||ORU^R01|1|P|2.5',
  `PID|1||${secrets.patientId}||${secrets.patient}||19700101|F`,
  'OBX|1|NM|8867-4^HEART RATE^LN||72|/min|||||F',
].join('\r');
const acknowledgement = 'MSH|^~\\&|ENGINE|HOSP|MONITORGW|ICU3|20260301080001||ACK^R01|2|P|2.5\rMSA|AA|1';
const framed = (message: string) => `\u000b${message}\r\u001c\r`;

/** A ward in a few packets: an HL7 feed with a patient in it, and a log-on with a password in clear. */
export function wardCapture(hostname = 'monitor-3'): Buffer {
  const basic = Buffer.from(`${secrets.user}:${secrets.password}`).toString('base64');
  return new CaptureBuilder()
    .tcp(
      monitor,
      engine,
      [40_001, 2575],
      [
        ['>', framed(admission)],
        ['<', framed(acknowledgement)],
      ],
    )
    .tcp(
      laptop,
      monitor,
      [40_002, 80],
      [
        [
          '>',
          `GET /setup HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Basic ${basic}\r\nUser-Agent: Mozilla/5.0\r\n\r\n`,
        ],
        [
          '<',
          'HTTP/1.1 200 OK\r\nServer: DeviceWeb/1.2\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok',
        ],
      ],
    )
    .build();
}

/** One short connection in a few hundred bytes, small enough to be cut off at every one of them. */
export function shortCapture(): Buffer {
  const turn = framed('MSH|^~\\&|A|B|C|D|2026||ACK|1|P|2.5\rMSA|AA|1');
  return new CaptureBuilder().tcp(monitor, engine, [40_001, 2575], [['>', turn]]).build();
}

/** So many connections to as many ports of one server: enough rows for several batches. */
export function crowdedCapture(connections: number): Buffer {
  const builder = new CaptureBuilder();
  for (let index = 0; index < connections; index++) builder.tcp(laptop, engine, [50_000, 1024 + index], []);
  return builder.build();
}
