import { createGunzip, type Gunzip } from 'node:zlib';

/** Compressed bytes handed to zlib at once: deflate grows at most 1032-fold, so that at most 16 MiB come out. */
const PIECE = 16_384;

/**
 * Decompresses gzip (also several members behind one another). Everything before damage or a cut comes out; the return
 * value then says what was wrong, and is null for a whole file.
 */
export async function* gunzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, string | null> {
  const stream = createGunzip({ chunkSize: 262_144 });
  const out: Uint8Array[] = [];
  // Flowing mode, never paused: what is decompressed stands in `out` before an error can discard it.
  stream.on('data', (chunk: Uint8Array) => out.push(chunk));
  const failure = new Promise<string>((resolve) => {
    stream.on('error', (error: Error) => resolve(error.message));
  });
  try {
    for await (const chunk of source) {
      for (let at = 0; at < chunk.length; at += PIECE) {
        const problem = await Promise.race([write(stream, chunk.subarray(at, at + PIECE)), failure]);
        yield* out.splice(0);
        if (problem !== null) return problem;
      }
    }
    const problem = await Promise.race([end(stream), failure]);
    yield* out.splice(0);
    return problem;
  } finally {
    stream.destroy();
  }
}

function write(stream: Gunzip, piece: Uint8Array): Promise<string | null> {
  return new Promise((resolve) => {
    stream.write(piece, (error) => resolve(error ? error.message : null));
  });
}

function end(stream: Gunzip): Promise<null> {
  return new Promise((resolve) => {
    stream.on('end', () => resolve(null));
    stream.end();
  });
}
