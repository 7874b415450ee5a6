import { setTimeout as sleep } from 'node:timers/promises';
import {
  type PointReport,
  type PointReported,
  pointNewsResponse,
  pointReportedResponse,
} from '@wardline/model';
import type { Command } from 'commander';
import {
  askFor,
  dataOption,
  enrolledAccess,
  type ServerAccess,
  type ServerFlags,
  sendJson,
  serverAccess,
  serverOption,
  tokenOption,
} from '../../api/client.ts';
import { enrolledIdentity } from '../../api/enrolled.ts';
import { EngineError } from '../../enforcement/engine.ts';
import { DEFAULT_FOLDER, Point, PointError } from '../../enforcement/point.ts';
import { statusOf } from '../../enforcement/status.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { userPath } from '../../working-directory.ts';
import { follow } from './following.ts';
import { revisionOf } from './ground.ts';
import { obey } from './obeying.ts';

const SHORTEST_SECONDS = 5;
const LONGEST_SECONDS = 3600;
/** How often a point that obeys looks whether somebody has it do something: a way back that is ordered may not wait. */
const NEWS_MILLIS = 1000;

/** What this enforcement point runs, told to a server, which proves it and holds the traffic against it. */
export function addReporting(policy: Command): void {
  policy
    .command('report')
    .summary('tell a server what this gateway runs, and learn what has drifted apart')
    .requiredOption('--point <name>', 'the name under which the server knows this gateway')
    .option('--every <seconds>', 'go on, that often')
    .option('--follow', 'take devices as they count now under the version that runs here, when they change')
    .option('--obey', 'carry out what people order on the server: apply, confirm, go back')
    .option('--state <folder>', 'where this enforcement point keeps what runs', DEFAULT_FOLDER)
    .option('--haproxy <folder>', 'command the gateway of HAProxy there instead of the kernel')
    .option('--json', 'print one JSON object a report')
    .option(...serverOption)
    .option(...tokenOption)
    .option(...dataOption)
    .option(
      '--agent <folder>',
      'prove this gateway by the identity of wardline agent enrol, at the server’s port for sensors',
    )
    .option('--passphrase-file <file>', 'with --agent: the passphrase that closes its keys')
    .addHelpText(
      'after',
      '\nExample:\n  wardline policy report --point cellar --every 60 --server https://wardline.example:7400 --token-file /etc/wardline/token\n  wardline policy report --point cellar --every 60 --obey\n\nWithout --every, ends with 1 where something has drifted apart.',
    )
    .action(runReport);
}

const pointOf = ({ state, haproxy }: Flags): Point =>
  new Point(userPath(state), haproxy && userPath(haproxy));

interface Flags extends ServerFlags {
  point: string;
  every?: string;
  obey?: boolean;
  follow?: boolean;
  state: string;
  haproxy?: string;
  json?: boolean;
  agent?: string;
  passphraseFile?: string;
}

/** The flags, and how the server is reached. */
interface Reporting extends Flags {
  access: () => Promise<ServerAccess>;
}

async function runReport(flags: Flags): Promise<void> {
  const { agent, passphraseFile } = flags;
  if (agent === undefined) return tellAll({ ...flags, access: () => serverAccess(flags) });
  const identity = await enrolledIdentity(userPath(agent), passphraseFile && userPath(passphraseFile));
  const ending = new AbortController();
  const alive = identity.keepAlive(ending.signal, (line) => void process.stderr.write(`${line}\n`));
  try {
    await tellAll({ ...flags, access: async () => enrolledAccess(flags.server, identity.send) });
  } finally {
    ending.abort();
    await alive;
    await identity.close();
  }
}

async function tellAll(flags: Reporting): Promise<void> {
  if (flags.every !== undefined) return keepReporting(flags, secondsOf(flags.every));
  const answer = await reportAndObey(flags);
  await tell(answer, flags);
  if (answer.drift.length > 0) process.exitCode = exitCodes.failed;
}

async function keepReporting(flags: Reporting, seconds: number): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  while (!stop.signal.aborted) {
    await reportAndObey(flags).then((answer) => tell(answer, flags), goOn);
    if (flags.obey || flags.follow) await newsWithin(flags, seconds, stop.signal);
    else await sleep(seconds * 1000, undefined, { signal: stop.signal }).catch(() => undefined);
  }
}

/** Ends when an order waits, when devices were taken anew, or when it is time for the next report. */
async function newsWithin(flags: Reporting, seconds: number, signal: AbortSignal): Promise<void> {
  const until = performance.now() + seconds * 1000;
  const path = `api/v1/enforcement/news/${encodeURIComponent(flags.point)}`;
  while (!signal.aborted && performance.now() < until) {
    const news = await flags
      .access()
      .then((access) => askFor(access, path, pointNewsResponse))
      .catch(goOn);
    if (news?.waiting) return;
    if (news && flags.follow && (await followed(flags, news.revision))) return;
    await sleep(NEWS_MILLIS, undefined, { signal }).catch(() => undefined);
  }
}

/** What could not be applied is not tried again until the devices are others; and why nothing is taken is told once. */
let refused: string | null = null;
let told = '';

/** True where the kernel runs something new. */
async function followed(flags: Reporting, revision: string | null): Promise<boolean> {
  const point = pointOf(flags);
  if (revision === null || revision === refused || revision === revisionOf(point)) return false;
  const answer = await follow(await flags.access(), flags.point, point).catch(goOn);
  if (answer === undefined) return false;
  if (!answer.done && answer.tried) refused = revision;
  const said = answer.done
    ? `Devices changed: taken anew, ${answer.ended ?? 'no'} sessions ended.`
    : `Devices changed and are not taken: ${answer.because}.`;
  if (!flags.json && (answer.done || said !== told)) await writeOut(`${printable(said)}\n`);
  told = answer.done ? '' : said;
  return answer.done;
}

/** Reports; where the answer brings an order, carries it out, says what became of it, and reports again. */
async function reportAndObey(flags: Reporting): Promise<PointReported> {
  const access = await flags.access();
  const answer = await reportOnce(access, flags);
  if (answer.order === null) return answer;
  const outcome = await obey(access, flags.point, pointOf(flags), answer.order);
  if (!flags.json) await writeOut(`Ordered to ${answer.order.act}: ${printable(outcome.said)}\n`);
  return reportOnce(access, flags);
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS) return seconds;
  throw new CommandError(`--every ${text}: expected ${SHORTEST_SECONDS} to ${LONGEST_SECONDS} seconds`);
}

/**
 * Nothing ends the reports, neither a server that is away nor a table that a watchdog takes away while it is read: a point that has fallen
 * silent cannot be told to go back.
 */
function goOn(error: unknown): void {
  process.stderr.write(`wardline: ${printable(error instanceof Error ? error.message : String(error))}\n`);
}

async function reportOnce(access: ServerAccess, flags: Flags): Promise<PointReported> {
  const path = `api/v1/enforcement/reports/${encodeURIComponent(flags.point)}`;
  const report = await reportOf(pointOf(flags), flags.obey ?? false);
  return sendJson(access, path, report, pointReportedResponse);
}

async function reportOf(point: Point, obeys: boolean): Promise<PointReport> {
  try {
    const { running, before, trial, kernel, counted } = await statusOf(point);
    return {
      kernel,
      policyName: running?.policy?.name ?? null,
      policyDigest: running?.policy?.text ?? null,
      applied: running?.appliedAt ?? null,
      trialUntil: trial?.until ?? null,
      listing: await point.engine.listing(),
      counted,
      obeys,
      back: {
        policyName: before?.policy?.name ?? null,
        policyDigest: before?.policy?.text ?? null,
        listing: before === null ? null : point.textOf(before),
      },
    };
  } catch (error) {
    if (error instanceof EngineError || error instanceof PointError)
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
