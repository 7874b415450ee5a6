import { Worker } from 'node:worker_threads';
import { Refusal } from '../../http/problems.ts';
import { POLICY_MEGABYTES, POLICY_QUESTION_MILLISECONDS, POLICY_QUESTIONS_WAITING } from '../../limits.ts';
import type { Connection } from '../../store/cluster/cluster.ts';
import type { Answers, Question } from './questions.ts';

export type DeskAnswer = { result: unknown } | { unanswerable: string } | { error: string };

/**
 * Answers questions about policies one after the other, in a thread of its own: a policy of thousands of rules takes
 * seconds to prove, and requests are answered meanwhile. A question that takes too long, or too much memory, ends its thread and no other.
 */
export class PolicyDesk {
  readonly #connection: Connection;
  #worker: Worker | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #closed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** @throws Refusal where it cannot be answered, and says why */
  async ask<Q extends Question>(question: Q, now: number): Promise<Answers[Q['ask']]> {
    if (this.#waiting >= POLICY_QUESTIONS_WAITING) throw new Refusal('too-many-requests');
    this.#waiting += 1;
    const turn = this.#last.then(() => this.#answer(question, now));
    this.#last = turn.catch(() => {});
    try {
      return (await turn) as Answers[Q['ask']];
    } finally {
      this.#waiting -= 1;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
  }

  async #answer(question: Question, now: number): Promise<unknown> {
    if (this.#closed) throw new Refusal('internal');
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const answer = await put(worker, { question, now }).catch(async (error: unknown) => {
      this.#worker = null;
      await worker.terminate();
      throw error;
    });
    if ('unanswerable' in answer) throw new Refusal('invalid-request', answer.unanswerable);
    if ('error' in answer) throw new Error(answer.error);
    return answer.result;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: this.#connection,
      resourceLimits: { maxOldGenerationSizeMb: POLICY_MEGABYTES },
    });
    // Whoever waits hears of it there; in between a death only means a new thread.
    worker.on('error', () => {});
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = null;
    });
    worker.unref();
    return worker;
  }
}

const tooMuch = () =>
  new Refusal(
    'conflict',
    'This policy is too large to be worked out here: make zones coarser or conduits fewer, or take a shorter span.',
  );

function put(worker: Worker, message: { question: Question; now: number }): Promise<DeskAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<DeskAnswer>();
  const onEnd = () => reject(tooMuch());
  const timer = setTimeout(onEnd, POLICY_QUESTION_MILLISECONDS);
  worker.once('message', resolve);
  worker.once('error', onEnd);
  worker.once('exit', onEnd);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  worker.postMessage(message);
  return promise.finally(() => {
    clearTimeout(timer);
    worker.off('message', resolve);
    worker.off('error', onEnd);
    worker.off('exit', onEnd);
  });
}
