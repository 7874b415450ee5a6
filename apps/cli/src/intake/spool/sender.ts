import { z } from 'zod';
import type { Answer } from '../../api/client.ts';
import { FIRST_PAUSE_MS, isPassing, LONGEST_PAUSE_MS, outcomeOf, type Surroundings } from '../deliver.ts';
import { type Body, bodyOf, emptyBatch } from './record.ts';
import type { Spool, Taken } from './spool.ts';

const gapSchema = z.object({ expected: z.int().min(1) });

/** What a sender tells of, as a person may want to know it. */
export interface SenderNews {
  /** The server does not answer, or cannot take anything just now. */
  waiting(message: string): void;
  /** The server would not take it; it is tried again now and then, as a new token or version may mend it. */
  refused(message: string): void;
  /** The server was put back to an earlier moment, and does not know so many batches any more that it had. */
  forgotten(batches: number): void;
}

/**
 * Hands over what a spool holds, oldest first, one after the other, for as long as it takes. A batch leaves the spool when
 * the server says that it has it.
 */
export class SpoolSender {
  readonly #spool: Spool;
  readonly #sensor: string;
  readonly #around: Pick<Surroundings, 'hand' | 'now' | 'pause' | 'chance'>;
  readonly #news: SenderNews;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #isEnding = false;
  #wakeForEnd = () => {};
  #progressAt: number;
  sent = 0;
  /** Were there already, from an earlier attempt. */
  known = 0;
  /** Why the server took nothing at the last attempt; null where it did. */
  refusal: string | null = null;

  constructor(
    spool: Spool,
    sensor: string,
    around: Pick<Surroundings, 'hand' | 'now' | 'pause' | 'chance'>,
    news: SenderNews,
  ) {
    this.#spool = spool;
    this.#sensor = sensor;
    this.#around = around;
    this.#news = news;
    this.#progressAt = around.now();
    this.#running = this.#run();
    // Whoever finishes it hears of what failed.
    this.#running.catch(() => {});
  }

  /**
   * Ends when nothing waits any more, when the server refuses, or when nothing was taken for `patienceMs`; with `atMostMs` after
   * that time in any case.
   */
  async finish(patienceMs: number, atMostMs = Number.POSITIVE_INFINITY): Promise<void> {
    this.#isEnding = true;
    this.#wakeForEnd();
    const since = this.#around.now();
    this.#progressAt = since;
    const watch = async () => {
      const isOver = () => {
        const now = this.#around.now();
        const isPatient = now - this.#progressAt < patienceMs && now - since < atMostMs;
        return this.#stop.signal.aborted || this.refusal !== null || !isPatient;
      };
      while (!isOver()) await this.#around.pause(FIRST_PAUSE_MS, this.#stop.signal);
    };
    await Promise.race([this.#running, watch()]);
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const taken = await this.#spool.take();
      if (taken !== null) await this.#hand(taken);
      else if (this.#isEnding) return;
      else await Promise.race([this.#spool.filled(), this.#ending()]);
    }
  }

  #ending(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeForEnd = resolve;
      if (this.#isEnding) resolve();
    });
  }

  /** All numbers of what was taken, until the server has them; less where it is asked to stop. */
  async #hand(taken: Taken): Promise<void> {
    for (let number = taken.entry.from; number <= taken.entry.to; number++) {
      const body = await taken.body(number);
      if (!(await this.#persist(taken.entry.stream, number, body))) return;
    }
    await this.#spool.acknowledge(taken);
  }

  /** False where it was asked to stop before the server had it. */
  async #persist(stream: string, number: number, body: Body): Promise<boolean> {
    for (
      let pause = FIRST_PAUSE_MS;
      !this.#stop.signal.aborted;
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
    ) {
      const answer = await this.#post(stream, number, body);
      const outcome = outcomeOf(answer);
      if (outcome !== null) {
        this.refusal = null;
        this.#progressAt = this.#around.now();
        if (outcome === 'accepted') this.sent++;
        else this.known++;
        return true;
      }
      if (await this.#fillGap(answer, stream, number)) continue;
      this.#tell(answer);
      const milliseconds = pause * (0.5 + this.#around.chance() / 2);
      await this.#around.pause(milliseconds, this.#stop.signal);
    }
    return false;
  }

  /**
   * Batches are removed only when the server has them. One that asks for them again was put back to an earlier moment;
   * it gets their numbers, so that what comes after is taken, and what is missing is counted.
   */
  async #fillGap(answer: Answer, stream: string, number: number): Promise<boolean> {
    if (answer.kind !== 'refused' || answer.status !== 409) return false;
    const gap = gapSchema.safeParse(answer.body);
    if (!gap.success || gap.data.expected >= number) return false;
    for (let missing = gap.data.expected; missing < number; missing++) {
      const place = { sensor: this.#sensor, stream, number: missing, last: false };
      const reply = await this.#post(
        stream,
        missing,
        await bodyOf(emptyBatch(place, { 'server-put-back': 1 })),
      );
      if (outcomeOf(reply) === null) return false;
    }
    this.#news.forgotten(number - gap.data.expected);
    return true;
  }

  #post(stream: string, number: number, body: Body): Promise<Answer> {
    return this.#around.hand({ stream, number, body }, this.#stop.signal);
  }

  #tell(answer: Answer): void {
    if (this.#stop.signal.aborted) return;
    const message = answer.kind === 'ok' ? 'it did not say whether it took the batch' : answer.message;
    const isRefusal = answer.kind === 'refused' && !isPassing(answer.status);
    if (!isRefusal) this.#news.waiting(message);
    else if (this.refusal !== message) this.#news.refused(message);
    this.refusal = isRefusal ? message : null;
  }
}
