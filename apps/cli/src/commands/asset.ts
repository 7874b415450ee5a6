import { type AssetDetail, type AssetRow, assetDetailSchema, assetListResponse } from '@wardline/model';
import type { Command } from 'commander';
import {
  askFor,
  dataOption,
  RefusedError,
  type ServerAccess,
  type ServerFlags,
  serverAccess,
  serverOption,
  tokenOption,
} from '../api/client.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { writeOut } from '../terminal/output.ts';
import { indented, printable } from '../terminal/printable.ts';
import { styleFor } from '../terminal/style.ts';
import { tableLines } from '../terminal/table.ts';
import { counted, integer, minute } from '../terminal/units.ts';
import { inventoryNumbers, labelsOf, writeLabels } from './labels.ts';
import { serverVerb } from './server-verb.ts';

const filters = {
  class: 'class of the taxonomy (infusion-pump, ct, …)',
  group: 'group of classes (infusion-therapy, imaging, …)',
  vendor: 'maker',
  criticality: 'life-critical, high, medium, low, unknown',
  'data-sensitivity': 'phi, possible-phi, no-phi, unknown',
  vlan: 'VLAN number',
  application: 'protocol that it speaks (dicom, hl7, …)',
  protection: 'protection of its conversations (clear, tls1.2, …)',
  finding: 'rule of a finding',
  severity: 'severity of a finding',
  register: 'matched, shadow, missing, conflicting',
} as const;

type ListFlags = ServerFlags &
  Record<string, string | boolean | undefined> & { limit: string; json?: boolean };

const listExamples = `
Examples:
  wardline asset list --criticality life-critical --protection clear
  wardline asset list pump --vlan 20,30 --sort lastSeen --desc
  wardline asset list --register shadow --json | jq '.items[].ips'

Values of one filter are alternatives, parted by commas; filters add up.`;

export function addAsset(program: Command): void {
  const asset = program.command('asset').description('Ask a server about its assets.');
  const list = asset
    .command('list')
    .summary('list assets, filtered')
    .description('Lists the assets that a server knows.')
    .argument(
      '[words...]',
      'words that must each occur in name, maker, model, serial, addresses or location',
    );
  for (const [name, words] of Object.entries(filters)) list.option(`--${name} <values>`, words);
  list
    .option('--sort <column>', 'name, class, criticality, lastSeen, …')
    .option('--desc', 'largest first')
    .option('--limit <number>', 'how many at the most', '100');
  withServer(list)
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', listExamples)
    .action(runList);
  const labels = serverVerb(
    asset,
    'labels',
    'make labels for carts and devices, with a code that leads to the page of each',
    labelExamples,
  )
    .argument('[words...]', 'words that must each occur in name, maker, model, serial, addresses or location')
    .requiredOption('--out <file>', 'file to write, .html or .pdf; .svg where there is one device')
    .option(
      '--address <url>',
      'the address of the console that the codes lead to; else the server that is asked',
    )
    .option('--limit <number>', 'how many at the most', '100');
  for (const [name, words] of Object.entries(filters)) labels.option(`--${name} <values>`, words);
  labels.action(runLabels);
  const show = asset
    .command('show')
    .summary('show one asset with its evidence')
    .description('Shows what is believed of one asset, how firmly and why.')
    .argument('<asset>', 'id, or words that only one asset has (name, address, serial)');
  withServer(show)
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText(
      'after',
      '\nExamples:\n  wardline asset show 10.20.30.40\n  wardline asset show a-1f2e3d --json',
    )
    .action(runShow);
}

function withServer(command: Command): Command {
  return command
    .option(...serverOption)
    .option(...tokenOption)
    .option(...dataOption);
}

const labelExamples = `
Examples:
  wardline asset labels --class infusion-pump --address https://wardline.hospital.example --out pumps.pdf
  wardline asset labels "pump 17" --out pump.svg

A label has the device's name, kind, inventory and serial number, and a QR code with the address of its page. Whoever reads the code has to sign in.`;

async function runLabels(
  words: string[],
  flags: ListFlags & { out: string; address?: string },
): Promise<void> {
  const limit = Number(flags.limit);
  if (!Number.isInteger(limit) || limit < 1)
    throw new CommandError(`--limit ${flags.limit}: expected a whole number from 1`);
  const access = await serverAccess(flags);
  const { items, total } = await collect(access, listQuery(words, flags), limit);
  if (items.length === 0) throw new CommandError('No asset matches.', exitCodes.nothingRead);
  const labels = labelsOf(items, await inventoryNumbers(access), flags.address ?? flags.server);
  await writeLabels(labels, flags.out);
  const rest = total > items.length ? ` of ${integer(total)}; --limit makes more` : '';
  await writeOut([`${counted(items.length, 'label')}${rest}, in ${printable(flags.out)}.\n`]);
}

/** The API hands out so many at once. */
const PAGE = 500;

async function runList(words: string[], flags: ListFlags): Promise<void> {
  const limit = Number(flags.limit);
  if (!Number.isInteger(limit) || limit < 1)
    throw new CommandError(`--limit ${flags.limit}: expected a whole number from 1`);
  const access = await serverAccess(flags);
  const query = listQuery(words, flags);
  const found = await collect(access, query, limit);
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  await writeOut([`${listLines(found.items, found.total, process.stdout.columns ?? 120).join('\n')}\n`]);
}

function listQuery(words: readonly string[], flags: ListFlags): URLSearchParams {
  const query = new URLSearchParams();
  if (words.length > 0) query.set('q', words.join(' '));
  for (const name of Object.keys(filters)) {
    const key = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const value = flags[key];
    if (typeof value === 'string') query.set(key, value);
  }
  if (typeof flags.sort === 'string') query.set('sort', flags.sort);
  if (flags.desc) query.set('order', 'desc');
  return query;
}

async function collect(
  access: ServerAccess,
  query: URLSearchParams,
  limit: number,
): Promise<{ items: AssetRow[]; total: number; asOf: string }> {
  const items: AssetRow[] = [];
  for (;;) {
    query.set('limit', String(Math.min(PAGE, limit - items.length)));
    const page = await askFor(access, `api/v1/assets?${query.toString()}`, assetListResponse);
    items.push(...page.items);
    if (page.nextCursor === null || page.items.length === 0 || items.length >= limit)
      return { items: items.slice(0, limit), total: page.total, asOf: page.asOf };
    query.set('cursor', page.nextCursor);
  }
}

function listLines(items: readonly AssetRow[], total: number, width: number): string[] {
  if (items.length === 0) return ['No asset matches.'];
  const findings = (row: AssetRow) => Object.values(row.findings).reduce((sum, count) => sum + count, 0);
  const lines = tableLines(
    items,
    [
      { heading: 'Name', value: (row) => row.name, least: 12, cut: 'middle' },
      { heading: 'What it is', value: (row) => row.classLabel ?? 'Unidentified', least: 12, rank: 90 },
      { heading: 'Critical', value: (row) => row.criticality, least: 8, rank: 80 },
      {
        heading: 'Make and model',
        value: (row) => [row.vendor, row.model].filter(Boolean).join(' ') || '–',
        least: 10,
        rank: 50,
      },
      { heading: 'Address', value: (row) => row.ips[0] ?? row.macs[0] ?? '–', least: 11, rank: 70 },
      { heading: 'VLAN', value: (row) => row.vlans.join(' '), least: 4, rank: 20 },
      { heading: 'Register', value: (row) => row.register ?? '–', least: 8, rank: 25 },
      {
        heading: 'Findings',
        value: (row) => String(findings(row) || '–'),
        least: 8,
        rank: 30,
        align: 'right',
      },
      { heading: 'Id', value: (row) => row.id, least: 16, rank: 10 },
    ],
    width,
  );
  const style = styleFor(process.stdout);
  const more = total - items.length;
  return [
    ...lines.map((line, index) => (index === 0 ? style.bold(line) : line)),
    `${counted(total, 'asset')}${more > 0 ? `, ${integer(more)} not shown (--limit)` : ''}`,
  ];
}

async function runShow(asset: string, flags: ServerFlags & { json?: boolean }): Promise<void> {
  const access = await serverAccess(flags);
  const detail = await findOne(access, asset);
  if (flags.json) return await writeOut([`${JSON.stringify(detail, null, 2)}\n`]);
  await writeOut([`${detailLines(detail, process.stdout.columns ?? 100).join('\n')}\n`]);
}

async function findOne(access: ServerAccess, asset: string): Promise<AssetDetail> {
  try {
    return await askFor(access, `api/v1/assets/${encodeURIComponent(asset)}`, assetDetailSchema);
  } catch (error) {
    if (!(error instanceof RefusedError) || ![400, 404].includes(error.status)) throw error;
  }
  const query = new URLSearchParams({ q: asset, limit: '6' });
  const { items, total } = await askFor(access, `api/v1/assets?${query.toString()}`, assetListResponse);
  const exact = items.filter(
    (row) => row.name === asset || row.ips.includes(asset) || row.macs.includes(asset.toLowerCase()),
  );
  const one = exact.length === 1 ? exact[0] : items.length === 1 ? items[0] : undefined;
  if (one) return await askFor(access, `api/v1/assets/${encodeURIComponent(one.id)}`, assetDetailSchema);
  if (total === 0) throw new CommandError(`no asset is "${asset}"`);
  const names = items.map((row) => `${row.id} (${row.name})`).join(', ');
  throw new CommandError(
    `${counted(total, 'asset')} match "${asset}": ${names}${total > items.length ? ', …' : ''}`,
  );
}

function detailLines(detail: AssetDetail, width: number): string[] {
  const { asset } = detail;
  const style = styleFor(process.stdout);
  const line = (name: string, text: string) => indented(printable(text), width, `  ${name.padEnd(16)} `);
  return [
    style.bold(printable(asset.name)),
    ...line('Is', `${asset.classLabel ?? 'unidentified'}, ${asset.criticality}`),
    ...line('Addresses', [...asset.ips, ...asset.macs].join(', ') || '–'),
    ...line('Seen', `${minute(asset.firstSeen)} to ${minute(asset.lastSeen)} UTC`),
    '',
    style.bold('Believed'),
    ...Object.entries(detail.observed).flatMap(([attribute, conclusion]) =>
      line(
        attribute,
        conclusion.value === null
          ? 'unknown'
          : `${conclusion.value} (${Math.round(conclusion.confidence * 100)} %): ${conclusion.reason}`,
      ),
    ),
    '',
    style.bold('Services'),
    ...detail.services.flatMap((service) =>
      line(
        `${service.transport} ${service.port ?? ''}`,
        `${service.application ?? 'not recognised'}, ${service.protection}, ${counted(service.clients, 'client')}`,
      ),
    ),
    '',
    style.bold('Evidence'),
    ...detail.claims.flatMap((claim) =>
      line(
        claim.attribute,
        `${claim.value}: ${claim.reason} [${
          claim.evidence
            .map((proof) => `${proof.capture} packet ${proof.packet}`)
            .slice(0, 2)
            .join('; ') || claim.source
        }]`,
      ),
    ),
  ];
}
