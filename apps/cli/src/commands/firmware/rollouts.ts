import {
  type Rollout,
  type RolloutDetail,
  type RolloutDevice,
  rolloutResponse,
  rolloutSchema,
  rolloutSteps,
  rolloutsResponse,
} from '@wardline/model';
import type { Command } from 'commander';
import { askFor, type ServerFlags, sendJson, serverAccess } from '../../api/client.ts';
import { CommandError } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { tableLines } from '../../terminal/table.ts';
import { serverVerb } from '../server-verb.ts';
import { count } from './flags.ts';

type Flags = ServerFlags & { json?: boolean };

interface BeginFlags extends Flags {
  waves: string;
  mostFailed: string;
  soak: string;
  atOnce: string;
  minutes: string;
  silent?: string;
  rate?: string;
  from?: string;
  hours?: string;
  zone: string;
  reason: string;
}

const examples = `
Examples:
  wardline firmware rollout begin braun/infusomat/2.1.age --waves 2,10,50,100 --reason "CVE-2026-1234 fixed"
  wardline firmware rollout begin braun/infusomat/2.1.age --from 22 --hours 6 --zone Europe/Berlin --reason "agreed with ICU 3"
  wardline firmware rollout list
  wardline firmware rollout show 0b0e…
  wardline firmware rollout pause 0b0e… --reason "fire drill"

Without --from and --hours each device begins in its own maintenance windows (wardline plan window); one that has none waits.
Exit codes: 0 done, 1 the server could not be asked or refused, 2 bad usage.`;

const said: Readonly<Record<(typeof rolloutSteps)[number], string>> = {
  pause: 'no device begins until it is resumed',
  resume: 'devices begin again; those that failed are tried once more',
  stop: 'for good: no device begins any more',
};

/** How releases reach devices. */
export function addRollouts(firmware: Command): void {
  const noun = firmware.command('rollout').description('Bring a release to its devices, in waves.');
  verb(noun, 'list', 'list rollouts, newest first').action(runList);
  verb(noun, 'show', 'show one with each device and why it waits')
    .argument('<rollout>', 'its id')
    .action(runShow);
  verb(noun, 'begin', 'begin to bring a release to the devices that run another version')
    .argument('<path>', 'the image, as "firmware releases --json" names it')
    .option('--waves <shares>', 'cumulative shares of all devices in percent', '5,25,100')
    .option('--most-failed <percent>', 'failures of a wave that are accepted', '5')
    .option('--soak <minutes>', 'how long a wave is watched before the next', '1440')
    .option('--at-once <number>', 'devices that install at the same time', '20')
    .option('--minutes <number>', 'how long an installation takes at the most', '30')
    .option('--silent <minutes>', 'how long after it began a device may say nothing (four installations)')
    .option('--rate <kilobytes>', 'how much one device may fetch a second (as fast as it can)')
    .option('--from <hour>', 'the full hour from which devices may begin, 0 to 23')
    .option('--hours <number>', 'for how many hours of each day')
    .option('--zone <zone>', 'the time zone of the hours', Intl.DateTimeFormat().resolvedOptions().timeZone)
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runBegin);
  for (const step of rolloutSteps)
    verb(noun, step, said[step])
      .argument('<rollout>', 'its id')
      .requiredOption('--reason <text>', 'goes into the ledger')
      .action(async (id: string, flags: Flags & { reason: string }) => {
        const path = `api/v1/firmware/rollouts/${encodeURIComponent(id)}/steps`;
        const body = { step, reason: flags.reason };
        await tell(flags, await sendJson(await serverAccess(flags), path, body, rolloutSchema));
      });
}

const verb = (noun: Command, name: string, summary: string): Command =>
  serverVerb(noun, name, summary, examples).option('--json', 'print one JSON object and nothing else');

async function runList(flags: Flags): Promise<void> {
  const found = await askFor(await serverAccess(flags), 'api/v1/firmware/rollouts', rolloutsResponse);
  if (flags.json) return writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  if (found.items.length === 0) return writeOut(['No rollout was begun yet.\n']);
  return writeOut([`${tableLines(found.items, columns, process.stdout.columns ?? 120).join('\n')}\n`]);
}

const sumOf = (rollout: Rollout, part: 'waiting' | 'installing' | 'done' | 'failed'): number =>
  rollout.waves.reduce((sum, wave) => sum + wave[part], 0);
const columns = [
  { heading: 'Id', value: ({ id }: Rollout) => id, least: 36 },
  { heading: 'Model', value: ({ manufacturer, model }: Rollout) => `${manufacturer} ${model}`, least: 12 },
  { heading: 'Version', value: ({ version }: Rollout) => version, least: 8 },
  { heading: 'State', value: ({ state }: Rollout) => state, least: 8 },
  { heading: 'Wave', value: ({ wave, waves }: Rollout) => `${wave + 1} of ${waves.length}`, least: 6 },
  { heading: 'Run it', value: (rollout: Rollout) => String(sumOf(rollout, 'done')), least: 6 },
  { heading: 'Failed', value: (rollout: Rollout) => String(sumOf(rollout, 'failed')), least: 6 },
  { heading: 'Wait', value: (rollout: Rollout) => String(sumOf(rollout, 'waiting')), least: 5 },
];

async function runShow(id: string, flags: Flags): Promise<void> {
  const path = `api/v1/firmware/rollouts/${encodeURIComponent(id)}`;
  const rollout = await askFor(await serverAccess(flags), path, rolloutResponse);
  if (flags.json) return writeOut([`${JSON.stringify(rollout, null, 2)}\n`]);
  const table = tableLines(rollout.devices, deviceColumns, process.stdout.columns ?? 120);
  return writeOut([`${[...headLines(rollout), '', ...table].join('\n')}\n`]);
}

function headLines({ manufacturer, model, version, state, plan, waves }: Rollout | RolloutDetail): string[] {
  const { window, installMinutes, mostFailed, soakMinutes } = plan;
  const hours =
    window === null
      ? 'in their own maintenance windows'
      : `from ${window.fromHour}:00 for ${window.hours} hours (${window.timeZone})`;
  return [
    printable(`${manufacturer} ${model} ${version}: ${state}`),
    `Devices begin ${hours}, while at least ${installMinutes} minutes are left, and never in use.`,
    `A wave is watched for ${soakMinutes} minutes; more than ${mostFailed} % failed halts the rollout.`,
    ...waves.map(
      ({ share, done, installing, failed, waiting }, at) =>
        `${at === 0 ? 'Canary' : `Wave ${at + 1}`} (to ${share} %): ${done} run it, ${installing} install, ${failed} failed, ${waiting} wait`,
    ),
  ];
}

const deviceColumns = [
  { heading: 'Device', value: ({ name }: RolloutDevice) => name, least: 16 },
  { heading: 'Criticality', value: ({ criticality }: RolloutDevice) => criticality, least: 11 },
  { heading: 'Wave', value: ({ wave }: RolloutDevice) => String(wave + 1), least: 4 },
  { heading: 'State', value: ({ state }: RolloutDevice) => state, least: 10 },
  { heading: 'Why', value: ({ because }: RolloutDevice) => because, least: 16 },
  { heading: 'Before', value: ({ before }: RolloutDevice) => before, least: 8 },
  { heading: 'Heard', value: ({ heard }: RolloutDevice) => heard?.slice(0, 16) ?? 'never', least: 16 },
];

async function runBegin(path: string, flags: BeginFlags): Promise<void> {
  const installMinutes = count(flags.minutes);
  const mostFailed = Number(flags.mostFailed);
  const plan = {
    waves: flags.waves.split(',').map(Number),
    mostFailed,
    leastDone: 100 - mostFailed,
    soakMinutes: Number(flags.soak),
    atOnce: count(flags.atOnce),
    installMinutes,
    kilobytesPerSecond: flags.rate === undefined ? null : count(flags.rate),
    silentMinutes: flags.silent === undefined ? Math.max(5, 4 * installMinutes) : count(flags.silent),
    window: windowOf(flags),
  };
  const body = { path, plan, reason: flags.reason };
  await tell(
    flags,
    await sendJson(await serverAccess(flags), 'api/v1/firmware/rollouts', body, rolloutSchema),
  );
}

function windowOf({ from, hours, zone }: BeginFlags) {
  if ((from === undefined) !== (hours === undefined))
    throw new CommandError('--from and --hours go together');
  return from === undefined ? null : { fromHour: Number(from), hours: Number(hours), timeZone: zone };
}

async function tell(flags: Flags, rollout: Rollout): Promise<void> {
  if (flags.json) return writeOut([`${JSON.stringify(rollout)}\n`]);
  return writeOut([`${[...headLines(rollout), `Its id is ${rollout.id}.`].join('\n')}\n`]);
}
