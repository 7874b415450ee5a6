import { type LogLineRow, logLineListResponse } from '@wardline/model';
import type { Command } from 'commander';
import { askFor, serverAccess } from '../../api/client.ts';
import { CommandError } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { minute } from '../../terminal/units.ts';
import { type Flags, withServer } from '../access/asking.ts';

type Listing = Flags & { site: string; query?: string; device?: string; application?: string; limit: string };

/** What devices logged. */
export function addLogs(noun: Command): void {
  withServer(noun.command('logs').summary('lines that devices logged, the latest last'))
    .option('--site <number>', 'the site', '1')
    .option('--query <words>', 'words of a line, a program or a host')
    .option('--device <address>', 'the address that a line came from')
    .option('--application <name>', 'the program that logs, as sshd')
    .option('--limit <count>', 'how many, 500 at the most', '50')
    .addHelpText('after', '\nExample:\n  wardline alert logs --application sshd --query "failed password"')
    .action(runLogs);
}

async function runLogs({ site, query, device, application, limit, ...flags }: Listing): Promise<void> {
  for (const [name, value] of Object.entries({ site, limit }))
    if (!/^[1-9]\d{0,6}$/.test(value)) throw new CommandError(`--${name} ${value}: expected a whole number`);
  const asked = new URLSearchParams({ site, limit });
  for (const [name, value] of Object.entries({ q: query, device, application }))
    if (value !== undefined) asked.set(name, value);
  const found = await askFor(
    await serverAccess(flags),
    `api/v1/watch/logs?${asked.toString()}`,
    logLineListResponse,
  );
  if (flags.json) return writeOut(`${JSON.stringify(found)}\n`);
  if (found.items.length === 0) return writeOut('No line.\n');
  return writeOut(found.items.toReversed().map((line) => `${printable(lineOf(line))}\n`));
}

function lineOf({ at, name, application, text }: LogLineRow): string {
  return `${minute(at)}  ${name}  ${application === null ? '' : `${application}: `}${text}`;
}
