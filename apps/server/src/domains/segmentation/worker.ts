import { parentPort, workerData } from 'node:worker_threads';
import { loadKnowledge } from '@wardline/knowledge';
import type { Connection } from '../../store/cluster/cluster.ts';
import { openDatabase } from '../../store/database.ts';
import type { DeskAnswer } from './desk.ts';
import { answer, type Question } from './questions.ts';
import { Unanswerable } from './unanswerable.ts';

// A connection that breaks fails its question, which says so.
const database = openDatabase(workerData as Connection, () => {});
const knowledge = loadKnowledge();
const port = parentPort!;

port.on('message', ({ question, now }: { question: Question; now: number }) => {
  answer(database, { knowledge, now }, question).then(
    (result) => port.postMessage({ result } satisfies DeskAnswer),
    (error: unknown) =>
      port.postMessage(
        (error instanceof Unanswerable
          ? { unanswerable: error.message }
          : { error: wordsOf(error) }) satisfies DeskAnswer,
      ),
  );
});

/** Never the row or the statement that a database error carries. */
function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'a question about a policy failed';
}
