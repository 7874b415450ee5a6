import { type BackupList, type BackupRunRow, backupAskedResponse, backupListResponse } from '@wardline/model';
import type { Command } from 'commander';
import { askFor, type ServerAccess, sendJson, serverAccess } from '../api/client.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { writeOut } from '../terminal/output.ts';
import { createProgress } from '../terminal/progress.ts';
import { tableLines } from '../terminal/table.ts';
import { byteSize, counted, minute } from '../terminal/units.ts';
import { type Flags, type Given, withReason, withServer } from './access/asking.ts';

/** Backups that the server makes by itself. */
export function addPlanned(backup: Command): void {
  withServer(backup.command('list').summary('list the server’s own backups, and say what is wrong with them'))
    .addHelpText('after', '\nExample:\n  wardline backup list')
    .action(runList);
  withReason(backup.command('run').summary('make a full backup now, into the server’s folder'))
    .addHelpText('after', '\nExample:\n  wardline backup run --reason "before the upgrade"')
    .action(runNow);
}

const list = (access: ServerAccess): Promise<BackupList> =>
  askFor(access, 'api/v1/backups', backupListResponse);

async function runList(flags: Flags): Promise<void> {
  const found = await list(await serverAccess(flags));
  if (flags.json) return writeOut(`${JSON.stringify(found)}\n`);
  const lines = tableLines(found.items, columns, process.stdout.columns ?? 120);
  return writeOut(`${[...lines, ...(lines.length > 0 ? [''] : []), ...summary(found)].join('\n')}\n`);
}

const columns = [
  { heading: 'As of', value: (row: BackupRunRow) => minute(row.at ?? row.asked), least: 16 },
  { heading: 'State', value: (row: BackupRunRow) => row.state, least: 8 },
  {
    heading: 'Size',
    value: (row: BackupRunRow) => (row.bytes === null ? '–' : byteSize(row.bytes)),
    least: 8,
  },
  { heading: 'Restored', value: proofOf, least: 10 },
  { heading: 'File', value: (row: BackupRunRow) => row.name ?? row.trouble ?? '–', least: 12, rank: 1 },
];

function proofOf({ proved, proofTrouble }: BackupRunRow): string {
  if (proofTrouble !== null) return `no: ${proofTrouble}`;
  return proved === null ? 'not tried' : minute(proved);
}

function* summary({ plan, reach, warnings, told }: BackupList): Generator<string> {
  if (plan === null)
    yield 'The server makes no backups by itself: WARDLINE_BACKUP_DIR and WARDLINE_BACKUP_RECIPIENT plan them.';
  else
    yield `Kept in ${plan.folder}, a full one every ${hours(plan.every).replace(/^1 /, '')}, for ${hours(plan.keep)}.`;
  if (reach !== null) yield `Any moment from ${reach.from} to ${reach.to} can be restored.`;
  for (const { what, remedy } of warnings) yield `${what} ${remedy}`;
  for (const { channel, state, detail, at } of told?.notices ?? [])
    yield state === 'sent'
      ? `Whoever is on duty was told by ${channel} at ${minute(at)}.`
      : `Whoever is on duty could not be told by ${channel}: ${detail}.`;
}

const hours = (seconds: number): string =>
  seconds % 86_400 === 0
    ? counted(seconds / 86_400, 'day')
    : seconds % 3600 === 0
      ? counted(seconds / 3600, 'hour')
      : counted(Math.round(seconds / 60), 'minute');

const POLL_MILLISECONDS = 500;

async function runNow(flags: Given): Promise<void> {
  const access = await serverAccess(flags);
  const { id } = await sendJson(access, 'api/v1/backups/runs', { reason: flags.reason }, backupAskedResponse);
  const progress = createProgress(process.stderr, () => performance.now());
  let run = await runOf(access, id);
  for (; run.state === 'waiting' || run.state === 'running'; run = await runOf(access, id)) {
    progress.step(`the server writes a backup: ${byteSize(run.bytes ?? 0)}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
  progress.clear();
  if (run.state === 'failed') throw new CommandError(`not made: ${run.trouble}`, exitCodes.failed);
  await writeOut(
    flags.json
      ? `${JSON.stringify(run)}\n`
      : `Written on the server: ${run.name}, ${byteSize(run.bytes ?? 0)}, encrypted.\n`,
  );
}

async function runOf(access: ServerAccess, id: string): Promise<BackupRunRow> {
  const run = (await list(access)).items.find((item) => item.id === id);
  if (run === undefined)
    throw new CommandError('the server does not know this backup any more', exitCodes.failed);
  return run;
}
