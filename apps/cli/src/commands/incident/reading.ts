import {
  type IncidentDetail,
  type IncidentRow,
  incidentDetailSchema,
  incidentListResponse,
  playbookListResponse,
} from '@wardline/model';
import type { Command } from 'commander';
import { askFor, serverAccess } from '../../api/client.ts';
import { CommandError } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { tableLines } from '../../terminal/table.ts';
import { minute } from '../../terminal/units.ts';
import { type Flags, withServer } from '../access/asking.ts';

/** What can be read of incidents. */
export function addReading(noun: Command): void {
  withServer(noun.command('list').summary('incidents and drills, those that are open first'))
    .addHelpText('after', '\nExample:\n  wardline incident list')
    .action(runList);
  withServer(noun.command('show').summary('one incident: what to do next, the clocks, the timeline'))
    .argument('<number>', 'the incident')
    .addHelpText('after', '\nExample:\n  wardline incident show 3')
    .action(runShow);
  withServer(noun.command('playbooks').summary('the playbooks, and by what they are recognised'))
    .addHelpText('after', '\nExample:\n  wardline incident playbooks')
    .action(runPlaybooks);
}

async function runList(flags: Flags): Promise<void> {
  const found = await askFor(await serverAccess(flags), 'api/v1/incidents', incidentListResponse);
  if (flags.json) return writeOut(`${JSON.stringify(found)}\n`);
  return writeOut(`${tableLines(found.items, columns, process.stdout.columns ?? 120).join('\n')}\n`);
}

const columns = [
  { heading: 'No.', value: ({ number }: IncidentRow) => String(number), least: 3 },
  {
    heading: 'State',
    value: ({ state, drill }: IncidentRow) => (drill ? `${state} (drill)` : state),
    least: 9,
  },
  { heading: 'Steps', value: (row: IncidentRow) => `${row.stepsDone}/${row.steps}`, least: 5 },
  { heading: 'Next notice', value: ({ nextClock }: IncidentRow) => nextClock ?? '–', least: 10 },
  { heading: 'Began', value: ({ began }: IncidentRow) => minute(began), least: 16 },
  { heading: 'Incident', value: ({ title }: IncidentRow) => title, least: 20 },
];

async function runPlaybooks(flags: Flags): Promise<void> {
  const found = await askFor(await serverAccess(flags), 'api/v1/playbooks', playbookListResponse);
  if (flags.json) return writeOut(`${JSON.stringify(found)}\n`);
  const lines = found.playbooks.map((one) => `${one.id} (${one.steps} steps)\n  ${one.when}`);
  return writeOut(`${printable(lines.join('\n'))}\n`);
}

async function runShow(text: string, flags: Flags): Promise<void> {
  const path = `api/v1/incidents/${incidentNumber(text)}`;
  const incident = await askFor(await serverAccess(flags), path, incidentDetailSchema);
  if (flags.json) return writeOut(`${JSON.stringify(incident)}\n`);
  const lines = [...head(incident), ...steps(incident), ...clocks(incident), ...timeline(incident)];
  return writeOut(lines.map((line) => `${printable(line)}\n`));
}

/** @throws CommandError where it is no number */
export function incidentNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new CommandError(`${text}: expected the number of an incident`);
  return number;
}

const head = ({ number, title, state, drill, began, when, playbookTitle }: IncidentDetail): string[] => [
  `${number} ${title}${drill ? ' (drill)' : ''}: ${state}, began ${minute(began)}`,
  `${playbookTitle}: ${when}`,
  '',
];

function steps({ steps: all }: IncidentDetail): string[] {
  const marks = { ready: '>', waiting: ' ', done: 'x', skipped: '-' } as const;
  return all.flatMap((step) => [
    `${marks[step.state]} ${step.id.padEnd(12)} ${step.title} [${step.role}]`,
    ...(step.state === 'ready' && step.bedside ? [`    at the bedside first: ${step.bedside.who}`] : []),
    ...(step.state === 'ready' && step.stop ? [`    ${step.stop}`] : []),
  ]);
}

const clocks = ({ breach }: IncidentDetail): string[] =>
  breach === null
    ? []
    : [
        '',
        `Protected health information: ${breach.verdict}`,
        ...breach.clocks.map(
          (clock) =>
            `  ${clock.due} ${clock.notice} (45 CFR ${clock.clause})${clock.given === null ? '' : `, told ${clock.given}`}${clock.isOver ? ' IS OVER' : ''}`,
        ),
      ];

const timeline = ({ timeline: entries }: IncidentDetail): string[] => [
  '',
  ...entries.map(({ at, kind, by, text }) => `${minute(at)} ${kind.padEnd(11)} ${by}: ${text}`),
];
