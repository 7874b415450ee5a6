import {
  AckPolicy,
  type Consumer,
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
  jetstream,
  jetstreamManager,
  StorageType,
  type StreamInfo,
} from '@nats-io/jetstream';
import { connect, type NatsConnection, nanos } from '@nats-io/transport-node';
import { BATCH_GROUP, BATCH_STREAM, BATCH_SUBJECTS, batchHeaders } from '@wardline/model';
import type { NatsConfig } from '../../config/nats.ts';
import type { BrokerMessage } from './verify.ts';

/** A batch of which its server says nothing for so long is given to another. */
const ANSWER_MS = 10_000;
/** How often a server says that it still has what it has in hand. */
export const IN_HAND_MS = 3000;
/** Batches that are with servers and not answered for yet, all servers together. */
const UNANSWERED = 256;
/** Within it the broker drops a batch that a sensor sends again; what comes later the database tells apart. */
const REPEAT_MS = 120_000;
/** A stream of batches that gives nothing for so long has no more. */
const LOOK_MS = 2000;

/** The brokers' store of batches, and the group of servers that take from it. */
export class Broker {
  readonly connection: NatsConnection;
  readonly #client: JetStreamClient;
  readonly #manager: JetStreamManager;

  private constructor(connection: NatsConnection, manager: JetStreamManager) {
    this.connection = connection;
    this.#client = jetstream(connection);
    this.#manager = manager;
  }

  /** Makes the stream and the group where they are not there. @throws where a broker is away or refuses */
  static async open(config: NatsConfig, name: string): Promise<Broker> {
    const { ca, certificate: cert, key } = config;
    const connection = await connect({
      servers: [...config.servers],
      // The library ends a connection to a broker without TLS.
      tls: { cert, key, ...(ca === undefined ? {} : { ca }) },
      name: `server ${name}`,
      maxReconnectAttempts: -1,
      ignoreAuthErrorAbort: true,
    });
    try {
      const broker = new Broker(connection, await jetstreamManager(connection));
      await broker.#ensureStream(config);
      await broker.#ensureGroup();
      return broker;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  group(): Promise<Consumer> {
    return this.#client.consumers.get(BATCH_STREAM, BATCH_GROUP);
  }

  /** What the store holds of one stream of batches, from its beginning up to a place, taken or not. */
  async *stored(subject: string, before: number): AsyncGenerator<BrokerMessage> {
    const reader = await this.#client.consumers.get(BATCH_STREAM, { filter_subjects: subject });
    for (;;) {
      let isOver = true;
      for await (const message of await reader.fetch({ max_messages: 100, expires: LOOK_MS })) {
        isOver = message.seq >= before;
        if (isOver) return;
        yield readMessage(message);
      }
      if (isOver) return;
    }
  }

  /** How much is stored, how much of it waits for a server, and behind which place everything is answered for. */
  async standing(): Promise<{ bytes: number; waiting: number; answered: number }> {
    const { state } = await this.#manager.streams.info(BATCH_STREAM);
    const group = await this.#manager.consumers.info(BATCH_STREAM, BATCH_GROUP);
    const waiting = group.num_pending + group.num_ack_pending;
    return { bytes: state.bytes, waiting, answered: group.ack_floor.stream_seq };
  }

  /** Removes what lies up to a place. */
  async forget(upTo: number): Promise<void> {
    await this.#manager.streams.purge(BATCH_STREAM, { seq: upTo + 1 });
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  async #ensureStream({ replicas, room }: NatsConfig): Promise<void> {
    const wanted = { num_replicas: replicas, max_bytes: room };
    const known = await this.#knownStream();
    if (known === null)
      await this.#manager.streams.add({
        name: BATCH_STREAM,
        subjects: [`${BATCH_SUBJECTS}.>`],
        storage: StorageType.File,
        // What is full refuses; nothing that was acknowledged makes room.
        discard: DiscardPolicy.New,
        duplicate_window: nanos(REPEAT_MS),
        ...wanted,
      });
    else if (known.config.num_replicas !== replicas || known.config.max_bytes !== room)
      await this.#manager.streams.update(BATCH_STREAM, wanted);
  }

  async #knownStream(): Promise<StreamInfo | null> {
    try {
      return await this.#manager.streams.info(BATCH_STREAM);
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) return null;
      throw error;
    }
  }

  async #ensureGroup(): Promise<void> {
    await this.#manager.consumers.add(BATCH_STREAM, {
      durable_name: BATCH_GROUP,
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(ANSWER_MS),
      max_ack_pending: UNANSWERED,
    });
  }
}

export function readMessage({ subject, headers, data, timestampNanos }: JsMsg): BrokerMessage {
  const header = (name: string) => headers?.get(name) ?? '';
  return {
    subject,
    number: header(batchHeaders.number),
    certificate: header(batchHeaders.certificate),
    signature: header(batchHeaders.signature),
    body: data,
    stored: Number(timestampNanos / 1000n),
  };
}
