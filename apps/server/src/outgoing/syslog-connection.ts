import { isIP, type LookupFunction } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';

export interface SyslogPlace {
  host: string;
  port: number;
  /** PEM; without it the system's own authorities are trusted. */
  ca: string | undefined;
  /** PEM of this server's own certificate and its key, where the receiver asks for one. */
  certificate: string | undefined;
  key: string | undefined;
  /** Resolves the name, where it is held against rules. */
  lookup?: LookupFunction;
}

/** A collector that does not answer within this time is away. */
const HANDSHAKE_MILLISECONDS = 10_000;
/** A collector that takes nothing in for so long is stuck. */
const SENDING_MILLISECONDS = 60_000;
/** How long the other side has to take in what was sent before the connection ends. */
const CLOSING_MILLISECONDS = 5000;

/** Syslog over TLS (RFC 5425), one way. */
export class SyslogConnection {
  /** Aborted when the connection is over, for whatever reason. */
  readonly over: AbortSignal;
  readonly #socket: TLSSocket;
  #reason = new Error('the other side closed the connection');

  private constructor(socket: TLSSocket) {
    const over = new AbortController();
    this.over = over.signal;
    this.#socket = socket;
    socket.on('error', (error) => {
      this.#reason = error;
    });
    socket.on('close', () => over.abort());
    socket.on('timeout', () => socket.destroy(new Error('the other side takes nothing in')));
    // Nothing is expected from the other side; only by reading is its end noticed.
    socket.resume();
    socket.setKeepAlive(true, 30_000);
  }

  /** @throws where nobody answers, or by a certificate that is not trusted */
  static open({ host, port, ca, certificate, key, lookup }: SyslogPlace): Promise<SyslogConnection> {
    const identity = { ca, cert: certificate, key };
    const named = isIP(host) === 0 ? { servername: host, ...(lookup === undefined ? {} : { lookup }) } : {};
    const socket = connect({ host, port, ...identity, ...named, minVersion: 'TLSv1.2' });
    return new Promise((resolve, reject) => {
      socket.setTimeout(HANDSHAKE_MILLISECONDS, () => socket.destroy(new Error('no answer in time')));
      socket.once('error', reject);
      socket.once('secureConnect', () => {
        socket.setTimeout(0);
        socket.removeAllListeners('timeout').off('error', reject);
        resolve(new SyslogConnection(socket));
      });
    });
  }

  /** Resolves when this machine has handed it over to the network. @throws where the connection is over */
  async send(bytes: Uint8Array): Promise<void> {
    this.check();
    this.#socket.setTimeout(SENDING_MILLISECONDS);
    await new Promise<void>((resolve, reject) => {
      this.#socket.write(bytes, (error) => (error ? reject(this.#reason) : resolve()));
    });
    this.#socket.setTimeout(0);
  }

  /** @throws where the connection is over */
  check(): void {
    if (this.over.aborted) throw this.#reason;
  }

  /** Ends in order (RFC 5425 §4.4); false where the other side did not end it too, so that something may be lost. */
  async end(): Promise<boolean> {
    const ended = new Promise<boolean>((resolve) => {
      this.#socket.once('end', () => resolve(true));
      this.#socket.once('close', () => resolve(false));
      setTimeout(() => resolve(false), CLOSING_MILLISECONDS).unref();
    });
    this.#socket.end();
    const inOrder = await ended;
    this.destroy();
    return inOrder;
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
