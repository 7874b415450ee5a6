import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { cefLineOf, type NumberedAlert, ocsfFindingOf } from '@wardline/formats';
import { type AlertRevisions, alertRevisionResponse, parseMicros } from '@wardline/model';
import type { Command } from 'commander';
import { askFor, serverAccess } from '../../api/client.ts';
import { writeDurably } from '../../enforcement/durable-file.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { version } from '../../version.ts';
import { userPath } from '../../working-directory.ts';
import { type Flags, withServer } from '../access/asking.ts';

type Exporting = Flags & {
  after?: string;
  limit: string;
  as: string;
  follow?: boolean;
  state?: string;
  every: string;
};

const forms: Readonly<Record<string, (one: AlertRevisions['items'][number]) => string>> = {
  json: (one) => JSON.stringify(one),
  ocsf: (one) => JSON.stringify(ocsfFindingOf(numbered(one), version)),
  cef: (one) => cefLineOf(numbered(one), version),
};

const numbered = ({ at, ...one }: AlertRevisions['items'][number]): NumberedAlert => ({
  ...one,
  at: parseMicros(at) ?? 0,
});

const MOST = 1000;
/** Seconds between attempts while the server is away, at the most. */
const LONGEST_WAIT = 300;

/** States of alerts for a collector: once, or for as long as it runs. */
export function addExporting(noun: Command): void {
  withServer(
    noun
      .command('export')
      .summary('states of alerts behind a number, one a line, for a collector; once, or as they come'),
  )
    .option('--after <number>', 'the number up to which everything is there (0, or what --state holds)')
    .option('--limit <count>', 'how many at the most at once', String(MOST))
    .option('--as <form>', 'json, ocsf (Detection Finding) or cef', 'json')
    .option('--follow', 'go on as they come, also over a server that is away')
    .option('--every <seconds>', 'how often new ones are asked for, with --follow', '5')
    .option('--state <file>', 'keeps the number up to which lines were written, and goes on from it')
    .addHelpText(
      'after',
      '\nNumbers have no gaps: nothing is missing where each line’s number is one more than that of the line before (number, metadata.sequence,\nexternalId). With --state a line may come twice after a power cut, and none is left out.' +
        '\n\nExamples:\n  wardline alert export --after 1200 >> alerts.jsonl' +
        '\n  wardline alert export --follow --as cef --state /var/lib/wardline/alerts.number | logger --tcp --server siem.example --port 6514',
    )
    .action(runExport);
}

async function runExport(flags: Exporting): Promise<void> {
  const form = forms[flags.as];
  if (form === undefined)
    throw new CommandError(`--as ${flags.as}: expected one of ${Object.keys(forms).join(', ')}`);
  const limit = Math.min(MOST, wholeNumber(flags.limit, '--limit', 1));
  const every = wholeNumber(flags.every, '--every', 1);
  let after = flags.after === undefined ? keptIn(flags.state) : wholeNumber(flags.after, '--after');
  for (let wait = every; ; ) {
    try {
      const found = await behind(flags, after, limit);
      await writeOut(found.items.map((item) => `${form(item)}\n`));
      after = found.items.at(-1)?.number ?? after;
      if (flags.state !== undefined && found.items.length > 0)
        writeDurably(userPath(flags.state), `${after}\n`);
      if (!flags.follow) return;
      wait = every;
      if (found.items.length === limit) continue;
    } catch (error) {
      // A gap, or a file that cannot be written, does not pass by itself.
      const mayPass = error instanceof CommandError && error.exitCode !== exitCodes.usage;
      if (!flags.follow || !mayPass || error instanceof GapError) throw error;
      process.stderr.write(`wardline: ${error.message}; asked again in ${wait} s\n`);
      wait = Math.min(LONGEST_WAIT, wait * 2);
    }
    await pause(wait * 1000);
  }
}

class GapError extends CommandError {}

/** @throws GapError where what lies behind the number is no longer kept */
async function behind(flags: Flags, after: number, limit: number): Promise<AlertRevisions> {
  const path = `api/v1/watch/revisions?after=${after}&limit=${limit}`;
  const found = await askFor(await serverAccess(flags), path, alertRevisionResponse);
  if (found.oldest !== null && found.oldest > after + 1)
    throw new GapError(
      `numbers ${after + 1} to ${found.oldest - 1} are no longer kept; go on with --after ${found.oldest - 1}`,
      exitCodes.failed,
    );
  return found;
}

function keptIn(state: string | undefined): number {
  if (state === undefined || !existsSync(userPath(state))) return 0;
  return wholeNumber(readFileSync(userPath(state), 'utf8').trim(), `--state ${state}`);
}

/** @throws CommandError where it is none */
function wholeNumber(text: string, option: string, least = 0): number {
  const number = Number(text);
  if (text === '' || !Number.isSafeInteger(number) || number < least)
    throw new CommandError(`${option}: expected a whole number from ${least}`);
  return number;
}
