import type { InputError } from '@wardline/model';
import type { CaptureSummary, SenseOptions } from '@wardline/sensor';
import type { Progress } from '../terminal/progress.ts';
import { byteSize, counted, integer } from '../terminal/units.ts';
import type { Handover } from './deliver.ts';
import type { Feed } from './feeds.ts';

type Shared = Pick<SenseOptions, 'sensor' | 'redactor' | 'limits'>;

/** Reads one feed and sends its batches; returns 1 where there was something to read. */
export async function readFeed(
  one: Feed,
  shared: Shared,
  stop: AbortSignal,
  delivery: Handover,
  progress: Progress,
): Promise<number> {
  const { name, stream, read, resumes, live } = one;
  const started = { sent: delivery.sent, known: delivery.known };
  let there = 0;
  const has = resumes ? await delivery.lastNumber(shared.sensor, stream) : 0;
  const batches = read({
    ...shared,
    ...live,
    file: name,
    stream,
    // A live source ends by itself when it is asked to, and its last words still count.
    ...(resumes ? { signal: stop } : {}),
    onProgress: (bytesRead, packets) =>
      progress.step(
        `reading ${name}: ${byteSize(bytesRead)}, ${counted(packets, 'packet')}, ${counted(delivery.sent, 'batch', 'batches')} sent`,
      ),
  });
  let next = await batches.next();
  for (; !next.done; next = await batches.next()) {
    if (next.value.number <= has) there++;
    // An aborted file's last batch would close a stream that goes on in the next run.
    else if (!(stop.aborted && resumes)) await delivery.send(next.value);
  }
  progress.clear();
  // Behind an interface that gave nothing, that the bytes are no capture says no more.
  const said = one.failures.length > 0 && next.value.packets === 0 ? [] : next.value.errors;
  const errors = stop.aborted ? [] : [...one.failures, ...said];
  return conclude(name, next.value, errors, {
    sent: delivery.sent - started.sent,
    known: delivery.known - started.known + there,
  });
}

function conclude(
  name: string,
  summary: CaptureSummary,
  errors: readonly InputError[],
  batches: { sent: number; known: number },
): number {
  for (const error of errors) sayError(error);
  const before = batches.known > 0 ? `, ${integer(batches.known)} were there already` : '';
  process.stderr.write(
    `${name}: ${counted(summary.packets, 'packet')} read, ${counted(batches.sent, 'batch', 'batches')} sent${before}\n`,
  );
  return summary.format.startsWith('unknown') ? 0 : 1;
}

export function sayError(error: InputError): void {
  const place = [
    error.record === null ? '' : `, record ${error.record}`,
    error.offset === null ? '' : `, byte ${error.offset}`,
  ];
  process.stderr.write(`${error.file}${place.join('')}: ${error.message}\n`);
}
