import { Worker } from 'node:worker_threads';
import type { Mds2Reading } from '@wardline/formats';
import { MDS2_MEGABYTES, MDS2_MILLISECONDS } from '../../../limits.ts';

const tooMuch: Mds2Reading = {
  fault: { place: '', message: 'reading it takes more time or memory than any form needs' },
};

/** Reads a form in a thread of its own: a file that takes too long, or too much memory, ends its thread and nothing else. */
export async function readForm(bytes: Uint8Array): Promise<Mds2Reading> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: bytes,
    resourceLimits: { maxOldGenerationSizeMb: MDS2_MEGABYTES },
  });
  const { promise, resolve } = Promise.withResolvers<Mds2Reading>();
  const timer = setTimeout(() => resolve(tooMuch), MDS2_MILLISECONDS);
  worker.once('message', resolve);
  worker.once('error', () => resolve(tooMuch));
  worker.once('exit', () => resolve(tooMuch));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
