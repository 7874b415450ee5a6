import { type BackupList, type BackupRunRow, formatMicros } from '@wardline/model';
import type { BackupPlan } from '../../config/backups.ts';
import type { Context } from '../../context.ts';
import { alarmTold } from './alarm-row.ts';
import { type BackupRun, keptRuns, lastRuns, lineInUse } from './runs.ts';
import { type Warning, warningsOf } from './standing.ts';

type Needs = Pick<Context, 'database' | 'config' | 'backups' | 'now'>;

/** How many are shown: a year of daily ones. */
const SHOWN = 400;

/** Which backups there are, how old, and what is wrong with them. */
export async function listBackups(context: Needs): Promise<BackupList> {
  const { database, config, backups } = context;
  const [runs, warnings] = [await lastRuns(database, SHOWN), await backupWarnings(context)];
  return {
    plan: config.backups && describePlan(config.backups),
    warnings: warnings.map(({ what, remedy }) => ({ what, remedy })),
    told: await alarmTold(context),
    reach: await reachOf(context),
    items: runs.map((run) => describeRun(run, backups.written)),
  };
}

/** Empty where none are planned. */
export async function backupWarnings(context: Needs): Promise<Warning[]> {
  const { config, backups, now } = context;
  if (config.backups === null) return [];
  const { full, until } = await standingOf(context);
  const of = { full, until, since: backups.since, hindrance: backups.hindrance, trouble: backups.trouble };
  return warningsOf({ plan: config.backups, now: now(), ...of });
}

/** As of when the newest full backup is, and up to when changes are there. */
export async function standingOf({ database }: Pick<Context, 'database'>) {
  const [newest] = await keptRuns(database);
  const full = newest === undefined ? null : { at: newest.at!, proofTrouble: newest.proof_trouble };
  const proved = newest !== undefined && newest.proved !== null && newest.proof_trouble === null;
  return { full, proved, until: (await lineInUse(database))?.until ?? null };
}

async function reachOf({ database }: Needs): Promise<BackupList['reach']> {
  const line = await lineInUse(database);
  const first = (await keptRuns(database)).findLast((run) => run.line === line?.id);
  if (line === null || line.until === null || first === undefined || first.at! > line.until) return null;
  return { from: formatMicros(first.at!), to: formatMicros(line.until), bytes: line.bytes };
}

const seconds = (micros: number): number => Math.round(micros / 1_000_000);

function describePlan({ folder, recipients, every, changes, keep, prove }: BackupPlan): BackupList['plan'] {
  return {
    folder,
    recipients: [...recipients],
    every: seconds(every),
    changes: changes === null ? null : seconds(changes),
    keep: seconds(keep),
    prove,
  };
}

function describeRun(run: BackupRun, written: number): BackupRunRow {
  const instant = (time: number | null) => (time === null ? null : formatMicros(time));
  const { id, state, actor, who, name, digest, trouble } = run;
  return {
    id,
    state,
    actor,
    who,
    name,
    digest,
    trouble,
    asked: formatMicros(run.asked),
    at: instant(run.at),
    bytes: state === 'running' ? written : run.bytes,
    proved: instant(run.proved),
    proofTrouble: run.proof_trouble,
  };
}
