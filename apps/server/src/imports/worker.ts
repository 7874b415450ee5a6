import { createReadStream } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { openSensorLog, readSensorLog } from '@wardline/formats';
import {
  type KnownCredential,
  Redactor,
  type SenseOptions,
  type SensorLimits,
  sense,
} from '@wardline/sensor';
import { endpointsOfBatch } from '../intake/merge.ts';

/** What the worker is told. */
export interface WorkerTask {
  path: string;
  file: string;
  sensor: string;
  stream: string;
  /** Batches up to this number were taken before and are not sent again. */
  after: number;
  redactionKey: Uint8Array;
  limits: Partial<SensorLimits>;
  credentials: readonly KnownCredential[];
}

/** Uncompressed progress is worth a message at most this often. */
const PROGRESS_BYTES = 1 << 20;

async function work(task: WorkerTask): Promise<void> {
  const port = parentPort!;
  let told = 0;
  const options: SenseOptions = {
    file: task.file,
    sensor: task.sensor,
    stream: task.stream,
    redactor: new Redactor(task.redactionKey, task.credentials),
    limits: task.limits,
    onProgress: (bytesRead, packets) => {
      if (bytesRead - told < PROGRESS_BYTES) return;
      told = bytesRead;
      port.postMessage({ kind: 'progress', bytesRead, packets });
    },
  };
  const { format, source } = await openSensorLog(createReadStream(task.path, { highWaterMark: 1 << 20 }));
  const batches = format === null ? sense(source, options) : readSensorLog(source, format, options);
  let step = await batches.next();
  for (; step.done !== true; step = await batches.next()) {
    if (step.value.number <= task.after)
      port.postMessage({ kind: 'passed', endpoints: endpointsOfBatch(step.value).map(({ key }) => key) });
    else {
      port.postMessage({ kind: 'batch', batch: step.value });
      await acknowledged();
    }
  }
  port.postMessage({ kind: 'done', summary: step.value });
}

function acknowledged(): Promise<void> {
  return new Promise((resolve) => parentPort!.once('message', () => resolve()));
}

await work(workerData as WorkerTask);
