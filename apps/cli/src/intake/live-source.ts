const EMPTY = new Uint8Array(0);

/**
 * A live stream's chunks, with an empty one whenever nothing came for `idleMs` after something did. `isFlushDue` is then
 * true once, so that what was seen before the silence is handed over.
 */
export class LiveSource {
  readonly #source: AsyncIterable<Uint8Array>;
  readonly #idleMs: number;
  #due = false;

  constructor(source: AsyncIterable<Uint8Array>, idleMs: number) {
    this.#source = source;
    this.#idleMs = idleMs;
  }

  readonly isFlushDue = (): boolean => {
    const due = this.#due;
    this.#due = false;
    return due;
  };

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const iterator = this.#source[Symbol.asyncIterator]();
    let waitingFor = iterator.next();
    let fresh = false;
    try {
      for (;;) {
        const next = fresh ? await this.#within(waitingFor) : await waitingFor;
        if (next === 'idle') {
          fresh = false;
          this.#due = true;
          yield EMPTY;
          continue;
        }
        if (next.done) return;
        fresh = true;
        yield next.value;
        waitingFor = iterator.next();
      }
    } finally {
      await iterator.return?.();
    }
  }

  async #within<T>(promise: Promise<T>): Promise<T | 'idle'> {
    let timer: NodeJS.Timeout | undefined;
    const idle = new Promise<'idle'>((resolve) => {
      timer = setTimeout(() => resolve('idle'), this.#idleMs);
    });
    try {
      return await Promise.race([promise, idle]);
    } finally {
      clearTimeout(timer);
    }
  }
}
