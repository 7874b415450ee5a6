import { createSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { SyslogArrival } from '@wardline/formats';
import { SyslogSplitter } from '@wardline/formats';

/** Messages that wait for being read: a reboot of a ward's devices is some thousand. */
const MOST_WAITING = 20_000;
/** Connections at once: a large hospital's devices and relays; one more is refused and counted. */
const MOST_CONNECTIONS = 4096;
/** Above it a connection is not read until what waits has shrunk, so that TCP slows its sender down and nothing is lost. */
const PAUSE_WAITING = 15_000;
/** What the kernel is asked to hold, so that a pause of ours loses nothing. */
const KERNEL_BYTES = 8_388_608;
/** A connection that says nothing for so long is given up: a device that lost power never says good-bye. */
const IDLE_MILLISECONDS = 3_600_000;

export interface SyslogAddress {
  transport: 'udp' | 'tcp' | 'tls';
  host: string;
  port: number;
}

export interface SyslogKeys {
  cert: Buffer;
  key: Buffer;
  /** Who may send, where senders prove themselves (RFC 5425 §4.2.1); null: whoever trusts us. */
  ca: Buffer | null;
}

/** `udp://0.0.0.0:514`, `tcp://[::]:601`, `tls://0.0.0.0:6514`; null where it is no such address. */
export function syslogAddress(text: string): SyslogAddress | null {
  const parts = /^(udp|tcp|tls):\/\/(?:\[([0-9a-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(text) ?? [];
  const [, transport, six, four, port = ''] = parts;
  const host = six ?? four;
  if (host === undefined || Number(port) > 65_535) return null;
  return { transport: transport!.toLowerCase() as SyslogAddress['transport'], host, port: Number(port) };
}

/** What devices log to some addresses, in the order of its coming. Ends when the signal says so. */
export class SyslogListener {
  #due = false;
  #isOver = false;
  #failure: Error | null = null;
  #wake: () => void = () => {};
  readonly #waiting: SyslogArrival[] = [];
  readonly #closing: (() => void)[] = [];
  readonly #paused = new Set<Socket>();
  readonly #lost = new Map<string, number>();
  readonly #idleMs: number;
  readonly #now: () => number;

  constructor(idleMs: number, stop: AbortSignal, now: () => number) {
    this.#idleMs = Math.max(100, idleMs);
    this.#now = now;
    stop.addEventListener('abort', () => this.#end(), { once: true });
  }

  /** Why it ended, where that was not by the signal. */
  get problem(): string | null {
    return this.#failure?.message ?? null;
  }

  readonly lostByCause = (): ReadonlyMap<string, number> => this.#lost;

  readonly isFlushDue = (): boolean => {
    const due = this.#due;
    this.#due = false;
    return due;
  };

  /** Listens at an address; returns the port. @throws Error where it can't */
  listen({ transport, host, port }: SyslogAddress, keys: SyslogKeys | null): Promise<number> {
    if (transport === 'udp') return this.#udp(host, port);
    const take = (socket: Socket) => this.#connected(socket, transport);
    if (transport === 'tcp') return this.#stream(createServer(take), host, port);
    const { ca, ...own } = keys!;
    // RFC 5425 asks for TLS 1.2; the one before is broken (RFC 8996).
    const proof = ca === null ? {} : { ca, requestCert: true, rejectUnauthorized: true };
    const server = createTlsServer({ ...own, ...proof, minVersion: 'TLSv1.2' }, take);
    server.on('tlsClientError', () => this.#lose('syslog-tls-refused'));
    return this.#stream(server, host, port);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SyslogArrival> {
    const timer = setInterval(() => {
      this.#due = true;
      this.#wake();
    }, this.#idleMs);
    try {
      while (!this.#isOver || this.#waiting.length > 0) {
        const next = this.#waiting.shift();
        if (next !== undefined) {
          if (this.#waiting.length < PAUSE_WAITING) this.#resume();
          yield next;
        } else if (this.#due) yield { at: this.#now(), from: '', transport: 'udp', bytes: null };
        else await this.#something();
      }
    } finally {
      clearInterval(timer);
      this.#end();
    }
  }

  #something(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#isOver || this.#waiting.length > 0 || this.#due) resolve();
    });
  }

  #udp(host: string, port: number): Promise<number> {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.on('message', (bytes, { address }) => this.#hear(bytes, address, 'udp'));
    this.#closing.push(() => socket.close());
    return new Promise((resolve, reject) => {
      socket.once('error', (error) => this.#fail(error, reject));
      socket.bind(port, host, () => {
        try {
          socket.setRecvBufferSize(KERNEL_BYTES);
        } catch {
          // The kernel allows less, and does not tell what it then loses: syslog over UDP has no numbers (RFC 5426 §5.1).
        }
        resolve(socket.address().port);
      });
    });
  }

  #stream(server: Server, host: string, port: number): Promise<number> {
    server.maxConnections = MOST_CONNECTIONS;
    server.on('drop', () => this.#lose('syslog-connection-refused'));
    this.#closing.push(() => server.close());
    return new Promise((resolve, reject) => {
      server.once('error', (error) => this.#fail(error, reject));
      server.listen(port, host, () => resolve((server.address() as { port: number }).port));
    });
  }

  #connected(socket: Socket, transport: 'tcp' | 'tls'): void {
    const from = plain(socket.remoteAddress ?? '');
    const splitter = new SyslogSplitter((cause) => this.#lose(cause));
    const close = () => socket.destroy();
    this.#closing.push(close);
    socket.setTimeout(IDLE_MILLISECONDS, close);
    socket.on('data', (chunk: Buffer) => {
      for (const message of splitter.push(chunk)) this.#hear(message, from, transport);
      if (this.#waiting.length < PAUSE_WAITING) return;
      socket.pause();
      this.#paused.add(socket);
    });
    // A connection that breaks gave what it gave; its last words count.
    socket.on('error', () => {});
    socket.once('close', () => {
      for (const message of splitter.end()) this.#hear(message, from, transport);
      this.#paused.delete(socket);
      this.#closing.splice(this.#closing.indexOf(close), 1);
    });
  }

  #hear(bytes: Uint8Array, from: string, transport: SyslogArrival['transport']): void {
    if (this.#waiting.length >= MOST_WAITING) this.#lose('lost-before-reading');
    else if (bytes.length > 0) this.#waiting.push({ at: this.#now(), from: plain(from), transport, bytes });
    this.#wake();
  }

  #resume(): void {
    for (const socket of this.#paused) socket.resume();
    this.#paused.clear();
  }

  #lose(cause: string): void {
    this.#lost.set(cause, (this.#lost.get(cause) ?? 0) + 1);
  }

  #fail(error: Error, reject: (error: Error) => void): void {
    this.#failure = error;
    this.#end();
    reject(error);
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const close of this.#closing.splice(0)) close();
    this.#wake();
  }
}

/** An IPv4 address that came in by an IPv6 socket is what it is. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '');
