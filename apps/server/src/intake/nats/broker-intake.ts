import { setTimeout as pause } from 'node:timers/promises';
import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import type { RefusedBatchReason, SensorBatch } from '@wardline/model';
import type { NatsConfig } from '../../config/nats.ts';
import type { Context } from '../../context.ts';
import { Rounds } from '../../jobs/rounds.ts';
import { BROKER_BATCHES_AT_ONCE, BROKER_GAP, BROKER_OFFERS } from '../../limits.ts';
import type { Intake } from '../accept.ts';
import { offerBatch } from '../routes.ts';
import { Broker, IN_HAND_MS, readMessage } from './broker.ts';
import { countRefused } from './refused.ts';
import { Retention } from './retention.ts';
import { type BrokerMessage, verifyMessage } from './verify.ts';

/** What becomes of a message: it is in the database, comes again after so many milliseconds, or never will be taken. */
type Answer = 'taken' | { again: number } | { refused: RefusedBatchReason };

/** How PostgreSQL says that what it was given can't be stored, now or ever (class 22). */
const isOfData = (error: unknown): boolean => ((error as { code?: string }).code ?? '').startsWith('22');

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
const ROUND_MS = 20_000;

/**
 * Takes batches from brokers as one of a group of servers, by the same way in as over HTTP. A message is answered for when the
 * database has its batch for good; whoever dies before leaves it to another, and the batch's number makes twice once.
 */
export class BrokerIntake {
  readonly #context: Context;
  readonly #intake: Intake;
  readonly #config: NatsConfig;
  readonly #rounds: Rounds;
  readonly #retention: Retention;
  readonly #stop = new AbortController();
  /** The last message in hand of each stream of batches: they are taken one after the other. */
  readonly #lines = new Map<string, Promise<void>>();
  readonly #inHand = new Map<JsMsg, Promise<void>>();
  #broker: Broker | null = null;
  #messages: ConsumerMessages | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(context: Context, intake: Intake, config: NatsConfig) {
    this.#context = context;
    this.#intake = intake;
    this.#config = config;
    this.#retention = new Retention(config);
    this.#rounds = new Rounds({
      name: 'batches at brokers',
      every: ROUND_MS,
      waits: true,
      run: () => this.#tidy(),
      failed: (error) => context.log.warn({ err: error }, 'the brokers’ store cannot be looked after'),
    });
  }

  start(): void {
    this.#running = this.#run();
    this.#rounds.start();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#rounds.close();
    await this.#messages?.close();
    await this.#running;
    await Promise.all(this.#lines.values());
    await this.#broker?.close();
  }

  async #run(): Promise<void> {
    const { log, server } = this.#context;
    const { signal } = this.#stop;
    for (let wait = FIRST_PAUSE_MS; !signal.aborted; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      try {
        this.#broker = await Broker.open(this.#config, server);
        this.#context.metrics.brokerUp.set(1);
        log.info('batches are taken from the brokers');
        wait = FIRST_PAUSE_MS;
        await this.#takeAll(this.#broker);
      } catch (error) {
        if (!signal.aborted) log.warn({ err: error as Error }, 'no broker gives out batches');
      }
      this.#context.metrics.brokerUp.set(0);
      await this.#broker?.close();
      this.#broker = null;
      await pause(wait, undefined, { signal }).catch(() => {});
    }
  }

  /** Until it is asked to stop, or the stream or the group is gone. */
  async #takeAll(broker: Broker): Promise<void> {
    const group = await broker.group();
    this.#messages = await group.consume({
      max_messages: BROKER_BATCHES_AT_ONCE,
      abort_on_missing_resource: true,
    });
    if (this.#stop.signal.aborted) return;
    const holding = setInterval(() => {
      for (const message of this.#inHand.keys()) message.working();
    }, IN_HAND_MS);
    try {
      await this.#takeEach(broker, this.#messages);
    } finally {
      await Promise.all(this.#lines.values());
      clearInterval(holding);
    }
  }

  async #takeEach(broker: Broker, messages: ConsumerMessages): Promise<void> {
    for await (const message of messages) {
      this.#inHand.set(message, this.#inLine(broker, message));
      if (this.#inHand.size >= BROKER_BATCHES_AT_ONCE) await Promise.race(this.#inHand.values());
    }
  }

  /** Answers for it behind what came before of its stream. */
  async #inLine(broker: Broker, message: JsMsg): Promise<void> {
    const { subject } = message;
    const before = this.#lines.get(subject);
    const answered = (async () => {
      await before;
      await this.#answer(broker, message);
    })();
    this.#lines.set(subject, answered);
    await answered;
    this.#inHand.delete(message);
    if (this.#lines.get(subject) === answered) this.#lines.delete(subject);
  }

  /** Never throws: who is not answered comes again. */
  async #answer(broker: Broker, message: JsMsg): Promise<void> {
    const { log } = this.#context;
    let answer: Answer;
    try {
      answer = await this.#take(broker, message);
      if (typeof answer === 'object' && 'refused' in answer) await this.#refuse(message, answer.refused);
    } catch (error) {
      log.warn({ err: error as Error }, 'a batch from the broker waits');
      const attempt = Math.min(message.info.deliveryCount, 6);
      answer = { again: Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS) };
    }
    if (answer === 'taken') message.ack();
    else if ('again' in answer) message.nak(answer.again);
    else message.term(answer.refused);
  }

  async #take(broker: Broker, message: JsMsg): Promise<Answer> {
    const read = readMessage(message);
    const verified = await verifyMessage(this.#context, read);
    if ('refused' in verified) return verified;
    const { batch, site } = verified;
    const taken = await this.#offer(batch, site);
    if (taken === 'taken' || 'refused' in taken) return taken;
    // Another server may have the one that is due in hand.
    if (message.info.deliveryCount <= BROKER_OFFERS) return { again: FIRST_PAUSE_MS };
    const due = await this.#takeStored(broker, read, { site, due: taken.due, before: message.seq });
    if (batch.number - due > BROKER_GAP) return { refused: 'gap-too-wide' };
    await this.#giveUp(batch, site, due);
    const last = await this.#offer(batch, site);
    return last === 'taken' || 'refused' in last ? last : { again: FIRST_PAUSE_MS };
  }

  async #offer(
    batch: SensorBatch,
    site: number,
  ): Promise<'taken' | { due: number } | { refused: RefusedBatchReason }> {
    try {
      const acceptance = await offerBatch(this.#context, this.#intake, batch, site);
      return acceptance.outcome === 'gap' ? { due: acceptance.expected } : 'taken';
    } catch (error) {
      if (isOfData(error)) return { refused: 'unstorable' };
      throw error;
    }
  }

  /**
   * Batches that were answered for and that the database does not have: it was put back to an earlier moment, or their sensor was not
   * known yet. What the brokers still store of them is taken. Returns the number that is due then.
   */
  async #takeStored(
    broker: Broker,
    { subject }: BrokerMessage,
    place: { site: number; due: number; before: number },
  ): Promise<number> {
    let { due } = place;
    for await (const stored of broker.stored(subject, place.before)) {
      if (Number(stored.number) !== due) continue;
      const verified = await verifyMessage(this.#context, stored);
      if ('refused' in verified || verified.batch.number !== due) continue;
      if ((await this.#offer(verified.batch, place.site)) === 'taken') due++;
    }
    return due;
  }

  /** Numbers that no broker has go on record as lost, so that what comes after them is taken. */
  async #giveUp(batch: SensorBatch, site: number, from: number): Promise<void> {
    const statistics = { packets: 0, bytes: 0, dropped: {}, evicted: { 'broker-lost': 1 } };
    for (let number = from; number < batch.number; number++) {
      const empty = { ...batch, number, last: false, conversations: [], sightings: [], statistics };
      await this.#offer(empty, site);
    }
  }

  async #refuse(message: JsMsg, reason: RefusedBatchReason): Promise<void> {
    const { database, now, log, metrics } = this.#context;
    const [, site = '', sensor = ''] = message.subject.split('.');
    const isNumber = /^\d{1,9}$/.test(site);
    const named = { site: isNumber ? Number(site) : 0, sensor: sensor.slice(0, 128) };
    await countRefused(database, { ...named, reason, at: now() });
    metrics.batches.inc({ outcome: 'refused' });
    log.warn({ ...named, reason }, 'a batch from the broker is refused');
  }

  async #tidy(): Promise<void> {
    if (this.#broker === null) return;
    const standing = await this.#broker.standing();
    this.#context.metrics.brokerWaiting.set(standing.waiting);
    this.#context.metrics.brokerBytes.set(standing.bytes);
    const upTo = this.#retention.forgettable(this.#context.now(), standing);
    if (upTo !== null) await this.#broker.forget(upTo);
  }
}
