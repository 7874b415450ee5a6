import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { loadKnowledge } from '@wardline/knowledge';
import type { SensorBatch } from '@wardline/model';
import { Redactor, sense } from '@wardline/sensor';

const folder = join(import.meta.dirname, '../../../../fixtures/attacks');

/** A recording of the testbed's as a sensor sends it: all at once, or a batch for each so many microseconds. */
export async function recorded(
  name: 'normal' | 'attacks',
  stream: string,
  everyMicros: number | null = null,
): Promise<SensorBatch[]> {
  const batches: SensorBatch[] = [];
  const sensing = sense(createReadStream(join(folder, `${name}.pcap.gz`)), {
    file: `${name}.pcap.gz`,
    sensor: 'test',
    stream,
    redactor: new Redactor(new Uint8Array(32), loadKnowledge().defaultCredentials),
    ...(everyMicros === null ? {} : { flushEveryMicros: everyMicros, limits: { sliceMicros: everyMicros } }),
  });
  for await (const batch of sensing) batches.push(batch);
  return batches;
}
