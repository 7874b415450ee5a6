import { parentPort, workerData } from 'node:worker_threads';
import { Watch } from '@wardline/watch';
import { sql } from 'kysely';
import type { ThreadAnswer } from '../../../jobs/job-thread.ts';
import type { Connection } from '../../../store/cluster/cluster.ts';
import { openDatabase } from '../../../store/database.ts';
import { loadWatch } from '../state.ts';
import { ClassBook } from './class-book.ts';
import { answer, type LearntAnswers, type LearntQuestion } from './questions.ts';

type Answer = ThreadAnswer<LearntAnswers[LearntQuestion['what']]>;
const database = openDatabase(workerData as Connection, () => {});
const port = parentPort!;
const classes = new ClassBook();
/** A state is large: the one asked for last is kept as long as it stands. */
let kept: { site: number; saved: number; watch: Watch } | null = null;

port.on('message', (question: LearntQuestion) => {
  answered(question).then(
    (result) => port.postMessage({ result } satisfies Answer),
    () => port.postMessage({ error: 'what was learnt could not be read' } satisfies Answer),
  );
});

/** Of a state that is not there or can't be read nothing was learnt. */
async function answered(question: LearntQuestion): Promise<LearntAnswers[LearntQuestion['what']]> {
  const { site } = question;
  const { rows } = await sql<{ saved: number }>`select saved from watch_site where site = ${site}`.execute(
    database,
  );
  const saved = rows[0]?.saved ?? 0;
  if (kept?.site !== site || kept.saved !== saved) {
    kept = null;
    const loaded = await loadWatch(database, site);
    kept = {
      site,
      saved,
      watch: loaded !== null && 'watch' in loaded ? loaded.watch : new Watch('learning'),
    };
  }
  const { watch } = kept;
  watch.classify(await classes.of(database, site, Date.now() * 1000, true));
  return answer(watch, question);
}
