import { parentPort, workerData } from 'node:worker_threads';
import { loadKnowledge } from '@wardline/knowledge';
import type { ThreadAnswer } from '../../jobs/job-thread.ts';
import type { Connection } from '../../store/cluster/cluster.ts';
import { openDatabase } from '../../store/database.ts';
import { Watcher } from './run.ts';
import type { WatchQuestion, WatchResult } from './site-run.ts';

// A connection that breaks fails its run, which says so.
const database = openDatabase(workerData as Connection, () => {});
const watcher = new Watcher(database, loadKnowledge());
const port = parentPort!;

port.on('message', (question: WatchQuestion) => {
  watcher.run(question).then(
    (result) => port.postMessage({ result } satisfies ThreadAnswer<WatchResult>),
    (error: unknown) => port.postMessage({ error: wordsOf(error) } satisfies ThreadAnswer<WatchResult>),
  );
});

/** Never the row or the statement that a database error carries. */
function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'watching failed';
}
