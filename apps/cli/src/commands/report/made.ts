import { readFile, writeFile } from 'node:fs/promises';
import {
  type ReportExport,
  reportExportSchema,
  reportKinds,
  reportListResponse,
  reportMadeResponse,
} from '@wardline/model';
import { digestOfDocument, documentPage } from '@wardline/reports';
import type { Command } from 'commander';
import { askFor, type ServerFlags, sendJson, serverAccess } from '../../api/client.ts';
import { explainSystemError } from '../../assessment/captures.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { tableLines } from '../../terminal/table.ts';
import { userPath } from '../../working-directory.ts';
import { actIn } from '../ledger/act-in.ts';
import { keyFrom } from '../ledger/key.ts';
import { serverVerb } from '../server-verb.ts';
import { mustBePage, writePage } from './page.ts';

const examples = `
Examples:
  wardline report make risk-analysis --reason "yearly review"
  wardline report make incident 4 --reason "file for the record"
  wardline report list
  wardline report export 7 risk.json
  wardline report page risk.json --out risk.pdf --key log.key

Kinds: ${reportKinds.join(', ')}. A device file is about an asset by its id, an incident file about its number, a
supplier review about the supplier's id, a product file about the product's. A report is kept as it was made, and its SHA-256 stands in the ledger.`;

/** Reports that a server makes of what it knows, and keeps. */
export function addMadeReports(noun: Command): void {
  serverVerb(noun, 'make', 'make a report of what is known now, under the ledger', examples)
    .argument('<kind>', reportKinds.join(', '))
    .argument('[subject]', 'the device, incident, supplier or product that it is about')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runMake);
  serverVerb(noun, 'list', 'reports that were made', examples)
    .option('--json', 'print one JSON object and nothing else')
    .action(runList);
  serverVerb(noun, 'export', 'a report with its place in the ledger, to be checked anywhere', examples)
    .argument('<number>', 'its number, as wardline report list tells it')
    .argument('<file>', 'file to write')
    .action(runExport);
  noun
    .command('page')
    .summary('the page of a report, from its file alone')
    .description('The page of a report, from its file alone, for screen or paper.')
    .argument('<report>', 'a file of wardline report export')
    .requiredOption('--out <file>', 'file to write, .html or .pdf')
    .option(
      '--key <key>',
      'the public key of the ledger, or a file with it: the page then says that it was checked',
    )
    .addHelpText('after', examples)
    .action(runPage);
}

async function runMake(
  kind: string,
  subject: string | undefined,
  { reason, ...flags }: ServerFlags & { reason: string },
): Promise<void> {
  const body = { kind, reason, ...(subject === undefined ? {} : { subject }) };
  const { number } = await sendJson(await serverAccess(flags), 'api/v1/reports', body, reportMadeResponse);
  await writeOut([
    `Report ${number} is made. Take it along with: wardline report export ${number} FILE.json\n`,
  ]);
}

async function runList({ json, ...flags }: ServerFlags & { json?: boolean }): Promise<void> {
  const { items } = await askFor(await serverAccess(flags), 'api/v1/reports', reportListResponse);
  if (json) return await writeOut([`${JSON.stringify({ items }, null, 2)}\n`]);
  type Row = (typeof items)[number];
  const columns = [
    { heading: 'No.', value: ({ number }: Row) => String(number), least: 4, align: 'right' as const },
    { heading: 'Made', value: ({ at }: Row) => at.slice(0, 16), least: 16 },
    { heading: 'By', value: ({ byName }: Row) => byName, least: 10 },
    { heading: 'Report', value: ({ title }: Row) => title, least: 20 },
  ];
  await writeOut([`${tableLines(items, columns, process.stdout.columns ?? 120).join('\n')}\n`]);
}

async function runExport(number: string, file: string, flags: ServerFlags): Promise<void> {
  if (!/^\d{1,12}$/.test(number)) throw new CommandError(`${printable(number)} is no number of a report`);
  const found = await askFor(
    await serverAccess(flags),
    `api/v1/reports/${number}/export`,
    reportExportSchema,
  );
  try {
    await writeFile(userPath(file), `${JSON.stringify(found)}\n`, { flag: 'wx' });
  } catch (error) {
    throw new CommandError(`${file} ${explainSystemError(error)}`, exitCodes.failed);
  }
  await writeOut([
    `Report ${number} is in ${file}. Its page: wardline report page ${file} --out PAGE.pdf --key KEY\n`,
  ]);
}

async function runPage(file: string, { out, key }: { out: string; key?: string }): Promise<void> {
  mustBePage(out);
  const report = await readReport(file);
  const faults = key === undefined ? null : faultsOf(report, key);
  await writePage(documentPage(report, faults), out);
  await writeOut([`${printable(out)} is written.\n`]);
  if (faults !== null && faults.length > 0)
    throw new CommandError(
      'The report is not the one that its ledger holds; the page says so too.',
      exitCodes.failed,
    );
}

/** What of a report is not as it says: its digest, its act, the act's place in the tree, the signature. */
function faultsOf({ document, digest, ledger }: ReportExport, key: string): string[] {
  const act = actIn(ledger, keyFrom(key, '--key'));
  if ('fault' in act) return [act.fault];
  if (act.entry.action !== 'report.make') return ['The act is no report.'];
  return [
    ...(digestOfDocument(document) === digest
      ? []
      : ['The report is not the one that the digest was made of.']),
    ...(act.entry.changes.digest === digest ? [] : ['The ledger holds the digest of another report.']),
    ...(act.entry.at === document.at ? [] : ['The ledger says another time.']),
  ];
}

/** @throws CommandError where the file is no report */
async function readReport(file: string): Promise<ReportExport> {
  try {
    const parsed = reportExportSchema.safeParse(JSON.parse(await readFile(userPath(file), 'utf8')));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const place = issue?.path.join('/') ?? '';
    throw new CommandError(
      printable(`${file} is no export of a report: /${place}: ${issue?.message}`),
      exitCodes.nothingRead,
    );
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const why = error instanceof SyntaxError ? `is no JSON: ${error.message}` : explainSystemError(error);
    throw new CommandError(printable(`${file} ${why}`), exitCodes.nothingRead);
  }
}
