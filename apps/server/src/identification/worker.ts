import { parentPort, workerData } from 'node:worker_threads';
import { loadKnowledge } from '@wardline/knowledge';
import type { Connection } from '../store/cluster/cluster.ts';
import { openDatabase } from '../store/database.ts';
import { identifyNow } from './run.ts';
import type { ThreadAnswer } from './thread.ts';

// A connection that breaks fails its run, which says so.
const database = openDatabase(workerData as Connection, () => {});
const knowledge = loadKnowledge();
const port = parentPort!;

port.on('message', (now: number) => {
  identifyNow(database, knowledge, now).then(
    (result) => port.postMessage({ result } satisfies ThreadAnswer),
    (error: unknown) => port.postMessage({ error: wordsOf(error) } satisfies ThreadAnswer),
  );
});

/** Never the row or the statement that a database error carries. */
function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'identification failed';
}
