import { type ThreadAnswer as Answer, JobThread } from '../jobs/job-thread.ts';
import { IDENTIFICATION_MEGABYTES } from '../limits.ts';
import type { Connection } from '../store/cluster/cluster.ts';
import type { RunResult } from './run.ts';

export type ThreadAnswer = Answer<RunResult>;

/** Identification, told the time. */
export class IdentificationThread extends JobThread<number, RunResult> {
  constructor(connection: Connection) {
    const script = new URL('./worker.ts', import.meta.url);
    super({ what: 'identification', script, megabytes: IDENTIFICATION_MEGABYTES, connection });
  }
}
