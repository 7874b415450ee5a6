import { basename } from 'node:path';
import { type ProductFile, type ProductRow, productFileSchema, productListResponse } from '@wardline/model';
import type { Command } from 'commander';
import { z } from 'zod';
import { askFor, type ServerAccess, type ServerFlags, sendJson, serverAccess } from '../api/client.ts';
import { CommandError } from '../exit-codes.ts';
import { digestOf } from '../file-digest.ts';
import { writeOut } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { tableLines } from '../terminal/table.ts';
import { counted } from '../terminal/units.ts';
import { serverVerb } from './server-verb.ts';

const examples = `
Examples:
  wardline product add "B. Braun" Infusomat --class infusion-pump --cycle-days 90 --critical-days 30 --reason "our own"
  wardline product show 6b1f…                          threats, weaknesses with clocks, section 524B line by line
  wardline product plan 6b1f… CVE-2026-1 --release 4.2 --day 2027-03-01 --owner person:90ab… --reason "next release"
  wardline product vouch 6b1f… PM-plan --statement "Approved by the board" --document plan.pdf --owner person:90ab… \\
    --until 2027-06-30 --reason "yearly review"
  wardline report make product-file 6b1f… --reason "for the submission"

Exit codes: 0 done, 1 the server could not be asked, 2 bad usage.`;

/** Products that somebody here answers for as their manufacturer. */
export function addProduct(program: Command): void {
  const noun = program
    .command('product')
    .description('Security files of products, for who makes a device: section 524B from what is held.');
  serverVerb(noun, 'list', 'list products and how each stands', examples)
    .option('--json', 'print one JSON object and nothing else')
    .action(runList);
  serverVerb(noun, 'show', 'show the security file of one', examples)
    .argument('<id>', 'the product')
    .option('--json', 'print one JSON object and nothing else')
    .action(runShow);
  detailed(serverVerb(noun, 'add', 'keep a security file of a product', examples))
    .argument('<manufacturer>', 'as devices, bills of materials and releases name it')
    .argument('<model>', 'as they name it')
    .action(runAdd);
  detailed(serverVerb(noun, 'change', 'change what is said of a product', examples))
    .argument('<id>', 'the product')
    .action(runChange);
  serverVerb(noun, 'plan', 'plan which release answers a weakness', examples)
    .argument('<id>', 'the product')
    .argument('<weakness>', 'as product show names it: CVE-2026-1, or "report 7"')
    .requiredOption('--release <text>', 'which release')
    .requiredOption('--day <day>', 'by when it is published, as 2026-12-31')
    .requiredOption('--owner <person>', 'who brings it, as access person list names them')
    .option('--note <text>', 'what protects meanwhile', '')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runPlan);
  serverVerb(noun, 'vouch', 'vouch for a line of the checklist by a document', examples)
    .argument('<id>', 'the product')
    .argument('<line>', 'as PM-plan')
    .requiredOption('--statement <text>', 'what is the case, in a sentence that can be checked')
    .requiredOption('--document <file>', 'it stays here: its name and SHA-256 are sent')
    .requiredOption('--owner <person>', 'who answers for it')
    .requiredOption('--until <day>', 'within a year')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runVouch);
  serverVerb(noun, 'take-back', 'take back what was vouched for', examples)
    .argument('<id>', 'the product')
    .argument('<word>', 'as product show --json names it')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runTakeBack);
}

const detailed = (verb: Command): Command =>
  verb
    .option('--class <id>', 'what kind of device it is, as infusion-pump: its threats follow from it')
    .option('--purpose <text>', 'what it is for')
    .option('--cycle-days <days>', 'regular patches come within so many days')
    .option('--critical-days <days>', 'critical ones come within so many')
    .option('--rationale <text>', 'why this cycle is reasonable')
    .option('--end-of-support <day>', 'as 2034-12-31')
    .requiredOption('--reason <text>', 'goes into the ledger');

interface DetailFlags extends ServerFlags {
  class?: string;
  purpose?: string;
  cycleDays?: string;
  criticalDays?: string;
  rationale?: string;
  endOfSupport?: string;
  reason: string;
}

type Details = ProductFile['details'];

/** What flags say, over what was said before. */
function detailsOf(before: Details, flags: DetailFlags): Details {
  return {
    ...before,
    deviceClass: flags.class ?? before.deviceClass,
    purpose: flags.purpose ?? before.purpose,
    cycleDays: daysOf('--cycle-days', flags.cycleDays) ?? before.cycleDays,
    criticalDays: daysOf('--critical-days', flags.criticalDays) ?? before.criticalDays,
    rationale: flags.rationale ?? before.rationale,
    endOfSupport: flags.endOfSupport ?? before.endOfSupport,
  };
}

function daysOf(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,4}$/.test(text))
    throw new CommandError(`${flag} ${printable(text)}: expected a number of days`);
  return Number(text);
}

const done = z.object({ done: z.literal(true) });
const made = z.object({ id: z.string() });
const at = (id: string, more = '') => `api/v1/products/${encodeURIComponent(id)}${more}`;

async function runAdd(vendor: string, model: string, flags: DetailFlags): Promise<void> {
  const empty: Details = {
    vendor,
    model,
    deviceClass: '',
    purpose: '',
    cycleDays: null,
    criticalDays: null,
    rationale: '',
    endOfSupport: null,
  };
  const body = { ...detailsOf(empty, flags), reason: flags.reason };
  const { id } = await sendJson(await serverAccess(flags), 'api/v1/products', body, made);
  await writeOut([`${printable(`${vendor} ${model}: ${id}`)}\n`]);
}

async function runChange(id: string, flags: DetailFlags): Promise<void> {
  const access = await serverAccess(flags);
  const { details, revision } = await fileOf(access, id);
  const body = { ...detailsOf(details, flags), revision, reason: flags.reason };
  await sendJson(access, at(id), body, done, 'PUT');
  await writeOut([`${printable(`${details.vendor} ${details.model}`)} is changed.\n`]);
}

type PlanFlags = ServerFlags & { release: string; day: string; owner: string; note: string; reason: string };

async function runPlan(id: string, weakness: string, flags: PlanFlags): Promise<void> {
  const { release: version, day, owner, note, reason } = flags;
  const body = { weakness, version, day, owner, note, reason };
  await sendJson(await serverAccess(flags), at(id, '/plans'), body, done);
  await writeOut([`${printable(`${weakness}: release ${version} by ${day}`)}\n`]);
}

type VouchFlags = ServerFlags & {
  statement: string;
  document: string;
  owner: string;
  until: string;
  reason: string;
};

async function runVouch(id: string, control: string, flags: VouchFlags): Promise<void> {
  const { statement, document, owner, until, reason } = flags;
  const sha256 = await digestOf(document);
  const body = { control, statement, owner, document: basename(document), sha256, until, reason };
  const word = await sendJson(await serverAccess(flags), at(id, '/words'), body, made);
  await writeOut([`${printable(`${control}: word ${word.id}, until ${until}`)}\n`]);
}

async function runTakeBack(id: string, word: string, flags: ServerFlags & { reason: string }): Promise<void> {
  const path = at(id, `/words/${encodeURIComponent(word)}/withdrawal`);
  await sendJson(await serverAccess(flags), path, { reason: flags.reason }, done);
  await writeOut(['It does not count any more.\n']);
}

type Flags = ServerFlags & { json?: boolean };

async function runList(flags: Flags): Promise<void> {
  const found = await askFor(await serverAccess(flags), 'api/v1/products', productListResponse);
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  const columns = [
    { heading: 'Id', value: ({ id }: ProductRow) => id, least: 36 },
    {
      heading: 'Product',
      value: ({ details }: ProductRow) => `${details.vendor} ${details.model}`,
      least: 14,
    },
    {
      heading: 'Lines met',
      value: ({ counts }: ProductRow) =>
        `${counts.met} of ${counts.met + counts['not-met'] + counts.unknown}`,
      least: 9,
    },
    { heading: 'Overdue', value: ({ timeliness }: ProductRow) => String(timeliness.overdue), least: 7 },
    {
      heading: 'Time to fix',
      value: ({ timeliness: { medianDays } }: ProductRow) =>
        medianDays === null ? '–' : `${medianDays} days`,
      least: 11,
    },
  ];
  const lines = tableLines(found.items, columns, process.stdout.columns ?? 120);
  await writeOut([`${[`${counted(found.total, 'product')}.`, ...lines].join('\n')}\n`]);
}

const fileOf = (access: ServerAccess, id: string): Promise<ProductFile> =>
  askFor(access, at(id), productFileSchema);

async function runShow(id: string, flags: Flags): Promise<void> {
  const file = await fileOf(await serverAccess(flags), id);
  if (flags.json) return await writeOut([`${JSON.stringify(file, null, 2)}\n`]);
  await writeOut([`${linesOf(file).map(printable).join('\n')}\n`]);
}

function linesOf({
  details,
  classLabel,
  counts,
  threats,
  weaknesses,
  checklist,
  timeliness,
}: ProductFile): string[] {
  const { medianDays, devices, onNewest } = timeliness;
  return [
    `${details.vendor} ${details.model} (${classLabel})`,
    `${counts.met} lines met, ${counts['not-met']} not met, ${counts.unknown} unknown.`,
    `Threats: ${threats.open} open, ${threats.unknown} unknown, ${threats.mitigated} answered.`,
    medianDays === null ? 'Nothing was fixed yet.' : `Fixed in ${medianDays} days in the median.`,
    ...(devices === 0 ? [] : [`${onNewest} of ${counted(devices, 'device')} run the newest release.`]),
    ...(weaknesses.length === 0 ? [] : ['', 'Patch plan']),
    ...weaknesses.map(
      ({ id, critical, state, due, fix, plan }) =>
        `  ${state.padEnd(10)} ${id}${critical ? ', critical' : ''}${due === null ? '' : `, by ${due.slice(0, 10)}`}: ${
          fix === null
            ? plan === null
              ? 'nothing is planned'
              : `planned ${plan.version} by ${plan.day}, ${plan.ownerName}`
            : `${fix.version}, ${fix.at.slice(0, 10)}`
        }`,
    ),
    '',
    'Section 524B and the premarket guidance',
    ...checklist.map(
      ({ status, control, title, reason, contradicted }) =>
        `  ${status.padEnd(8)} ${control} ${title}. ${reason}${contradicted ? ' Somebody vouches for it all the same.' : ''}`,
    ),
  ];
}
