import { once } from 'node:events';

/** Where the product of a command goes; waits while the reader is slow. */
export async function writeOut(
  chunks: Iterable<string>,
  stream: NodeJS.WritableStream = process.stdout,
): Promise<void> {
  let pending = '';
  for (const chunk of chunks) {
    pending += chunk;
    if (pending.length < 65_536) continue;
    if (!stream.write(pending)) await once(stream, 'drain');
    pending = '';
  }
  if (pending !== '') await new Promise<void>((done) => stream.write(pending, () => done()));
}

/** `wardline … | head` is no error: a reader that left has seen enough. */
export function toleratePipeEnd(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      // Without a listener for its messages the work itself goes on.
      if (stream === process.stdout) process.exit(process.exitCode ?? 0);
    });
  }
}

/** A person's COLUMNS counts where the output is no terminal; beyond some width a sentence is hard to follow. */
export function pageWidth(): number {
  const width = process.stdout.columns ?? (Number(process.env.COLUMNS) || 100);
  return Math.min(Math.max(width, 40), 160);
}
