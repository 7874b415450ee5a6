import { Worker } from 'node:worker_threads';
import { IDENTIFICATION_MEGABYTES } from '../limits.ts';
import type { Connection } from '../store/cluster/cluster.ts';
import type { RunResult } from './run.ts';

export type ThreadAnswer = { result: RunResult } | { error: string };

/**
 * Identification in a thread of its own with its own connections, so that requests are answered meanwhile. A thread that
 * dies fails its run and no other: the next run starts a new one, and what the dead one wrote was never committed.
 */
export class IdentificationThread {
  readonly #connection: Connection;
  #worker: Worker | null = null;
  #closed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** One run at a time. Rejects where the run failed; nothing of it is stored then. */
  async run(now: number): Promise<RunResult> {
    if (this.#closed) throw new Error('the server closes');
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const answer = await ask(worker, now).catch((error: unknown) => {
      this.#worker = null;
      throw error;
    });
    if ('error' in answer) throw new Error(answer.error);
    return answer.result;
  }

  /** Ends a run that is under way; it is made again at the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: this.#connection,
      resourceLimits: { maxOldGenerationSizeMb: IDENTIFICATION_MEGABYTES },
    });
    // Whoever waits for a run hears of it there; in between a death only means a new thread.
    worker.on('error', () => {});
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = null;
    });
    worker.unref();
    return worker;
  }
}

function ask(worker: Worker, now: number): Promise<ThreadAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ThreadAnswer>();
  const onExit = () => reject(new Error('the thread of identification ended'));
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', onExit);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  worker.postMessage(now);
  return promise.finally(() => {
    worker.off('message', resolve);
    worker.off('error', reject);
    worker.off('exit', onExit);
  });
}
