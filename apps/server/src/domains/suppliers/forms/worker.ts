import { parentPort, workerData } from 'node:worker_threads';
import { readMds2 } from '@wardline/formats';

const port = parentPort!;
port.postMessage(await readMds2(workerData as Uint8Array));
