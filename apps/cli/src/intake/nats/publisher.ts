import { createHash, createPrivateKey, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { JetStreamApiError, jetstream } from '@nats-io/jetstream';
import { connect, headers, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { BATCH_STREAM, batchHeaders, batchSubject, signedStatement } from '@wardline/model';
import type { ClientCertificate } from '../../api/certificate.ts';
import type { Answer } from '../../api/client.ts';
import { CommandError } from '../../exit-codes.ts';
import type { Parcel } from '../deliver.ts';

/** How long a broker may take to say that a batch is on its disks. */
const ACK_MS = 10_000;
const CONNECT_MS = 5000;

interface PublisherOptions {
  /** `tls://HOST:PORT`, several parted by commas. */
  urls: string;
  certificate: ClientCertificate;
  site: number;
  sensor: string;
}

/**
 * Hands batches to a NATS JetStream, each signed with the key by which the sensor is known to the server: whoever runs or enters
 * the broker can neither make a batch up nor change one. A batch is handed over when the broker says that it is stored.
 */
export class BatchPublisher {
  readonly #options: PublisherOptions;
  readonly #servers: string[];
  readonly #key: KeyObject;
  readonly #certificate: string;
  #connection: NatsConnection | null = null;

  /** @throws CommandError where an address, the certificate or its key cannot be used */
  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#servers = brokersOf(options.urls);
    try {
      this.#key = createPrivateKey(options.certificate.key);
      this.#certificate = new X509Certificate(options.certificate.cert).raw.toString('base64');
    } catch {
      throw new CommandError('--client-cert and --client-key: expected a certificate and its key (PEM)');
    }
  }

  /** Never throws for what a network or a broker can do. */
  async hand({ stream, number, body }: Parcel, signal?: AbortSignal): Promise<Answer> {
    const { site, sensor } = this.#options;
    const subject = batchSubject({ site, sensor, stream });
    const digest = createHash('sha256').update(body).digest('hex');
    try {
      const connection = await this.#connected();
      const limit = connection.info?.max_payload ?? 0;
      const signed = this.#signed(subject, number, digest);
      if (body.length + ROOM_FOR_HEADERS > limit) return tooLarge(body.length, limit);
      const published = jetstream(connection).publish(subject, body, {
        // Behind the number the content: nobody who does not know it can put another batch in its place.
        msgID: `${subject}.${number}.${digest.slice(0, 32)}`,
        headers: signed,
        timeout: ACK_MS,
        expect: { streamName: BATCH_STREAM },
      });
      const ack = await unlessAborted(published, signal);
      return { kind: 'ok', body: { outcome: ack.duplicate ? 'duplicate' : 'accepted' } };
    } catch (error) {
      return answerOf(error);
    }
  }

  async close(): Promise<void> {
    await this.#connection?.close();
  }

  /** Comes back by itself once it stood; what was never reached is tried anew each time. */
  async #connected(): Promise<NatsConnection> {
    if (this.#connection !== null && !this.#connection.isClosed()) return this.#connection;
    const { cert, key, ca } = this.#options.certificate;
    this.#connection = await connect({
      servers: this.#servers,
      // The library ends a connection to a broker without TLS.
      tls: { cert, key, ...(ca === undefined ? {} : { ca }) },
      name: `sensor ${this.#options.sensor}`,
      timeout: CONNECT_MS,
      maxReconnectAttempts: -1,
      ignoreAuthErrorAbort: true,
    });
    return this.#connection;
  }

  #signed(subject: string, number: number, digest: string): MsgHdrs {
    const kind = this.#key.asymmetricKeyType;
    const algorithm = kind === 'ed25519' || kind === 'ed448' ? null : 'sha256';
    const signature = sign(algorithm, signedStatement(subject, number, digest), this.#key);
    const given = headers();
    given.set(batchHeaders.number, String(number));
    given.set(batchHeaders.certificate, this.#certificate);
    given.set(batchHeaders.signature, signature.toString('base64'));
    return given;
  }
}

/** A certificate and the subject twice. */
const ROOM_FOR_HEADERS = 16_384;

function brokersOf(urls: string): string[] {
  const list = urls
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const bad = list.find((one) => !/^tls:\/\/[^\s/@]+$/.test(one));
  if (list.length === 0 || bad !== undefined)
    throw new CommandError(`--nats ${bad ?? urls}: expected tls://HOST:PORT, several parted by commas`);
  return list;
}

function tooLarge(bytes: number, limit: number): Answer {
  const message = `the broker takes messages of ${limit} bytes at the most (max_payload), and this batch has ${bytes}`;
  return { kind: 'refused', status: 413, message };
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  // Whoever stopped waiting hears of no failure.
  work.catch(() => {});
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(new Error('asked to stop'));
    signal.addEventListener('abort', () => reject(new Error('asked to stop')), { once: true });
    work.then(resolve, reject);
  });
}

/** A stream that is full or has lost its leader passes by itself. */
function answerOf(error: unknown): Answer {
  if (error instanceof JetStreamApiError)
    return { kind: 'refused', status: 503, message: `the broker does not take it: ${error.message}` };
  const { name, message } = error as Error;
  if (name === 'NoRespondersError' || name === 'JetStreamNotEnabled')
    return {
      kind: 'unreachable',
      message: 'the broker has no stream for batches; a server with NATS_URL makes it',
    };
  return { kind: 'unreachable', message: `the broker does not answer: ${message}` };
}
