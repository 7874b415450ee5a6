import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib';
import { gzipHeaderLength } from './gzip-header.ts';

/** Compressed bytes handed to zlib at once: deflate grows at most 1032-fold, so that at most 16 MiB come out. */
const PIECE = 16_384;
const TRAILER = 8;
const EMPTY = new Uint8Array(0);

/**
 * Decompresses gzip (also several members behind one another). Everything before damage or a cut comes out; the return
 * value then says what was wrong, and is null for a whole file. Zeros behind the last member are padding, as gzip(1)
 * has it; other bytes there are reported and take nothing away.
 */
export async function* gunzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, string | null> {
  const members = new Members();
  try {
    for await (const chunk of source) {
      for (let at = 0; at < chunk.length; at += PIECE) {
        for (let rest = chunk.subarray(at, at + PIECE); rest.length > 0; ) {
          const left = await members.take(rest);
          yield* members.output();
          if (typeof left === 'string') return left;
          rest = left;
        }
      }
    }
    return members.atEnd();
  } finally {
    members.destroy();
  }
}

type Part = 'header' | 'body' | 'trailer' | 'padding';

/** Goes through header, body and trailer of one member after the other (RFC 1952 §2.2). */
class Members {
  #part: Part = 'header';
  #count = 0;
  /** The start of a header or trailer that is not whole yet. */
  #pending: Uint8Array = EMPTY;
  #body = new Body();

  /** Takes bytes; returns those that belong to the next part, or what is wrong. */
  async take(bytes: Uint8Array): Promise<Uint8Array | string> {
    if (this.#part === 'padding') return bytes.every((byte) => byte === 0) ? EMPTY : BEHIND;
    if (this.#part === 'body') return this.#takeBody(bytes);
    const all = this.#pending.length === 0 ? bytes : joined(this.#pending, bytes);
    const rest = this.#part === 'header' ? this.#takeHeader(all) : this.#takeTrailer(all);
    this.#pending = rest === null ? all.slice() : EMPTY;
    return rest ?? EMPTY;
  }

  output(): Uint8Array[] {
    return this.#body.output();
  }

  atEnd(): string | null {
    if (this.#part === 'padding') return null;
    return this.#part === 'header' && this.#count > 0 && this.#pending.length === 0
      ? null
      : 'unexpected end of file';
  }

  destroy(): void {
    this.#body.destroy();
  }

  #takeHeader(all: Uint8Array): Uint8Array | string | null {
    const length = gzipHeaderLength(all);
    if (length === 'more') return null;
    if (length === 'invalid' && this.#count > 0) {
      this.#part = 'padding';
      return all;
    }
    if (length === 'invalid') return 'incorrect header check';
    this.#part = 'body';
    this.#count += 1;
    this.#body.destroy();
    this.#body = new Body();
    return all.subarray(length);
  }

  async #takeBody(bytes: Uint8Array): Promise<Uint8Array | string> {
    const taken = await this.#body.write(bytes);
    if (typeof taken === 'string') return taken;
    // zlib tells of the end only when it is handed more than it wants.
    if (this.#body.ended) this.#part = 'trailer';
    return bytes.subarray(taken);
  }

  #takeTrailer(all: Uint8Array): Uint8Array | string | null {
    if (all.length < TRAILER) return null;
    const view = new DataView(all.buffer, all.byteOffset, TRAILER);
    this.#part = 'header';
    if (view.getUint32(0, true) !== this.#body.checksum) return 'incorrect data check';
    if (view.getUint32(4, true) !== this.#body.length % 2 ** 32) return 'incorrect length check';
    return all.subarray(TRAILER);
  }
}

const BEHIND = 'other bytes behind the last gzip member';

/** One member's compressed bytes. What was decompressed before an error is not discarded with it. */
class Body {
  ended = false;
  checksum = 0;
  length = 0;
  readonly #stream: InflateRaw = createInflateRaw({ chunkSize: 262_144 });
  #out: Uint8Array[] = [];
  #settle: (problem: string | null) => void = () => {};

  constructor() {
    // Flowing mode, never paused: what is decompressed stands in `out` before an error can discard it.
    this.#stream.on('data', (chunk: Uint8Array) => {
      this.checksum = crc32(chunk, this.checksum);
      this.length += chunk.length;
      this.#out.push(chunk);
    });
    this.#stream.on('error', (error: Error) => this.#settle(error.message));
    this.#stream.on('end', () => {
      this.ended = true;
      this.#settle(null);
    });
  }

  /** Returns how many of the bytes were of this member, or what is wrong. */
  async write(piece: Uint8Array): Promise<number | string> {
    const before = this.#stream.bytesWritten;
    const problem = await new Promise<string | null>((resolve) => {
      this.#settle = resolve;
      this.#stream.write(piece, (error) => resolve(error ? error.message : null));
    });
    return problem ?? this.#stream.bytesWritten - before;
  }

  output(): Uint8Array[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  destroy(): void {
    this.#stream.destroy();
  }
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const all = new Uint8Array(left.length + right.length);
  all.set(left);
  all.set(right, left.length);
  return all;
}
