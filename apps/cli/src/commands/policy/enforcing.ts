import { describePacket, type ListingKind } from '@wardline/policy';
import type { Command } from 'commander';
import { type Applied, apply, type Change, confirm } from '../../enforcement/apply.ts';
import { EngineError } from '../../enforcement/engine.ts';
import { goBack, settle } from '../../enforcement/going-back.ts';
import { LONGEST_TRIAL_SECONDS, SHORTEST_TRIAL_SECONDS } from '../../enforcement/limits.ts';
import { LogError, type Told } from '../../enforcement/log/told-packets.ts';
import { interfaceNames, watch } from '../../enforcement/log/watch.ts';
import { DEFAULT_FOLDER, Point, PointError } from '../../enforcement/point.ts';
import type { Version } from '../../enforcement/state.ts';
import { type Status, statusOf } from '../../enforcement/status.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { tableLines } from '../../terminal/table.ts';
import { counted, integer, minute } from '../../terminal/units.ts';
import { userPath } from '../../working-directory.ts';
import { changeFrom } from './change.ts';
import { evidenceFrom, policyFrom } from './inputs.ts';

/** From a proved policy to the kernel of this machine, and back within a second. */
export function addEnforcing(policy: Command): void {
  const here = (command: Command) =>
    command
      .option(
        '--state <folder>',
        'where this enforcement point keeps what runs and what ran before',
        DEFAULT_FOLDER,
      )
      .option(
        '--haproxy <folder>',
        'command the gateway of HAProxy there instead of the kernel; kept with --state from then on',
      )
      .option('--json', 'print one JSON object and nothing else');
  here(policy.command('apply').summary('put a policy in place on this Linux gateway, on trial'))
    .argument('<file>', 'a policy')
    .argument('<assessment>', 'the assets, as wardline assess --json wrote them')
    .option(
      '--confirm-within <time>',
      'what ran before comes back unless confirmed in time, as 60s or 10m',
      '60s',
    )
    .option('--no-confirm', 'no trial: it stays at once')
    .addHelpText(
      'after',
      '\nExample:\n  wardline policy apply hospital.policy week.json --confirm-within 60s\n  wardline policy confirm\n\nThe kernel is asked what it runs, and that is proved to be the policy before it counts as applied.',
    )
    .action(runApply);
  here(policy.command('confirm').summary('keep the policy that is on trial')).action(runConfirm);
  here(policy.command('rollback').summary('go back to what ran before, at once')).action(runRollback);
  here(
    policy
      .command('status')
      .summary('tell what this gateway runs, what it counted, and whether somebody changed it'),
  )
    .addHelpText('after', '\nEnds with 1 where the kernel does not run what was proved.')
    .action(runStatus);
  here(
    policy
      .command('resume')
      .summary('at boot or by a timer: end a trial that is over, load what was confirmed'),
  ).action(runResume);
  policy
    .command('watch')
    .summary('tell each packet that is dropped, or let through though nothing declares it, and why')
    .option('--json', 'print one JSON object a line')
    .action(runWatch);
}

interface Flags {
  state: string;
  haproxy?: string;
  confirmWithin?: string;
  confirm?: boolean;
  json?: boolean;
}

/** What an enforcement point refuses is told without a trace of the program. */
async function told<T>(act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof EngineError || error instanceof PointError || error instanceof LogError)
      throw new CommandError(error.message, exitCodes.failed);
    if ((error as NodeJS.ErrnoException).code === 'EACCES')
      throw new CommandError(`${(error as Error).message}: run it as root`, exitCodes.failed);
    throw error;
  }
}

const pointOf = ({ state, haproxy }: Flags): Point =>
  new Point(userPath(state), haproxy && userPath(haproxy));

/** Seconds of `90`, `60s`, `5m`. */
export function trialSeconds(text: string): number {
  const match = /^(\d{1,5})(s|m)?$/.exec(text);
  const seconds = match === null ? Number.NaN : Number(match[1]) * (match[2] === 'm' ? 60 : 1);
  if (seconds >= SHORTEST_TRIAL_SECONDS && seconds <= LONGEST_TRIAL_SECONDS) return seconds;
  throw new CommandError(
    `--confirm-within ${text}: expected ${SHORTEST_TRIAL_SECONDS} to ${LONGEST_TRIAL_SECONDS} seconds, as 60s or 10m`,
  );
}

async function runApply(file: string, assessment: string, flags: Flags): Promise<void> {
  const seconds = flags.confirm === false ? null : trialSeconds(flags.confirmWithin ?? '60s');
  const point = await told(() => pointOf(flags));
  const change = changeOf(file, assessment, point.engine.kind);
  const applied = await told(() => apply(point, change, seconds));
  await writeOut(flags.json ? `${JSON.stringify(applied)}\n` : `${appliedLines(applied).join('\n')}\n`);
}

function changeOf(file: string, assessment: string, kind: ListingKind): Change {
  const { policy, text } = policyFrom(file);
  const evidence = evidenceFrom(assessment);
  return changeFrom(kind, { policy, text }, { assets: evidence.assets, text: evidence.text });
}

const versionName = (version: Version | null): string => {
  if (version === null) return 'no policy';
  const name = version.policy === null ? 'a table found here' : `"${printable(version.policy.name)}"`;
  return `${name} (${version.digest.slice(0, 12)})`;
};

function appliedLines({ version, trial, ended, warnings }: Applied): string[] {
  return [
    `Applied ${versionName(version)}: the kernel runs it, and what it runs is proved to be the policy.`,
    ...sessionLines(ended),
    ...warnings.map((warning) => `Warning: ${printable(warning)}`),
    trial === null
      ? 'It stays. Back within a second: wardline policy rollback'
      : `On trial until ${trial.until}. Look whether care works, then: wardline policy confirm`,
  ];
}

function sessionLines(ended: number | null): string[] {
  if (ended === null)
    return ['Sessions that the policy does not allow go on until they end: install conntrack.'];
  return ended === 0 ? [] : [`${counted(ended, 'session')} that the policy does not allow ended.`];
}

async function runConfirm(flags: Flags): Promise<void> {
  const version = await told(() => confirm(pointOf(flags)));
  await writeOut(
    flags.json ? `${JSON.stringify({ running: version })}\n` : `Confirmed: ${versionName(version)} stays.\n`,
  );
}

async function runRollback(flags: Flags): Promise<void> {
  const point = await told(() => pointOf(flags));
  const back = await told(() =>
    point.alone(() => {
      const { running, before } = point.state();
      if (running === null && before === null) throw new PointError('there is nothing to go back to');
      return goBack(point, 'a person went back');
    }),
  );
  if (flags.json) return writeOut(`${JSON.stringify(back)}\n`);
  const lines = [
    `Went back: ${versionName(back.version)} runs.`,
    ...(back.asBefore ? [] : ['Warning: the kernel does not say what it said when this first ran.']),
    ...sessionLines(back.ended),
  ];
  return writeOut(`${lines.join('\n')}\n`);
}

async function runResume(flags: Flags): Promise<void> {
  const point = await told(() => pointOf(flags));
  const settled = await told(() => point.alone(() => settle(point)));
  if (flags.json) return writeOut(`${JSON.stringify(settled)}\n`);
  const said = { nothing: 'nothing to do', 'rolled back': 'went back to', restored: 'restored' }[settled.did];
  return writeOut(settled.did === 'nothing' ? `${said}\n` : `${said} ${versionName(settled.version)}\n`);
}

async function runStatus(flags: Flags): Promise<void> {
  const status = await told(() => statusOf(pointOf(flags)));
  await writeOut(flags.json ? `${JSON.stringify(status)}\n` : `${statusLines(status).join('\n')}\n`);
  if (status.kernel !== 'same' && status.kernel !== 'none') process.exitCode = exitCodes.failed;
}

const kernelWords: Readonly<Record<Status['kernel'], string>> = {
  none: 'The kernel has no table of Wardline.',
  same: 'The kernel says exactly what was proved.',
  changed:
    'CHANGED: the kernel does not say what was proved. Somebody changed the table: apply again, or roll back.',
  missing: 'MISSING: the kernel has no table of Wardline: everything passes. Load it: wardline policy resume',
  foreign: 'FOREIGN: the kernel has a table inet wardline that was not applied from here.',
};

function statusLines({ running, before, trial, kernel, counted: rows, journal }: Status): string[] {
  const trialLine =
    trial === null
      ? []
      : [
          `On trial: ${trial.over ? 'over' : `${trial.secondsLeft} s left`}; wardline policy confirm keeps it.`,
        ];
  return [
    `Runs: ${versionName(running)}${running === null ? '' : `, since ${minute(running.appliedAt)} by ${running.appliedBy}`}`,
    `Roll-back brings: ${versionName(before)}`,
    ...trialLine,
    kernelWords[kernel],
    ...(rows.length === 0 ? [] : ['', ...countLines(rows)]),
    ...(journal.length === 0 ? [] : ['', 'Last acts:']),
    ...journal
      .slice(0, 5)
      .map(({ time, by, act, why }) => `  ${minute(time)} ${act} by ${by}: ${printable(why)}`),
  ];
}

const countLines = (rows: Status['counted']): string[] =>
  tableLines(
    rows,
    [
      { heading: 'Declaration', value: ({ declaration }) => declaration, least: 20 },
      { heading: 'declared', value: (row) => integer(row.declared), least: 8, align: 'right' },
      { heading: 'observed', value: (row) => integer(row.observed), least: 8, align: 'right' },
      { heading: 'alerted', value: (row) => integer(row.alerted), least: 7, align: 'right' },
      { heading: 'dropped', value: (row) => integer(row.dropped), least: 7, align: 'right' },
    ],
    process.stdout.columns ?? 100,
  );

async function runWatch(flags: Flags): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const names = interfaceNames();
  const nameOf = (number: number | null) => (number === null ? null : (names.get(number) ?? String(number)));
  await told(async () => {
    for await (const one of watch(stop.signal)) {
      const [into, out] = [nameOf(one.interfaces.in), nameOf(one.interfaces.out)];
      await writeOut(flags.json ? jsonLine(one, into, out) : textLine(one, into, out));
    }
  });
}

const timeOf = ({ time }: Told): string => new Date(time / 1000).toISOString();

const jsonLine = (one: Told, into: string | null, out: string | null): string =>
  `${JSON.stringify({ time: timeOf(one), verdict: one.verdict, declaration: one.declaration, packet: describePacket(one.packet), in: into, out })}\n`;

function textLine(one: Told, into: string | null, out: string | null): string {
  const verdict = one.verdict === 'drop' ? 'dropped by' : 'let through in alert mode, undeclared in';
  return `${timeOf(one)} ${describePacket(one.packet)} ${verdict} ${printable(one.declaration)} (${into} → ${out})\n`;
}
