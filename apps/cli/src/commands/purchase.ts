import { type Purchase, purchaseListResponse, purchaseSchema, type Score } from '@wardline/model';
import type { Command } from 'commander';
import { askFor, type ServerAccess, type ServerFlags, serverAccess } from '../api/client.ts';
import { writeOut } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { tableLines } from '../terminal/table.ts';
import { counted } from '../terminal/units.ts';
import { addPurchaseActs } from './life/purchase-acts.ts';
import { serverVerb } from './server-verb.ts';

const examples = `
Examples:
  wardline purchase list
  wardline purchase show 6b1f… 
  wardline purchase show 6b1f… 90ab…            two products side by side

Exit codes: 0 done, 1 the server could not be asked, 2 bad usage.`;

export function addPurchase(program: Command): void {
  const noun = program
    .command('purchase')
    .description('Products before they are bought: scores, and what to ask for.');
  serverVerb(noun, 'list', 'list assessments, newest first', examples)
    .option('--json', 'print one JSON object and nothing else')
    .action(runList);
  serverVerb(noun, 'show', 'show a score line by line, or two side by side', examples)
    .argument('<id>', 'the assessment')
    .argument('[other]', 'another one beside it')
    .option('--json', 'print one JSON object and nothing else')
    .action(runShow);
  addPurchaseActs(noun);
}

type Flags = ServerFlags & { json?: boolean };

const span = ({ score, upTo }: Score): string => (score === upTo ? String(score) : `${score} to ${upTo}`);

async function runList(flags: Flags): Promise<void> {
  const found = await askFor(await serverAccess(flags), 'api/v1/purchases', purchaseListResponse);
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  const columns = [
    { heading: 'Id', value: ({ id }: Purchase) => id, least: 36 },
    { heading: 'Title', value: ({ details }: Purchase) => details.title, least: 12 },
    { heading: 'Product', value: ({ details }: Purchase) => `${details.vendor} ${details.model}`, least: 12 },
    { heading: 'State', value: ({ state }: Purchase) => state, least: 11 },
    { heading: 'Score', value: ({ score }: Purchase) => span(score), least: 10 },
  ];
  const lines = tableLines(found.items, columns, process.stdout.columns ?? 120);
  await writeOut([`${[`${counted(found.total, 'assessment')}.`, ...lines].join('\n')}\n`]);
}

const one = (access: ServerAccess, id: string): Promise<Purchase> =>
  askFor(access, `api/v1/purchases/${encodeURIComponent(id)}`, purchaseSchema);

async function runShow(id: string, other: string | undefined, flags: Flags): Promise<void> {
  const access = await serverAccess(flags);
  const left = await one(access, id);
  const right = other === undefined ? null : await one(access, other);
  if (flags.json)
    return await writeOut([`${JSON.stringify(right === null ? left : { left, right }, null, 2)}\n`]);
  const lines = right === null ? scoreLines(left) : besideLines(left, right);
  await writeOut([`${lines.map(printable).join('\n')}\n`]);
}

const named = ({ details, score, state }: Purchase): string =>
  `${details.vendor} ${details.model}: ${span(score)} of 100, ${state}`;

function scoreLines(purchase: Purchase): string[] {
  const { parts } = purchase.score;
  const clauses = parts.flatMap(({ lines }) =>
    lines.flatMap(({ clause }) => (clause === null ? [] : [`  · ${clause}`])),
  );
  return [
    named(purchase),
    ...parts.flatMap(({ title, weight, points, most, lines }) => [
      '',
      `${title}: ${points} of ${most} points, weight ${weight}`,
      ...lines.map(
        ({ verdict, title: what, reason, source }) =>
          `  ${verdict.padEnd(8)} ${what}. ${reason}${source === null ? '' : ` [${source}]`}`,
      ),
    ]),
    ...(clauses.length === 0 ? [] : ['', 'To ask for in the contract', ...clauses]),
  ];
}

function besideLines(left: Purchase, right: Purchase): string[] {
  const others = new Map(
    right.score.parts.flatMap(({ lines }) => lines).map((line) => [line.id, line.verdict]),
  );
  return [
    `A  ${named(left)}`,
    `B  ${named(right)}`,
    ...left.score.parts.flatMap(({ title, lines }) => [
      '',
      title,
      ...lines.map(
        ({ id, verdict, title: what }) =>
          `  A ${verdict.padEnd(8)} B ${(others.get(id) ?? '–').padEnd(8)} ${what}`,
      ),
    ]),
  ];
}
