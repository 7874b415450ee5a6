import { setTimeout as sleep } from 'node:timers/promises';
import { type PointReport, type PointReported, pointReportedResponse } from '@wardline/model';
import type { Command } from 'commander';
import {
  dataOption,
  type ServerFlags,
  sendJson,
  serverAccess,
  serverOption,
  tokenOption,
} from '../../api/client.ts';
import { listing, NftError } from '../../enforcement/nft.ts';
import { DEFAULT_FOLDER, Point, PointError } from '../../enforcement/point.ts';
import { statusOf } from '../../enforcement/status.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { userPath } from '../../working-directory.ts';

const SHORTEST_SECONDS = 5;
const LONGEST_SECONDS = 3600;

/** What this enforcement point runs, told to a server, which proves it and holds the traffic against it. */
export function addReporting(policy: Command): void {
  policy
    .command('report')
    .summary('tell a server what this gateway runs, and learn what has drifted apart')
    .requiredOption('--point <name>', 'the name under which the server knows this gateway')
    .option('--every <seconds>', 'go on, that often')
    .option('--state <folder>', 'where this enforcement point keeps what runs', DEFAULT_FOLDER)
    .option('--json', 'print one JSON object a report')
    .option(...serverOption)
    .option(...tokenOption)
    .option(...dataOption)
    .addHelpText(
      'after',
      '\nExample:\n  wardline policy report --point cellar --every 60 --server https://wardline.example:7400 --token-file /etc/wardline/token\n\nWithout --every, ends with 1 where something has drifted apart.',
    )
    .action(runReport);
}

interface Flags extends ServerFlags {
  point: string;
  every?: string;
  state: string;
  json?: boolean;
}

async function runReport(flags: Flags): Promise<void> {
  if (flags.every !== undefined) return keepReporting(flags, secondsOf(flags.every));
  const answer = await reportOnce(flags);
  await tell(answer, flags);
  if (answer.drift.length > 0) process.exitCode = exitCodes.failed;
}

async function keepReporting(flags: Flags, seconds: number): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  while (!stop.signal.aborted) {
    await reportOnce(flags).then((answer) => tell(answer, flags), goOn);
    await sleep(seconds * 1000, undefined, { signal: stop.signal }).catch(() => undefined);
  }
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS) return seconds;
  throw new CommandError(`--every ${text}: expected ${SHORTEST_SECONDS} to ${LONGEST_SECONDS} seconds`);
}

/** A server that is away, or refuses for now, does not end the reports: the gateway enforces without it. */
function goOn(error: unknown): void {
  if (!(error instanceof CommandError)) throw error;
  process.stderr.write(`wardline: ${error.message}\n`);
}

async function reportOnce(flags: Flags): Promise<PointReported> {
  const path = `api/v1/enforcement/reports/${encodeURIComponent(flags.point)}`;
  const report = reportOf(new Point(userPath(flags.state)));
  return sendJson(await serverAccess(flags), path, report, pointReportedResponse);
}

function reportOf(point: Point): PointReport {
  try {
    const { running, trial, kernel, counted } = statusOf(point);
    return {
      kernel,
      policyName: running?.policy?.name ?? null,
      policyDigest: running?.policy?.text ?? null,
      applied: running?.appliedAt ?? null,
      trialUntil: trial?.until ?? null,
      listing: listing(),
      counted,
    };
  } catch (error) {
    if (error instanceof NftError || error instanceof PointError)
      throw new CommandError(error.message, exitCodes.failed);
    throw error;
  }
}

async function tell({ current, drift }: PointReported, { json }: Flags): Promise<void> {
  if (json) return writeOut(`${JSON.stringify({ current, drift })}\n`);
  if (current === null) return writeOut('The server has no policy in force to hold this gateway against.\n');
  if (drift.length === 0) return writeOut('Policy, gateway and traffic agree.\n');
  const lines = drift.flatMap(({ kind, message, evidence }) => [
    `${kind.toUpperCase()}: ${printable(message)}`,
    ...evidence.map((one) => `  ${printable(one)}`),
  ]);
  return writeOut(`${lines.join('\n')}\n`);
}
