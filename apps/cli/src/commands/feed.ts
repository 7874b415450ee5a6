import { readFile } from 'node:fs/promises';
import { type FeedRow, feedFilesResponse, feedListResponse } from '@wardline/model';
import type { Command } from 'commander';
import { z } from 'zod';
import { askFor, type ServerAccess, type ServerFlags, sendJson, serverAccess } from '../api/client.ts';
import { CommandError } from '../exit-codes.ts';
import { writeOut } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { tableLines } from '../terminal/table.ts';
import { counted } from '../terminal/units.ts';
import { userPath } from '../working-directory.ts';
import { serverVerb } from './server-verb.ts';

const examples = `
Examples:
  wardline feed add "CISA mirror" cisa/csaf --keys cisa.asc --reason "monthly USB stick"
  wardline feed add CERT@VDE https://certvde.example/provider-metadata.json --every 24 --reason "maker of our pumps"
  wardline feed run "CISA mirror"
  wardline feed list
  wardline feed status "CISA mirror"

A folder is named by its path below the server's mirrors (WARDLINE_MIRRORS, or mirrors in its data folder); the server
asks what is public by https, and what WARDLINE_OUTGOING_ALLOW names. Where a feed has keys, only documents that one of them signed are taken in.`;

export function addFeed(program: Command): void {
  const noun = program
    .command('feed')
    .description('Take advisories from mirrors and providers, again and again.');
  verb(noun, 'add', 'add a feed')
    .argument('<name>', 'what it is called')
    .argument('<location>', 'folder below the mirrors, or URL')
    .option('--every <hours>', 'how often it is run; 0: only by wardline feed run', '24')
    .option('--keys <file>', 'OpenPGP public keys, armoured')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runAdd);
  verb(noun, 'list', 'list feeds').option('--json', 'print one JSON object and nothing else').action(runList);
  verb(noun, 'run', 'run a feed now')
    .argument('<name>', 'the feed')
    .option('--reason <text>', 'goes into the ledger', 'run by hand')
    .action(runNow);
  verb(noun, 'status', 'show how far a feed is, how its last run went, and what was at fault')
    .argument('<name>', 'the feed')
    .option('--json', 'print one JSON object and nothing else')
    .action(runStatus);
  verb(noun, 'faults', 'show what was not taken in, and why')
    .argument('<name>', 'the feed')
    .option('--json', 'print one JSON object and nothing else')
    .action(runFaults);
  verb(noun, 'remove', 'take a feed away; what it brought stays')
    .argument('<name>', 'the feed')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runRemove);
}

const verb = (noun: Command, name: string, summary: string): Command =>
  serverVerb(noun, name, summary, examples);

const idSchema = z.object({ id: z.string() });

async function feedNamed(access: ServerAccess, name: string): Promise<FeedRow> {
  const { items } = await askFor(access, 'api/v1/feeds', feedListResponse);
  const found = items.find((feed) => feed.name === name || feed.id === name);
  if (found === undefined) throw new CommandError(`there is no feed named ${name}`);
  return found;
}

async function runAdd(
  name: string,
  location: string,
  flags: ServerFlags & { every: string; keys?: string; reason: string },
): Promise<void> {
  const keys = flags.keys === undefined ? '' : await readFile(userPath(flags.keys), 'utf8');
  const body = { name, location, everyHours: Number(flags.every), keys, reason: flags.reason };
  await sendJson(await serverAccess(flags), 'api/v1/feeds', body, idSchema);
  await writeOut([printable(`${name} is added.`), '\n']);
}

async function runList(flags: ServerFlags & { json?: boolean }): Promise<void> {
  const found = await askFor(await serverAccess(flags), 'api/v1/feeds', feedListResponse);
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  const lines = tableLines(found.items, columns, process.stdout.columns ?? 120);
  await writeOut([`${[`${counted(found.items.length, 'feed')}.`, ...lines].join('\n')}\n`]);
}

const columns = [
  { heading: 'Name', value: (row: FeedRow) => row.name, least: 12 },
  { heading: 'State', value: (row: FeedRow) => row.state, least: 8 },
  { heading: 'Done', value: (row: FeedRow) => `${row.done}/${row.total}`, least: 9 },
  { heading: 'Signed', value: (row: FeedRow) => (row.fingerprints.length > 0 ? 'yes' : 'no'), least: 6 },
  { heading: 'Ended', value: (row: FeedRow) => row.finishedAt?.slice(0, 16) ?? '–', least: 16 },
  { heading: 'How it went', value: (row: FeedRow) => row.problem ?? countsOf(row), least: 20 },
];

const countsOf = ({ counts }: FeedRow): string =>
  Object.entries(counts)
    .map(([outcome, number]) => `${number} ${outcome}`)
    .join(', ');

async function runNow(name: string, flags: ServerFlags & { reason: string }): Promise<void> {
  const access = await serverAccess(flags);
  const { id } = await feedNamed(access, name);
  await sendJson(access, `api/v1/feeds/${id}/run`, { reason: flags.reason }, idSchema);
  await writeOut([printable(`${name} runs; wardline feed list shows how far it is.`), '\n']);
}

async function runStatus(name: string, flags: ServerFlags & { json?: boolean }): Promise<void> {
  const access = await serverAccess(flags);
  const feed = await feedNamed(access, name);
  const faults = await askFor(access, `api/v1/feeds/${feed.id}/faults`, feedFilesResponse);
  if (flags.json) return await writeOut([`${JSON.stringify({ ...feed, faults }, null, 2)}\n`]);
  const { state, done, total, location, everyHours, fingerprints, finishedAt } = feed;
  const lines = [
    `${feed.name} (${location}): ${state}, ${done} of ${total} documents; ${feed.problem ?? countsOf(feed)}`,
    everyHours === 0 ? 'It runs when a person says so.' : `It runs every ${everyHours} hours.`,
    `Last ended: ${finishedAt ?? 'never'}.`,
    fingerprints.length === 0 ? 'Signatures are not checked.' : `Signed by: ${fingerprints.join(', ')}.`,
  ];
  await writeOut([`${[...lines.map(printable), ...faultLines(faults)].join('\n')}\n`]);
}

async function runFaults(name: string, flags: ServerFlags & { json?: boolean }): Promise<void> {
  const access = await serverAccess(flags);
  const { id } = await feedNamed(access, name);
  const found = await askFor(access, `api/v1/feeds/${id}/faults`, feedFilesResponse);
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  await writeOut([`${faultLines(found).join('\n')}\n`]);
}

function faultLines({ items, total }: z.infer<typeof feedFilesResponse>): string[] {
  const lines = items.map(({ path, outcome, faults: [fault] }) =>
    printable(`  ${path}: ${outcome}: ${fault?.place === '' ? '' : `${fault?.place}: `}${fault?.message}`),
  );
  return [`${counted(total, 'document')} at fault.`, ...lines];
}

async function runRemove(name: string, flags: ServerFlags & { reason: string }): Promise<void> {
  const access = await serverAccess(flags);
  const { id } = await feedNamed(access, name);
  await sendJson(access, `api/v1/feeds/${id}/removal`, { reason: flags.reason }, idSchema);
  await writeOut([printable(`${name} is taken away; what it brought stays.`), '\n']);
}
