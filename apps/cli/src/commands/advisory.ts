import {
  type AdvisoryImport,
  type AdvisoryRow,
  advisoryImportResponse,
  advisoryListResponse,
} from '@wardline/model';
import type { Command } from 'commander';
import { z } from 'zod';
import { advisoryFiles, advisoryText } from '../advisory-files.ts';
import {
  askFor,
  dataOption,
  type ServerAccess,
  type ServerFlags,
  sendJson,
  serverAccess,
  serverOption,
  tokenOption,
} from '../api/client.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { writeOut } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { tableLines } from '../terminal/table.ts';
import { counted } from '../terminal/units.ts';
import { userPath } from '../working-directory.ts';

type Flags = ServerFlags & { json?: boolean; reason: string; limit: string };

const examples = `
Examples:
  wardline advisory import mirror/csaf/ kev.json
  wardline advisory import advisory.json --reason "sent by the maker"
  wardline advisory list monitor
  wardline advisory show ICSMA-20-318-01 --json

Files may be CSAF 2.0, CVE records (JSON 5), NVD 2.0, OSV, OpenVEX, the KEV catalogue, EPSS scores (CSV) and SSVC decision
tables (CSV, JSON); any of them may be compressed (.gz). A folder is read with all below it.
An import that was broken off can be run again: what the server has already is left as it is.
Exit codes: 0 all were read, 1 the server could not be asked, 2 bad usage, 3 at least one is quarantined.`;

export function addAdvisory(program: Command): void {
  const noun = program.command('advisory').description('Hand a server advisories, and ask which it has.');
  withServer(
    noun
      .command('import')
      .summary('hand over advisories')
      .description('Hands files and folders of advisories to a server.'),
  )
    .argument('<path...>', 'files and folders')
    .option('--reason <text>', 'goes into the ledger', 'imported from files')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', examples)
    .action(runImport);
  withServer(
    noun.command('list').summary('list advisories').description('Lists the advisories that a server has.'),
  )
    .argument('[words...]', 'words that must each occur in id, title or issuer')
    .option('--limit <number>', 'how many at the most, up to 500', '100')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', examples)
    .action(runList);
  withServer(
    noun
      .command('show')
      .summary('show one advisory')
      .description('Prints an advisory as it was read, as JSON.'),
  )
    .argument('<id>', 'the issuer’s id')
    .addHelpText('after', examples)
    .action(runShow);
}

function withServer(command: Command): Command {
  return command
    .option(...serverOption)
    .option(...tokenOption)
    .option(...dataOption);
}

type Result = AdvisoryImport & { file: string };

async function runImport(paths: string[], flags: Flags): Promise<void> {
  const access = await serverAccess(flags);
  const files = (await Promise.all(paths.map((path) => advisoryFiles(userPath(path))))).flat();
  if (files.length === 0) throw new CommandError('no file of advisories found', exitCodes.nothingRead);
  const results: Result[] = [];
  for (const [index, file] of files.entries()) {
    results.push({ file, ...(await importFile(access, file, flags.reason)) });
    if (process.stderr.isTTY) process.stderr.write(`\r${index + 1} of ${files.length}`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r');
  if (results.some(({ faults }) => faults.length > 0)) process.exitCode = exitCodes.nothingRead;
  await writeOut([
    flags.json ? `${JSON.stringify({ results }, null, 2)}\n` : `${summary(results).join('\n')}\n`,
  ]);
}

async function importFile(access: ServerAccess, file: string, reason: string): Promise<AdvisoryImport> {
  const text = await advisoryText(file);
  return await sendJson(
    access,
    'api/v1/advisories',
    { name: file.slice(-300), text, reason },
    advisoryImportResponse,
  );
}

function summary(results: readonly Result[]): string[] {
  const groups = Map.groupBy(results, ({ outcome }) => outcome);
  const counts = [...groups].map(([outcome, some]) => `${some.length} ${outcome}`).join(', ');
  const faults = results
    .filter(({ faults: some }) => some.length > 0)
    .map(({ file, faults: [fault] }) =>
      printable(`  ${file}: ${fault?.place === '' ? '' : `${fault?.place}: `}${fault?.message}`),
    );
  return [`${counted(results.length, 'file')}: ${counts}.`, ...faults];
}

async function runList(words: string[], flags: Flags): Promise<void> {
  const query = new URLSearchParams({ limit: flags.limit, sort: 'updated', order: 'desc' });
  if (words.length > 0) query.set('q', words.join(' '));
  const found = await askFor(
    await serverAccess(flags),
    `api/v1/advisories?${query.toString()}`,
    advisoryListResponse,
  );
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  const lines = tableLines(found.items, columns, process.stdout.columns ?? 120);
  await writeOut([`${[`${counted(found.total, 'advisory', 'advisories')}.`, ...lines].join('\n')}\n`]);
}

const columns = [
  { heading: 'Id', value: (row: AdvisoryRow) => row.id, least: 16 },
  { heading: 'Issuer', value: (row: AdvisoryRow) => row.issuer, least: 8 },
  { heading: 'Updated', value: (row: AdvisoryRow) => row.updated.slice(0, 10), least: 10 },
  { heading: 'Affected', value: (row: AdvisoryRow) => String(row.affected), least: 8 },
  { heading: 'Title', value: (row: AdvisoryRow) => row.title, least: 20 },
];

async function runShow(id: string, flags: Flags): Promise<void> {
  const shape = z.record(z.string(), z.unknown());
  const found = await askFor(await serverAccess(flags), `api/v1/advisories/${encodeURIComponent(id)}`, shape);
  await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
}
