import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { FlowDatagram } from '@wardline/formats';

/** Datagrams that wait for being read; a burst of a large core switch's is a few hundred. */
const MOST_WAITING = 20_000;
/** What the kernel is asked to hold, so that a pause of ours loses nothing. */
const KERNEL_BYTES = 8_388_608;
const SILENCE: FlowDatagram = { exporter: '', port: 0, bytes: new Uint8Array(0) };

/**
 * The datagrams that exporters send to one address, in the order of their coming. While nothing comes an empty one is given
 * every `idleMs`, so that what was read is handed over. Ends when the signal says so.
 */
export class FlowListener {
  /** The address that is listened on, once it is. */
  readonly listening: Promise<{ address: string; port: number }>;
  #lost = 0;
  #due = false;
  #isOver = false;
  #failure: Error | null = null;
  #wake: () => void = () => {};
  readonly #waiting: FlowDatagram[] = [];
  readonly #socket: Socket;
  readonly #idleMs: number;

  constructor({ host, port }: { host: string; port: number }, idleMs: number, stop: AbortSignal) {
    this.#idleMs = Math.max(100, idleMs);
    this.#socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    this.#socket.on('message', (bytes, from) => this.#hear(bytes, from));
    this.listening = new Promise((resolve, reject) => {
      this.#socket.once('error', (error) => {
        this.#failure = error;
        this.#end();
        reject(error);
      });
      this.#socket.bind(port, host, () => {
        this.#moreRoom();
        resolve(this.#socket.address());
      });
    });
    // Whoever waits for it hears of it; the feed ends with the same failure.
    this.listening.catch(() => {});
    stop.addEventListener('abort', () => this.#end(), { once: true });
  }

  /** Why it ended, where that was not by the signal. */
  get problem(): string | null {
    return this.#failure?.message ?? null;
  }

  readonly lostSoFar = (): number => this.#lost;

  readonly isFlushDue = (): boolean => {
    const due = this.#due;
    this.#due = false;
    return due;
  };

  async *[Symbol.asyncIterator](): AsyncGenerator<FlowDatagram> {
    const timer = setInterval(() => {
      this.#due = true;
      this.#wake();
    }, this.#idleMs);
    try {
      while (!this.#isOver || this.#waiting.length > 0) {
        const next = this.#waiting.shift();
        if (next !== undefined) yield next;
        else if (this.#due) yield SILENCE;
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
      if (this.#isOver || this.#waiting.length > 0) resolve();
    });
  }

  #hear(bytes: Buffer, { address, port }: RemoteInfo): void {
    if (this.#waiting.length >= MOST_WAITING) this.#lost += 1;
    else this.#waiting.push({ exporter: address, port, bytes });
    this.#wake();
  }

  #moreRoom(): void {
    try {
      this.#socket.setRecvBufferSize(KERNEL_BYTES);
    } catch {
      // The kernel allows less; what it then loses the exporters' numbers tell.
    }
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#socket.close();
    this.#wake();
  }
}

/** `udp://127.0.0.1:2055`, `udp://[::]:4739`; null where it is no such address. */
export function flowAddress(text: string): { host: string; port: number } | null {
  const [, six, four, port = ''] = /^udp:\/\/(?:\[([0-9a-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(text) ?? [];
  const host = six ?? four;
  return host === undefined || Number(port) > 65_535 ? null : { host, port: Number(port) };
}
