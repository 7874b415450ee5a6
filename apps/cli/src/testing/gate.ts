import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server on this machine that can be shut and opened again, as a cable is pulled. */
export class Gate {
  readonly #port: number;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server = createServer((client) => this.#lead(client));
  #isOpen = true;
  /** Connections that found it open. */
  passed = 0;

  constructor(port: number) {
    this.#port = port;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  }

  open(): void {
    this.#isOpen = true;
  }

  shut(): void {
    this.#isOpen = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.shut();
    this.#server.close();
  }

  #lead(client: Socket): void {
    if (!this.#isOpen) return void client.destroy();
    this.passed++;
    const server = connect(this.#port, '127.0.0.1');
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket
        .on('error', () => {})
        .on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
      socket.pipe(other);
    }
  }
}
