import { readFile, writeFile } from 'node:fs/promises';
import {
  type ComponentRow,
  componentListResponse,
  componentProductsResponse,
  type SbomAdded,
  type SbomDifferencesAnswer,
  type SbomRow,
  sbomAddResponse,
  sbomDifferencesResponse,
  sbomListResponse,
} from '@wardline/model';
import type { Command } from 'commander';
import { askFor, type ServerAccess, type ServerFlags, sendJson, serverAccess } from '../api/client.ts';
import { explainSystemError } from '../assessment/captures.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { writeOut } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { tableLines } from '../terminal/table.ts';
import { counted } from '../terminal/units.ts';
import { userPath } from '../working-directory.ts';
import { serverVerb } from './server-verb.ts';

type Flags = ServerFlags & { json?: boolean };

const examples = `
Examples:
  wardline sbom add pump.cdx.json --reason "sent with the offer"
  wardline sbom add pump.spdx --vendor "B. Braun" --model Infusomat --software 2.1
  wardline sbom search openssl 3.0
  wardline sbom list infusomat --all
  wardline sbom diff S-1d2c… S-9ab0…
  wardline sbom export S-1d2c… --out pump.json

Files may be CycloneDX 1.2 to 1.7 (JSON, XML), SPDX 2.2 and 2.3 (JSON, tag-value) and SPDX 3.0 (JSON-LD).
Exit codes: 0 done, 1 the server could not be asked, 2 bad usage, 3 at least one file was refused.`;

export function addSbom(program: Command): void {
  const noun = program.command('sbom').description('Bills of materials: what is inside which product.');
  verb(noun, 'add', 'hand over bills of materials')
    .argument('<file...>', 'files')
    .option('--vendor <name>', 'whose product it is; else as the document says')
    .option('--model <name>', 'which model; else as the document says')
    .option('--software <version>', 'which software version; "" is every one; else as the document says')
    .option('--reason <text>', 'goes into the ledger', 'imported from files')
    .action(runAdd);
  verb(noun, 'list', 'list bills of materials')
    .argument('[words...]', 'words that must each occur in vendor, model, version or title')
    .option('--all', 'also those that a later one has taken the place of')
    .option('--limit <number>', 'how many at the most, up to 500', '100')
    .action(runList);
  verb(noun, 'search', 'find where a component is')
    .argument('<words...>', 'words that must each occur in name, version, supplier, purl or CPE')
    .option('--limit <number>', 'how many components at the most, up to 500', '50')
    .action(runSearch);
  verb(noun, 'diff', 'show what is else between two bills of materials')
    .argument('<before>', 'the id of the older one')
    .argument('<after>', 'the id of the newer one')
    .action(runDiff);
  verb(noun, 'export', 'write a bill of materials again, byte for byte')
    .argument('<id>', 'its id')
    .option('--as <format>', 'original, or cyclonedx (1.6, what the component model holds)', 'original')
    .option('--out <file>', 'where to; else to the standard output')
    .action(runExport);
}

const verb = (noun: Command, name: string, summary: string): Command =>
  serverVerb(noun, name, summary, examples).option('--json', 'print one JSON object and nothing else');

type AddFlags = Flags & { vendor?: string; model?: string; software?: string; reason: string };

async function runAdd(files: string[], flags: AddFlags): Promise<void> {
  const access = await serverAccess(flags);
  const { vendor, model, software, reason } = flags;
  const results: (SbomAdded & { file: string })[] = [];
  for (const file of files) {
    const body = { name: file.slice(-300), text: await textOf(file), vendor, model, software, reason };
    results.push({ file, ...(await sendJson(access, 'api/v1/sboms', body, sbomAddResponse)) });
  }
  if (results.some(({ outcome }) => outcome === 'refused')) process.exitCode = exitCodes.nothingRead;
  if (flags.json) return await writeOut([`${JSON.stringify({ results }, null, 2)}\n`]);
  const lines = results.flatMap(({ file, outcome, id, faults }) => [
    `${file}: ${outcome}${id === null ? '' : ` as ${id}`}`,
    ...faults.map(({ place, message }) => `  ${place === '' ? '' : `${place}: `}${message}`),
  ]);
  await writeOut([`${lines.map(printable).join('\n')}\n`]);
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(userPath(file), 'utf8');
  } catch (error) {
    throw new CommandError(`${file} ${explainSystemError(error)}`, exitCodes.failed);
  }
}

async function runList(words: string[], flags: Flags & { all?: boolean; limit: string }): Promise<void> {
  const query = new URLSearchParams({ limit: flags.limit, current: flags.all ? 'no' : 'yes' });
  if (words.length > 0) query.set('q', words.join(' '));
  const found = await askFor(await serverAccess(flags), `api/v1/sboms?${query.toString()}`, sbomListResponse);
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  await writeOut([
    `${[`${counted(found.total, 'bill')} of materials.`, ...sbomLines(found.items)].join('\n')}\n`,
  ]);
}

const sbomLines = (items: readonly SbomRow[]): string[] =>
  tableLines(items, sbomColumns, process.stdout.columns ?? 120);

const sbomColumns = [
  { heading: 'Id', value: (row: SbomRow) => row.id, least: 26 },
  { heading: 'Vendor', value: (row: SbomRow) => row.vendor, least: 8 },
  { heading: 'Model', value: (row: SbomRow) => row.model, least: 10 },
  { heading: 'Software', value: (row: SbomRow) => row.software || 'every', least: 8 },
  { heading: 'Components', value: (row: SbomRow) => String(row.components), least: 10 },
  { heading: 'Added', value: (row: SbomRow) => row.addedAt.slice(0, 10), least: 10 },
  { heading: 'Counts', value: (row: SbomRow) => (row.replacedAt === null ? 'yes' : 'no'), least: 6 },
];

async function runSearch(words: string[], flags: Flags & { limit: string }): Promise<void> {
  const access = await serverAccess(flags);
  const query = new URLSearchParams({ limit: flags.limit, q: words.join(' ') });
  const found = await askFor(access, `api/v1/components?${query.toString()}`, componentListResponse);
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  const lines = tableLines(found.items, componentColumns, process.stdout.columns ?? 120);
  const places = found.items.length === 1 ? await placesOf(access, found.items[0]!) : [];
  await writeOut([`${[`${counted(found.total, 'component')}.`, ...lines, ...places].join('\n')}\n`]);
}

const componentColumns = [
  {
    heading: 'Component',
    value: (row: ComponentRow) => [row.group, row.name].filter(Boolean).join('/'),
    least: 16,
  },
  { heading: 'Version', value: (row: ComponentRow) => row.version ?? '–', least: 8 },
  { heading: 'Models', value: (row: ComponentRow) => String(row.models), least: 6 },
  { heading: 'SBOMs', value: (row: ComponentRow) => String(row.sboms), least: 5 },
  { heading: 'Package', value: (row: ComponentRow) => row.purl ?? row.cpes[0] ?? '–', least: 20 },
];

/** The one component that was found is shown with its products. */
async function placesOf(access: ServerAccess, { id }: ComponentRow): Promise<string[]> {
  const found = await askFor(access, `api/v1/components/${id}/products?limit=500`, componentProductsResponse);
  return ['', `In ${counted(found.total, 'product')}:`, ...sbomLines(found.items)];
}

async function runDiff(before: string, after: string, flags: Flags): Promise<void> {
  const query = new URLSearchParams({ before, after });
  const access = await serverAccess(flags);
  const found = await askFor(access, `api/v1/sboms/differences?${query.toString()}`, sbomDifferencesResponse);
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  await writeOut([`${differenceLines(found).map(printable).join('\n')}\n`]);
}

function differenceLines({ added, removed, changed, unchanged }: SbomDifferencesAnswer): string[] {
  const named = ({ name, version }: { name: string; version: string | null }) =>
    [name, version].filter(Boolean).join(' ');
  return [
    `${added.length} added, ${removed.length} removed, ${changed.length} changed, ${unchanged} as before.`,
    ...added.map((one) => `+ ${named(one)}`),
    ...removed.map((one) => `- ${named(one)}`),
    ...changed.map(
      ({ before, after, what }) =>
        `~ ${named(before)}${what.includes('version') ? ` → ${after.version ?? 'no version'}` : ''} (${what.join(', ')})`,
    ),
  ];
}

async function runExport(id: string, flags: Flags & { as: string; out?: string }): Promise<void> {
  const { base, token } = await serverAccess(flags);
  const path = `api/v1/sboms/${encodeURIComponent(id)}/document?as=${encodeURIComponent(flags.as)}`;
  const answer = await fetch(new URL(path, base), { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok)
    throw new CommandError(
      `${id} cannot be exported: the server answered ${answer.status}`,
      exitCodes.failed,
    );
  const bytes = Buffer.from(await answer.arrayBuffer());
  const lost = Number(answer.headers.get('wardline-lost') ?? 0);
  if (lost > 0) process.stderr.write(`${counted(lost, 'statement')} had no place in CycloneDX.\n`);
  if (flags.out === undefined) process.stdout.write(bytes);
  else await writeFile(userPath(flags.out), bytes);
}
