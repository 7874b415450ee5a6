import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadAnswer } from '../../jobs/job-thread.ts';
import type { Connection } from '../../store/cluster/cluster.ts';
import { openDatabase } from '../../store/database.ts';
import { type LearntAnswer, type LearntQuestion, learntDevices } from './learnt.ts';
import { loadWatch } from './state.ts';

const database = openDatabase(workerData as Connection, () => {});
const port = parentPort!;

port.on('message', (question: LearntQuestion) => {
  answer(question).then(
    (result) => port.postMessage({ result } satisfies ThreadAnswer<LearntAnswer>),
    () =>
      port.postMessage({ error: 'what was learnt could not be read' } satisfies ThreadAnswer<LearntAnswer>),
  );
});

async function answer(question: LearntQuestion): Promise<LearntAnswer> {
  const loaded = await loadWatch(database, question.site);
  if (loaded === null || !('watch' in loaded)) return { total: 0, items: [] };
  return learntDevices(loaded.watch, question);
}
