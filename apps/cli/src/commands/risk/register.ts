import {
  type RiskDetail,
  type RiskRow,
  riskDetailSchema,
  riskLevels,
  riskListResponse,
  riskRecordSchema,
  riskStates,
  riskViews,
} from '@wardline/model';
import type { Command } from 'commander';
import {
  askFor,
  dataOption,
  type ServerFlags,
  serverAccess,
  serverOption,
  tokenOption,
} from '../../api/client.ts';
import { writeOut } from '../../terminal/output.ts';
import { indented, printable } from '../../terminal/printable.ts';
import { tableLines } from '../../terminal/table.ts';
import { counted } from '../../terminal/units.ts';

type Flags = ServerFlags & { json?: boolean };
type ListFlags = Flags & {
  view?: string;
  state?: string;
  patient?: string;
  asset?: string;
  overdue?: boolean;
  limit: string;
};

const examples = `
Examples:
  wardline risk list --view biomedical
  wardline risk list --patient high --overdue
  wardline risk show r-1f2e3d4c5b6a7988
  wardline risk explain r-1f2e3d4c5b6a7988 --json > score.json`;

/** The register, as it is read. */
export function addRegister(noun: Command): void {
  withServer(
    noun
      .command('list')
      .summary('the queue')
      .description('Lists risks, those that can harm patients most first.'),
  )
    .argument('[words...]', 'words that must each occur in weakness, title or product')
    .option('--view <role>', `as a role looks at it: ${riskViews.join(', ')}`)
    .option('--state <states>', `only: ${riskStates.join(', ')}`)
    .option(
      '--patient <level>',
      `at least this risk to patients is possible: ${riskLevels.slice(1).join(', ')}`,
    )
    .option('--asset <id>', 'only of this asset')
    .option('--overdue', 'only what is due and not done')
    .option('--limit <number>', 'how many at the most, up to 500', '50')
    .addHelpText('after', examples)
    .action(runList);
  withServer(
    noun
      .command('show')
      .summary('one risk')
      .description('Shows a risk: what it rests on, who has it, what is done.'),
  )
    .argument('<risk>', 'id in the list')
    .addHelpText('after', examples)
    .action(runShow);
  withServer(
    noun
      .command('explain')
      .summary('how a score came about')
      .description(
        'Tells in sentences how the score of a risk came about; with --json as a record that anybody can work out again.',
      ),
  )
    .argument('<risk>', 'id in the list')
    .option('--asset <id>', 'of this asset; else of the gravest')
    .addHelpText('after', examples)
    .action(runExplain);
}

export function withServer(command: Command): Command {
  return command
    .option('--json', 'print one JSON object and nothing else')
    .option(...serverOption)
    .option(...tokenOption)
    .option(...dataOption);
}

async function runList(words: string[], flags: ListFlags): Promise<void> {
  const { view, state, patient, asset, overdue, limit } = flags;
  const given = Object.entries({ view, state, patient, asset }).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams([...(given as [string, string][]), ['limit', limit]]);
  if (words.length > 0) query.set('q', words.join(' '));
  if (overdue) query.set('overdue', 'yes');
  const found = await askFor(await serverAccess(flags), `api/v1/risks?${query.toString()}`, riskListResponse);
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  const lines = tableLines(found.items, columns, process.stdout.columns ?? 120);
  await writeOut([`${[`${counted(found.total, 'risk')}.`, ...lines].join('\n')}\n`]);
}

const spanText = ({ from, to }: RiskRow['patient']): string => (from === to ? from : `${from} … ${to}`);

const columns = [
  { heading: 'Id', value: ({ id }: RiskRow) => id, least: 18 },
  { heading: 'Patients', value: ({ patient }: RiskRow) => spanText(patient), least: 10 },
  { heading: 'Privacy', value: ({ privacy }: RiskRow) => spanText(privacy), least: 8 },
  { heading: 'Operations', value: ({ operations }: RiskRow) => spanText(operations), least: 8 },
  {
    heading: 'State',
    value: ({ state, overdue }: RiskRow) => (overdue ? `${state}, overdue` : state),
    least: 8,
  },
  { heading: 'Assets', value: ({ assets }: RiskRow) => String(assets), least: 6 },
  { heading: 'Product', value: ({ product }: RiskRow) => product, least: 12 },
  { heading: 'What', value: ({ source, title }: RiskRow) => `${source} ${title}`, least: 20 },
];

async function runShow(id: string, flags: Flags): Promise<void> {
  const risk = await askFor(
    await serverAccess(flags),
    `api/v1/risks/${encodeURIComponent(id)}`,
    riskDetailSchema,
  );
  if (flags.json) return await writeOut([`${JSON.stringify(risk, null, 2)}\n`]);
  await writeOut([`${riskLines(risk, process.stdout.columns ?? 120).join('\n')}\n`]);
}

function riskLines(risk: RiskDetail, width: number): string[] {
  const told = (text: string, lead = '  ') => indented(printable(text), width, lead);
  return [
    ...told(`${risk.source} ${risk.title} on ${risk.product}`, ''),
    `  patients ${spanText(risk.patient)}; privacy ${spanText(risk.privacy)}; operations ${spanText(risk.operations)}; ${risk.control}`,
    ...told(handlingText(risk)),
    `  ${counted(risk.assets, 'asset')}, ${risk.lifeCritical} of them life-critical:`,
    ...risk.members
      .slice(0, 20)
      .flatMap(({ name, asset, patient, presence }) =>
        told(`${name} (${asset}): ${spanText(patient)}, ${presence}`, '    '),
      ),
    '',
    ...risk.sentences.flatMap((sentence) => told(sentence)),
    ...risk.decisions.map(({ table, outcomes }) => `  SSVC ${table}: ${outcomes.join(' or ')}`),
    '',
    ...risk.controls.flatMap(({ id, text, verifiedBy, holdsUntil }) =>
      told(
        `control ${id}: ${text} (${verifiedBy === null ? 'claimed' : `verified until ${holdsUntil?.slice(0, 10)}`})`,
      ),
    ),
    ...risk.comments.flatMap(({ name, text }) => told(`${name}: ${text}`)),
    ...risk.history.flatMap(({ at, actor, text }) => told(`${at.slice(0, 16)} ${actor}: ${text}`)),
  ];
}

function handlingText({
  state,
  treatment,
  plan,
  ownerName,
  owner,
  deadline,
  acceptedUntil,
  approver,
}: RiskDetail): string {
  const parts = [
    state,
    treatment === null ? null : `to ${treatment}: ${plan}`,
    owner === null ? 'nobody has it' : `owner ${ownerName ?? owner}`,
    deadline === null ? null : `due ${deadline.slice(0, 10)}`,
    acceptedUntil === null ? null : `accepted until ${acceptedUntil.slice(0, 10)}`,
    approver === null ? null : `approved by ${approver}`,
  ];
  return parts.filter((part) => part !== null).join('; ');
}

async function runExplain(id: string, flags: Flags & { asset?: string }): Promise<void> {
  const query = flags.asset === undefined ? '' : `?asset=${encodeURIComponent(flags.asset)}`;
  const path = `api/v1/risks/${encodeURIComponent(id)}/record${query}`;
  const record = await askFor(await serverAccess(flags), path, riskRecordSchema);
  if (flags.json) return await writeOut([`${JSON.stringify(record, null, 2)}\n`]);
  const width = process.stdout.columns ?? 120;
  await writeOut([
    `${record.sentences.flatMap((sentence) => indented(printable(sentence), width, '')).join('\n')}\n`,
  ]);
}
