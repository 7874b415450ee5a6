import {
  type SecretDetail,
  type SecretRow,
  type SecretWork,
  secretDetailSchema,
  secretListResponse,
  secretWorkResponse,
} from '@wardline/model';
import { askFor, serverAccess } from '../../api/client.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { tableLines } from '../../terminal/table.ts';
import { counted, minute } from '../../terminal/units.ts';
import type { Flags } from '../access/asking.ts';
import { nameOf, secretNamed } from './named.ts';

const width = (): number => process.stdout.columns ?? 120;
const print = (lines: readonly string[]): Promise<void> => writeOut([`${lines.map(printable).join('\n')}\n`]);

export async function runList(flags: Flags & { need?: string; query?: string }): Promise<void> {
  const asked = new URLSearchParams({ limit: '500' });
  if (flags.need !== undefined) asked.set('need', flags.need);
  if (flags.query !== undefined) asked.set('q', flags.query);
  const found = await askFor(
    await serverAccess(flags),
    `api/v1/secrets?${asked.toString()}`,
    secretListResponse,
  );
  if (flags.json) return writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  const { order, held, due, stuck } = found.needs;
  const head = `${counted(found.total, 'secret')}: ${order} wait for an order, ${held} are out, ${due} are due, ${stuck} are stuck.`;
  await print([head, ...tableLines(found.items, columns, width())]);
}

const columns = [
  { heading: 'Device/account', value: nameOf, least: 16 },
  { heading: 'Kind', value: (row: SecretRow) => row.kind, least: 12 },
  { heading: 'State', value: stateOf, least: 20 },
  { heading: 'Changed', value: (row: SecretRow) => minute(row.changed), least: 16 },
  { heading: 'Due', value: (row: SecretRow) => row.due?.slice(0, 10) ?? '–', least: 10, rank: 1 },
  { heading: 'Id', value: (row: SecretRow) => row.id, least: 8, rank: 1 },
];

function stateOf({ held, rotation }: SecretRow): string {
  if (held !== null) return `out until ${minute(held.until)}`;
  if (rotation === null) return 'kept';
  return rotation.state === 'proposed' ? `waits for an order (${rotation.cause})` : rotation.state;
}

export async function runShow(words: string, flags: Flags): Promise<void> {
  const access = await serverAccess(flags);
  const { id } = await secretNamed(access, words);
  const found = await askFor(access, `api/v1/secrets/${id}`, secretDetailSchema);
  if (flags.json) return writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  await print([...describe(found)]);
}

function* describe(found: SecretDetail): Generator<string> {
  yield `${nameOf(found)}: ${found.kind}, ${found.place}, sealed by the key of ${found.zone}; ${stateOf(found)}.`;
  if (found.clinical)
    yield 'A device of care, or one that nobody has identified: it is changed by an order each time.';
  for (const { cause, state, said, opens, closes, steps } of found.rotations) {
    const window = opens === null || closes === null ? '' : `, ${minute(opens)} to ${minute(closes)}`;
    yield `\nChange (${cause}${window}): ${state}. ${said}`;
    for (const step of steps) yield `  ${minute(step.at)}  ${step.step}: ${step.outcome}. ${step.said}`;
  }
  yield '';
  for (const { at, actor, text } of found.history) yield `${minute(at)}  ${actor}: ${text}`;
}

type Work = SecretWork['items'][number];

export async function runWork(flags: Flags): Promise<void> {
  const found = await askFor(await serverAccess(flags), 'api/v1/secrets/work', secretWorkResponse);
  if (flags.json) return writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  const lines = tableLines(found.items, workColumns, width());
  await print([
    `${counted(found.items.length, 'device')} with a default or clear-text credential.`,
    ...lines,
  ]);
}

const workColumns = [
  { heading: 'Device', value: (row: Work) => row.assetName, least: 16 },
  { heading: 'Criticality', value: (row: Work) => row.criticality, least: 13 },
  { heading: 'What was seen', value: (row: Work) => row.summary, least: 30 },
  { heading: 'Asset', value: (row: Work) => row.asset, least: 8, rank: 1 },
];
