import { setTimeout } from 'node:timers/promises';

const PIECE = 16 * 1024;

/** The same bytes, no faster than so many a second on the average. */
export async function* throttled(
  source: AsyncIterable<Uint8Array>,
  bytesPerSecond: number,
): AsyncGenerator<Uint8Array> {
  const begun = performance.now();
  let sent = 0;
  for await (const chunk of source)
    for (let at = 0; at < chunk.length; at += PIECE) {
      const piece = chunk.subarray(at, at + PIECE);
      yield piece;
      sent += piece.length;
      const ahead = (sent / bytesPerSecond) * 1000 - (performance.now() - begun);
      if (ahead > 1) await setTimeout(ahead);
    }
}
