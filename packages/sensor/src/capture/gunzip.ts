import { createGunzip, type Gunzip } from 'node:zlib';

/** Compressed bytes handed to zlib at once: deflate grows at most 1032-fold, so that at most 16 MiB come out. */
const PIECE = 16_384;

/**
 * Decompresses gzip (also several members behind one another). Everything before damage or a cut comes out; the return
 * value then says what was wrong, and is null for a whole file.
 */
export async function* gunzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, string | null> {
  const decoder = new Decoder();
  try {
    for await (const chunk of source) {
      for (let at = 0; at < chunk.length; at += PIECE) {
        const problem = await decoder.write(chunk.subarray(at, at + PIECE));
        yield* decoder.take();
        if (problem !== null) return problem;
      }
    }
    const problem = await decoder.end();
    yield* decoder.take();
    return problem;
  } finally {
    decoder.destroy();
  }
}

/** Node's gunzip, so that what was decompressed before an error is not discarded with it. */
class Decoder {
  readonly #stream: Gunzip = createGunzip({ chunkSize: 262_144 });
  #out: Uint8Array[] = [];
  #settle: (problem: string | null) => void = () => {};

  constructor() {
    // Flowing mode, never paused: what is decompressed stands in `out` before an error can discard it.
    this.#stream.on('data', (chunk: Uint8Array) => this.#out.push(chunk));
    this.#stream.on('error', (error: Error) => this.#settle(error.message));
    this.#stream.on('end', () => this.#settle(null));
  }

  write(piece: Uint8Array): Promise<string | null> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#stream.write(piece, (error) => resolve(error ? error.message : null));
    });
  }

  end(): Promise<string | null> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#stream.end();
    });
  }

  take(): Uint8Array[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  destroy(): void {
    this.#stream.destroy();
  }
}
