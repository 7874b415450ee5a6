import { openSensorLog, readSensorLog } from '@wardline/formats';
import type { SensorBatch } from '@wardline/model';
import { type CaptureSummary, type SenseOptions, sense } from '@wardline/sensor';

/** Reads a capture, a log of Zeek or Suricata, or a scan, as its first bytes show; both end in the same batches. */
export async function* readEvidence(
  chunks: AsyncIterable<Uint8Array>,
  options: SenseOptions,
): AsyncGenerator<SensorBatch, CaptureSummary> {
  const { format, source } = await openSensorLog(chunks);
  if (format === null) return yield* sense(source, options);
  return yield* readSensorLog(source, format, options);
}
