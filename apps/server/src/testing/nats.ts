import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash, sign } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, connect as dial } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { jetstream } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { batchHeaders, batchSubject, type SensorBatch, signedStatement } from '@wardline/model';

/** Debian lays it where only root looks. */
const PROGRAM = ['/usr/sbin/nats-server', '/usr/bin/nats-server'].find((path) => existsSync(path));
export const hasNats = PROGRAM !== undefined;

/** Certificates of one authority, made by openssl: brokers, servers and sensors. */
export class NatsAuthority {
  readonly folder: string;

  constructor(folder: string, names: readonly string[]) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    const request = ['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const root = ['-x509', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '3650', '-subj', '/CN=test'];
    this.#openssl(...request, ...root);
    writeFileSync(this.at('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
    for (const name of names) {
      this.#openssl(...request, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
      const by = [
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
        '-extfile',
        'names',
        '-days',
        '3650',
      ];
      this.#openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, ...by);
    }
  }

  at(name: string): string {
    return join(this.folder, name);
  }

  read(name: string): string {
    return readFileSync(this.at(name), 'utf8');
  }

  /** What a server needs to come in. */
  settings(urls: string, name = 'wardline') {
    const [certificate, key] = [this.at(`${name}.pem`), this.at(`${name}.key`)];
    return { urls, ca: this.at('ca.pem'), certificate, key, room: '500M' };
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'ignore' });
  }
}

/** A real broker with mutual TLS, which a test may kill and start again on the same disk. */
export class NatsServer {
  readonly #authority: NatsAuthority;
  readonly #folder: string;
  readonly #given: { whole?: (port: number, folder: string) => string; more?: string };
  #child: ChildProcess | null = null;
  port = 0;

  /** `given`: a whole configuration in place of the usual one, or what stands behind it. */
  constructor(
    authority: NatsAuthority,
    folder: string,
    given: { whole?: (port: number, folder: string) => string; more?: string } = {},
  ) {
    this.#authority = authority;
    this.#folder = folder;
    this.#given = given;
    mkdirSync(folder, { recursive: true });
  }

  get url(): string {
    return `tls://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    if (this.port === 0) this.port = await freePort();
    const text = this.#given.whole?.(this.port, this.#folder) ?? this.#usual();
    writeFileSync(join(this.#folder, 'nats.conf'), text);
    this.#child = spawn(PROGRAM!, ['-c', join(this.#folder, 'nats.conf')], { stdio: 'ignore' });
    while (!(await answers(this.port))) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  #usual(): string {
    const at = (name: string) => JSON.stringify(this.#authority.at(name));
    return `listen: "127.0.0.1:${this.port}"
max_payload: 8MB
tls { cert_file: ${at('broker.pem')}, key_file: ${at('broker.key')}, ca_file: ${at('ca.pem')}, verify: true }
jetstream { store_dir: ${JSON.stringify(join(this.#folder, 'store'))}, max_file_store: 1GB }
${this.#given.more ?? ''}`;
  }
}

/** Publishes as a sensor does, or as somebody who pretends to be one. */
export class BatchForger {
  readonly #authority: NatsAuthority;
  readonly connection: NatsConnection;

  private constructor(authority: NatsAuthority, connection: NatsConnection) {
    this.#authority = authority;
    this.connection = connection;
  }

  static async open(authority: NatsAuthority, url: string, name: string): Promise<BatchForger> {
    const [cert, key, ca] = [`${name}.pem`, `${name}.key`, 'ca.pem'].map((file) => authority.read(file));
    const tls = { cert: cert!, key: key!, ca: ca! };
    return new BatchForger(authority, await connect({ servers: url.split(','), tls }));
  }

  certificate(name: string): string {
    return this.#authority.read(`${name}.pem`);
  }

  async publish(
    batch: SensorBatch,
    {
      by,
      site = 1,
      subject = batchSubject({ site, ...batch }),
      number = batch.number,
      change = (body: Uint8Array) => body,
      shown = by,
    }: {
      by: string;
      site?: number;
      subject?: string;
      number?: number;
      /** What becomes of the body after it was signed. */
      change?: (body: Uint8Array) => Uint8Array;
      /** Whose certificate comes along. */
      shown?: string;
    },
  ): Promise<void> {
    const body = gzipSync(JSON.stringify(batch));
    const digest = createHash('sha256').update(body).digest('hex');
    const signature = sign(
      'sha256',
      signedStatement(subject, number, digest),
      this.#authority.read(`${by}.key`),
    );
    const given = headers();
    const der = this.#authority.read(`${shown}.pem`).replaceAll(/-----[^-]+-----|\s/g, '');
    given.set(batchHeaders.number, String(number));
    given.set(batchHeaders.certificate, der);
    given.set(batchHeaders.signature, signature.toString('base64'));
    await jetstream(this.connection).publish(subject, change(body), { headers: given, timeout: 2000 });
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dial(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
