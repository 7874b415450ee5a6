import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { type SensorBatch, sensorBatchSchema } from '@wardline/model';

/** A server that keeps the intake's contract on loopback, and misbehaves on demand. */
export class IntakeServer {
  readonly batches: SensorBatch[] = [];
  /** Answers of the next requests, before it behaves again; null drops the connection. */
  readonly mishaps: (number | null)[] = [];
  readonly token = 'token-for-tests';
  requests = 0;
  readonly #server: Server = createServer((request, response) => void this.#handle(request, response));

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests++;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const mishap = this.mishaps.shift();
    if (mishap === null) return void request.socket.destroy();
    const [status, body] = mishap ? [mishap, {}] : this.#answer(request, Buffer.concat(chunks));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  #answer(request: IncomingMessage, body: Buffer): [number, unknown] {
    if (request.headers.authorization !== `Bearer ${this.token}`) return [401, problem(401)];
    if (request.method === 'POST' && request.url === '/api/v1/intake/batches') return [200, this.#take(body)];
    const stream = /^\/api\/v1\/intake\/streams\/([^/]+)\/([^/]+)$/.exec(request.url ?? '');
    if (!stream) return [404, problem(404)];
    const numbers = this.batches.filter((batch) => batch.stream === stream[2]).map((batch) => batch.number);
    return [200, { lastNumber: Math.max(0, ...numbers) }];
  }

  #take(body: Buffer): { outcome: string; lastNumber: number } {
    const batch = sensorBatchSchema.parse(JSON.parse(gunzipSync(body).toString())) as SensorBatch;
    const known = this.batches.some(
      (other) => other.stream === batch.stream && other.number === batch.number,
    );
    if (!known) this.batches.push(batch);
    return { outcome: known ? 'duplicate' : 'accepted', lastNumber: batch.number };
  }
}

function problem(status: number): unknown {
  return { type: 'about:blank', title: status === 401 ? 'Sign in first' : 'Not found', status, code: 'test' };
}
