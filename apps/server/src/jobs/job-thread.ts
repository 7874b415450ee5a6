import { Worker } from 'node:worker_threads';
import type { Connection } from '../store/cluster/cluster.ts';

export type ThreadAnswer<R> = { result: R } | { error: string };

interface ThreadNeeds {
  /** How its errors call it. */
  what: string;
  script: URL;
  /** Of memory that it may take. */
  megabytes: number;
  connection: Connection;
}

/**
 * A job in a thread of its own with its own connections, so that requests are answered meanwhile. A thread that dies fails
 * its run and no other: the next run starts a new one, and what the dead one wrote was never committed.
 */
export class JobThread<Q, R> {
  readonly #needs: ThreadNeeds;
  #worker: Worker | null = null;
  #closed = false;

  constructor(needs: ThreadNeeds) {
    this.#needs = needs;
  }

  /** One run at a time. Rejects where the run failed; nothing of it is stored then. */
  async run(question: Q): Promise<R> {
    if (this.#closed) throw new Error('the server closes');
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const answer = await this.#ask(worker, question).catch((error: unknown) => {
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
    const { script, connection, megabytes } = this.#needs;
    const worker = new Worker(script, {
      workerData: connection,
      resourceLimits: { maxOldGenerationSizeMb: megabytes },
    });
    // Whoever waits for a run hears of it there; in between a death only means a new thread.
    worker.on('error', () => {});
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = null;
    });
    worker.unref();
    return worker;
  }

  #ask(worker: Worker, question: Q): Promise<ThreadAnswer<R>> {
    const { promise, resolve, reject } = Promise.withResolvers<ThreadAnswer<R>>();
    const onExit = () => reject(new Error(`the thread of ${this.#needs.what} ended`));
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', onExit);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage(question);
    return promise.finally(() => {
      worker.off('message', resolve);
      worker.off('error', reject);
      worker.off('exit', onExit);
    });
  }
}
