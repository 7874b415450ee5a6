import {
  type EffectRow,
  type EnforcementPoint,
  enforcementResponse,
  holdListResponse,
  type OrderAct,
  orderActs,
  type PointDetail,
  type PointPreview,
  pointDetailResponse,
  pointKinds,
  pointMadeResponse,
  pointPreviewResponse,
} from '@wardline/model';
import type { Command } from 'commander';
import { askFor, type ServerAccess, type ServerFlags, sendJson, serverAccess } from '../api/client.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { writeOut } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { tableLines } from '../terminal/table.ts';
import { counted, integer, minute } from '../terminal/units.ts';
import { serverVerb } from './server-verb.ts';

type Flags = ServerFlags & { json?: boolean };
type Given = Flags & { reason: string };

const examples = `
Examples:
  wardline enforcement add cellar --place "Cellar, rack 4" --reason "new gateway"
  wardline enforcement show cellar
  wardline enforcement preview cellar apply
  wardline enforcement order cellar apply --trial 120 --reason "change 4711"
  wardline enforcement order cellar confirm --reason "care works"
  wardline enforcement order cellar go-back --reason "the lab loses results"

A point carries orders out where it runs "wardline policy report --obey". Exit codes: 0 done, 1 drift, or the server could not be asked or refused, 2 bad usage.`;

/** Enforcement points as the server knows them, and what people have them do. */
export function addEnforcement(program: Command): void {
  const noun = program
    .command('enforcement')
    .description('Enforcement points: what each runs, what has drifted apart, and what it is to do.');
  verb(noun, 'list', 'list points with what they run and what has drifted apart').action(runList);
  verb(noun, 'show', 'tell all of one point: stages, drift with lines and conversations, orders')
    .argument('<point>', 'its name')
    .action(runShow);
  withReason(verb(noun, 'add', 'add a point, which may report from then on'))
    .argument('<point>', 'a name: small letters, digits, dots and hyphens')
    .option('--place <words>', 'where it stands', '')
    .option('--kind <kind>', pointKinds.join(', '), 'nftables')
    .action(runAdd);
  withReason(verb(noun, 'remove', 'take a point off the list; what it runs stays'))
    .argument('<point>', 'its name')
    .action(runRemove);
  verb(noun, 'preview', 'tell what an act would cut at a point, and what care keeps')
    .argument('<point>', 'its name')
    .argument('<act>', 'apply or go-back')
    .action(runPreview);
  withReason(verb(noun, 'order', 'have a point put the version in force in place, keep it, or go back'))
    .argument('<point>', 'its name')
    .argument('<act>', orderActs.join(', '))
    .option('--trial <seconds>', 'apply: what ran before comes back unless confirmed in time', '120')
    .option('--cut-life-critical <count>', 'so many conversations of life-critical devices may end', '0')
    .action(runOrder);
  verb(noun, 'holds', 'list life-critical devices that would leave a zone, and wait for a person').action(
    runHolds,
  );
  withReason(verb(noun, 'decide', 'have a life-critical device follow what is known of it, or stay'))
    .argument('<asset>', 'its id, of wardline enforcement holds')
    .argument('<decision>', 'follow or stay')
    .action(runDecide);
  withReason(verb(noun, 'withdraw', 'withdraw an order that the point has not taken yet'))
    .argument('<point>', 'its name')
    .action(runWithdraw);
}

const verb = (noun: Command, name: string, summary: string): Command =>
  serverVerb(noun, name, summary, examples).option('--json', 'print one JSON object and nothing else');
const withReason = (command: Command): Command =>
  command.requiredOption('--reason <text>', 'goes into the ledger');

async function runList(flags: Flags): Promise<void> {
  const found = await askFor(await serverAccess(flags), 'api/v1/enforcement', enforcementResponse);
  if (found.points.some(({ drift }) => drift.length > 0)) process.exitCode = exitCodes.failed;
  if (flags.json) return writeOut(`${JSON.stringify(found, null, 2)}\n`);
  if (found.points.length === 0) return writeOut('No enforcement point was added.\n');
  return writeOut(`${tableLines(found.points, columns, process.stdout.columns ?? 120).join('\n')}\n`);
}

const runs = ({ version, policyName }: EnforcementPoint): string =>
  version === null ? (policyName ?? 'no policy') : `version ${version}`;

const columns = [
  { heading: 'Point', value: ({ name }: EnforcementPoint) => name, least: 12 },
  { heading: 'Kind', value: ({ kind }: EnforcementPoint) => kind, least: 8 },
  { heading: 'Runs', value: runs, least: 12 },
  {
    heading: 'Last answer',
    value: ({ reported }: EnforcementPoint) => (reported === null ? 'never' : minute(reported)),
    least: 16,
  },
  {
    heading: 'Trial',
    value: ({ trialUntil }: EnforcementPoint) => (trialUntil === null ? '-' : minute(trialUntil)),
    least: 16,
  },
  {
    heading: 'Drift',
    value: ({ drift }: EnforcementPoint) => drift.map(({ kind }) => kind).join(', ') || 'none',
    least: 8,
  },
];

/** @throws CommandError where no point has the name */
async function pointNamed(access: ServerAccess, name: string): Promise<EnforcementPoint> {
  const { points } = await askFor(access, 'api/v1/enforcement', enforcementResponse);
  const found = points.find((point) => point.name === name);
  if (found === undefined) throw new CommandError(`there is no enforcement point ${name}`, exitCodes.failed);
  return found;
}

async function runShow(name: string, flags: Flags): Promise<void> {
  const access = await serverAccess(flags);
  const { id } = await pointNamed(access, name);
  const detail = await askFor(access, `api/v1/enforcement/points/${id}`, pointDetailResponse);
  if (detail.drift.length > 0) process.exitCode = exitCodes.failed;
  await writeOut(
    flags.json
      ? `${JSON.stringify(detail, null, 2)}\n`
      : `${detailLines(detail).map(printable).join('\n')}\n`,
  );
}

function detailLines(detail: PointDetail): string[] {
  const { name, place, kind, current, trialUntil, reported, stages, drift, orders } = detail;
  return [
    `${name}${place === '' ? '' : `, ${place}`} (${kind})`,
    `Runs ${runs(detail)}; in force is ${current === null ? 'no version' : `version ${current}`}.`,
    reported === null ? 'It has never answered.' : `Last answer ${minute(reported)}.`,
    ...(trialUntil === null ? [] : [`On trial until ${trialUntil}.`]),
    ...(stages.length === 0 ? [] : ['', 'Stages:']),
    ...stages.map(stageLine),
    '',
    ...(drift.length === 0 ? ['Policy, point and traffic agree.'] : drift.flatMap(driftLines)),
    ...(orders.length === 0 ? [] : ['', 'Orders:']),
    ...orders.map(
      ({ act, ordered, orderedBy, state, said }) =>
        `  ${minute(ordered)} ${act} by ${orderedBy}: ${state}${said === '' ? '' : `: ${said}`}`,
    ),
  ];
}

const stageLine = ({ declaration, mode, counted: row }: PointDetail['stages'][number]): string =>
  `  ${mode.padEnd(8)} ${declaration}${row === null ? '' : `: ${integer(row.declared)} declared, ${integer(row.observed)} observed, ${integer(row.alerted)} alerted, ${integer(row.dropped)} dropped`}`;

const driftLines = ({
  kind,
  message,
  evidence,
  packets,
  conversations,
}: PointDetail['drift'][number]): string[] => [
  `${kind.toUpperCase()}: ${message}`,
  ...(packets.length === 0 && conversations.length === 0 ? evidence.map((one) => `  ${one}`) : []),
  ...packets.map(
    (one) =>
      `  ${one.packet} ${one.kind === 'leak' ? 'passes' : 'is dropped'}: ${one.line === null ? 'by the default' : `line ${one.line}: ${one.text}`}`,
  ),
  ...conversations.map((row) => `  ${conversationWords(row)}`),
];

const conversationWords = ({ client, server, transport, serverPort, evidence, by }: EffectRow): string =>
  `${client.name} → ${server.name}: ${transport}${serverPort === null ? '' : ` ${serverPort}`}${by.length === 0 ? '' : `, by ${by.join(', ')}`}${evidence === null ? '' : ` (${evidence})`}`;

async function runAdd(name: string, flags: Given & { place: string; kind: string }): Promise<void> {
  const { place, kind, reason } = flags;
  await send(flags, 'enforcement/points', { name, place, kind, reason }, `${name} was added.`);
}

async function runRemove(name: string, flags: Given): Promise<void> {
  const { id } = await pointNamed(await serverAccess(flags), name);
  const { reason } = flags;
  await send(flags, `enforcement/points/${id}/removal`, { reason }, `${name} was removed.`);
}

async function runPreview(name: string, act: string, flags: Flags): Promise<void> {
  if (act !== 'apply' && act !== 'go-back') throw new CommandError(`${act}: expected apply or go-back`);
  const access = await serverAccess(flags);
  const { id } = await pointNamed(access, name);
  const preview = await askFor(
    access,
    `api/v1/enforcement/points/${id}/preview?act=${act}`,
    pointPreviewResponse,
  );
  await writeOut(
    flags.json
      ? `${JSON.stringify(preview, null, 2)}\n`
      : `${previewLines(preview).map(printable).join('\n')}\n`,
  );
}

const previewLines = (preview: PointPreview): string[] => [
  `Of ${counted(preview.heard, 'conversation')} of the last thirty days:`,
  `${counted(preview.ends, 'conversation')} would end, ${integer(preview.endsLifeCritical)} of life-critical devices.`,
  ...preview.endRows.map((row) => `  ends: ${conversationWords(row)}`),
  `${counted(preview.opens, 'conversation')} would pass that are cut now.`,
  ...preview.openRows.slice(0, 20).map((row) => `  opens: ${conversationWords(row)}`),
  `${counted(preview.keeps, 'conversation')} go on, ${integer(preview.keepsLifeCritical)} of life-critical devices.`,
  ...preview.keepRows.slice(0, 20).map((row) => `  protected: ${conversationWords(row)}`),
];

async function runOrder(
  name: string,
  act: string,
  flags: Given & { trial: string; cutLifeCritical: string },
): Promise<void> {
  if (!orderActs.includes(act as OrderAct))
    throw new CommandError(`${act}: expected ${orderActs.join(', ')}`);
  const [trialSeconds, cutLifeCritical] = [Number(flags.trial), Number(flags.cutLifeCritical)];
  const { id } = await pointNamed(await serverAccess(flags), name);
  const body = { act, trialSeconds, cutLifeCritical, reason: flags.reason };
  await send(flags, `enforcement/points/${id}/orders`, body, `${name} is told to ${act}.`);
}

async function runWithdraw(name: string, flags: Given): Promise<void> {
  const { order } = await pointNamed(await serverAccess(flags), name);
  if (order === null) throw new CommandError(`nothing waits for ${name}`, exitCodes.failed);
  const { reason } = flags;
  await send(flags, `enforcement/orders/${order.id}/withdrawal`, { reason }, 'The order was withdrawn.');
}

async function runHolds(flags: Flags): Promise<void> {
  const found = await askFor(await serverAccess(flags), 'api/v1/enforcement/holds', holdListResponse);
  if (flags.json) return writeOut(`${JSON.stringify(found, null, 2)}\n`);
  if (found.items.length === 0) return writeOut('Nothing waits for a person.\n');
  const lines = found.items.flatMap(({ asset, name, from, to, because, kept }) => [
    `${name} (${asset}): in ${from.join(', ')}, would go to ${to.join(', ') || 'no zone'}${kept ? '; somebody said that it stays' : ''}`,
    ...because.map(
      ({ attribute, was, is }) =>
        `  ${attribute}: ${was.join(', ') || 'not known'} → ${is.join(', ') || 'not known'}`,
    ),
  ]);
  return writeOut(`${lines.map(printable).join('\n')}\n`);
}

async function runDecide(asset: string, decision: string, flags: Given): Promise<void> {
  if (decision !== 'follow' && decision !== 'stay')
    throw new CommandError(`${decision}: expected follow or stay`);
  const body = { follow: decision === 'follow', reason: flags.reason };
  const path = `enforcement/holds/${encodeURIComponent(asset)}/decision`;
  await send(flags, path, body, decision === 'follow' ? `${asset} follows.` : `${asset} stays.`);
}

async function send(flags: Flags, path: string, body: object, said: string): Promise<void> {
  const answer = await sendJson(await serverAccess(flags), `api/v1/${path}`, body, pointMadeResponse);
  await writeOut(flags.json ? `${JSON.stringify(answer)}\n` : `${printable(said)}\n`);
}
