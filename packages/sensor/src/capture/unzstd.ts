import { constants, createZstdDecompress, type ZstdDecompress } from 'node:zlib';
import { MAX_ZSTD_OUTPUT, MAX_ZSTD_WINDOW_LOG } from '../limits.ts';

/** Compressed bytes handed over at once. */
const PIECE = 16_384;

/** True for the first four bytes of a zstd frame or of a skippable one (RFC 8878 §3.1). */
export function isZstd(head: Uint8Array): boolean {
  if (head.length < 4 || head[2] !== (head[0] === 0x28 ? 0x2f : 0x4d)) return false;
  if (head[0] === 0x28) return head[1] === 0xb5 && head[3] === 0xfd;
  return (head[0]! & 0xf0) === 0x50 && head[1] === 0x2a && head[3] === 0x18;
}

/**
 * Decompresses zstd (also several frames behind one another). Everything before damage or a cut comes out; the return
 * value then says what was wrong, and is null for a whole file. A few bytes can stand for gigabytes: decompression waits
 * until what came out is taken.
 */
export async function* unzstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, string | null> {
  let frame = new Frame();
  let isFresh = true;
  try {
    for await (const chunk of source) {
      for (let at = 0; at < chunk.length; at += PIECE) {
        for (let rest = chunk.subarray(at, at + PIECE); rest.length > 0; ) {
          yield* frame.write(rest);
          if (frame.problem !== null) return frame.problem;
          isFresh = false;
          if (!frame.isOver) break;
          rest = rest.subarray(frame.taken);
          frame = new Frame();
          isFresh = true;
        }
      }
    }
    if (!isFresh) yield* frame.end();
    return frame.problem;
  } finally {
    frame.destroy();
  }
}

/** One frame. What was decompressed before an error is not discarded with it. */
class Frame {
  isOver = false;
  problem: string | null = null;
  /** Bytes of the last piece that were of this frame. */
  taken = 0;
  readonly #stream: ZstdDecompress = createZstdDecompress({
    chunkSize: 262_144,
    params: { [constants.ZSTD_d_windowLogMax]: MAX_ZSTD_WINDOW_LOG },
  });
  #out: Uint8Array[] = [];
  #held = 0;
  #isDone = false;
  #wake: () => void = () => {};

  constructor() {
    this.#stream.on('data', (chunk: Uint8Array) => {
      this.#out.push(chunk);
      this.#held += chunk.length;
      if (this.#held < MAX_ZSTD_OUTPUT) return;
      this.#stream.pause();
      this.#wake();
    });
    this.#stream.on('error', (error: Error) => {
      this.problem = error.message;
      this.#finish();
    });
    this.#stream.on('end', () => {
      this.isOver = true;
      this.#finish();
    });
  }

  async *write(piece: Uint8Array): AsyncGenerator<Uint8Array> {
    const before = this.#stream.bytesWritten;
    this.#isDone = false;
    this.#stream.write(piece, (error) => {
      if (error) this.problem = error.message;
      this.#finish();
    });
    yield* this.#output();
    this.taken = this.#stream.bytesWritten - before;
  }

  async *end(): AsyncGenerator<Uint8Array> {
    this.#isDone = false;
    this.#stream.end();
    yield* this.#output();
  }

  destroy(): void {
    this.#stream.destroy();
  }

  #finish(): void {
    this.#isDone = true;
    this.#wake();
  }

  /** Hands out what comes until the piece is used up. */
  async *#output(): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (!this.#isDone && this.#held < MAX_ZSTD_OUTPUT)
        await new Promise<void>((resolve) => (this.#wake = resolve));
      const out = this.#out;
      this.#out = [];
      this.#held = 0;
      yield* out;
      if (this.#isDone && this.#out.length === 0) return;
      this.#stream.resume();
    }
  }
}
