import type { Frame, Header } from './frames.ts';

/** Headers one by one, each with the data behind it. */
export class FrameReader {
  readonly #frames: AsyncGenerator<Frame>;
  #next: Header | null = null;

  constructor(frames: AsyncGenerator<Frame>) {
    this.#frames = frames;
  }

  /** Null at the end. Data that nobody took is passed over. */
  async header(): Promise<Header | null> {
    if (this.#next === null) for await (const _ of this.data());
    const header = this.#next;
    this.#next = null;
    return header;
  }

  /** Up to the next header. */
  async *data(): AsyncGenerator<Buffer> {
    if (this.#next !== null) return;
    for (let step = await this.#frames.next(); !step.done; step = await this.#frames.next()) {
      if (step.value.kind === 'header') {
        this.#next = step.value.header;
        return;
      }
      yield step.value.bytes;
    }
  }

  /** Gives up what was not read. */
  async close(): Promise<void> {
    await this.#frames.return(undefined);
  }

  async all(): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.data()) pieces.push(piece);
    return Buffer.concat(pieces);
  }
}
