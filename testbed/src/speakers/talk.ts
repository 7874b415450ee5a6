import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { connect, createServer, type Socket } from 'node:net';

/** How long an answer may take; on the testbed's own network nothing is far away. */
const ANSWER_MILLIS = 10_000;

/** What a speaker is told: addresses, names and numbers of its device. */
export type Told = Record<string, string | number | string[]>;
/** A role of a protocol: a server stays, a client returns when it has said everything. */
export type Role = (told: Told) => Promise<void> | void;

export function text(told: Told, name: string): string {
  return String(told[name] ?? '');
}

export function port(told: Told): number {
  return Number(told.port);
}

/** How many octets at the start of `held` are one whole message; null while it is not whole. */
export type Measure = (held: Buffer) => number | null;

export const byLine: Measure = (held) => {
  const end = held.indexOf('\n');
  return end < 0 ? null : end + 1;
};

/** HTTP, RTSP and SIP on TCP: a head up to an empty line, then as many octets as it says. */
export const byContentLength: Measure = (held) => {
  const end = held.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const length = /^content-length: *(\d+)/im.exec(held.toString('latin1', 0, end))?.[1] ?? '0';
  const whole = end + 4 + Number(length);
  return held.length >= whole ? whole : null;
};

/** A TCP connection on which whole messages come and go. */
export class Line {
  private held = Buffer.alloc(0);
  private readonly waiting: (() => void)[] = [];
  private ended = false;
  readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.held = Buffer.concat([this.held, chunk]);
      this.wake();
    });
    socket.on('error', () => this.end());
    socket.on('close', () => this.end());
    socket.on('end', () => this.end());
  }

  send(...parts: (Uint8Array | string)[]): void {
    for (const part of parts) this.socket.write(part);
  }

  /** The next whole message, or null where the other side has gone. */
  async receive(measure: Measure): Promise<Buffer | null> {
    for (;;) {
      const length = measure(this.held);
      if (length !== null) {
        const message = this.held.subarray(0, length);
        this.held = this.held.subarray(length);
        return message;
      }
      if (this.ended) return null;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  async ask(measure: Measure, ...parts: (Uint8Array | string)[]): Promise<Buffer> {
    this.send(...parts);
    const timer = setTimeout(() => this.socket.destroy(), ANSWER_MILLIS);
    const answer = await this.receive(measure);
    clearTimeout(timer);
    if (answer === null) throw new Error('no answer');
    return answer;
  }

  close(): void {
    this.socket.end();
  }

  private end(): void {
    this.ended = true;
    this.wake();
  }

  private wake(): void {
    for (const resume of this.waiting.splice(0)) resume();
  }
}

export function listen(at: number, serve: (line: Line) => Promise<void>): void {
  createServer((socket) => void serve(new Line(socket)).catch(() => socket.destroy())).listen(at);
}

export function dial(host: string, at: number): Promise<Line> {
  return new Promise((resolve, reject) => {
    const socket = connect(at, host);
    socket.once('error', reject);
    socket.once('connect', () => resolve(new Line(socket)));
  });
}

export type Heard = (message: Buffer, from: RemoteInfo, socket: UdpSocket) => void;

/** A UDP socket on a port (0: any); joins a multicast group where one is named. */
export function openUdp(at: number, heard: Heard, group?: string): Promise<UdpSocket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  socket.on('message', (message, from) => heard(message, from, socket));
  return new Promise((resolve) =>
    socket.bind(at, () => {
      socket.setBroadcast(true);
      if (group !== undefined) socket.addMembership(group);
      resolve(socket);
    }),
  );
}

/** A client's end of a datagram protocol: each question waits for the next datagram. */
export class Datagrams {
  private readonly heard: { message: Buffer; from: RemoteInfo }[] = [];
  private wake: () => void = () => undefined;
  private socket: UdpSocket | null = null;

  static async open(at = 0, group?: string): Promise<Datagrams> {
    const self = new Datagrams();
    self.socket = await openUdp(
      at,
      (message, from) => {
        self.heard.push({ message, from });
        self.wake();
      },
      group,
    );
    return self;
  }

  send(message: Uint8Array | string, at: number, host: string): void {
    this.socket?.send(message, at, host);
  }

  async next(millis = ANSWER_MILLIS): Promise<{ message: Buffer; from: RemoteInfo } | null> {
    if (this.heard.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, millis);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.heard.shift() ?? null;
  }

  async ask(message: Uint8Array | string, at: number, host: string): Promise<Buffer> {
    this.send(message, at, host);
    const answer = await this.next();
    if (answer === null) throw new Error(`${host}:${at} does not answer`);
    return answer.message;
  }

  close(): void {
    this.socket?.close();
  }
}

export function pause(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}
