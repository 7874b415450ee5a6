import {
  askableRoles,
  ELEVATION_MINUTES,
  type Elevation,
  elevationListResponse,
  elevationViews,
} from '@wardline/model';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { askFor, sendJson, serverAccess } from '../../api/client.ts';
import { CommandError } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { tableLines } from '../../terminal/table.ts';
import { minute } from '../../terminal/units.ts';
import { type Flags, type Given, personNamed, remove, withReason, withServer } from './asking.ts';

const done = z.object({ id: z.string() });

/** Roles for a time: asked for, decided by somebody else, over by themselves. */
export function addRequests(access: Command): void {
  const request = access.command('request').description('Roles for a time: ask, decide, give back.');
  withServer(request.command('list').summary('list requests, newest first'))
    .addOption(new Option('--view <which>', 'which of them').choices([...elevationViews]).default('all'))
    .addHelpText('after', '\nExample:\n  wardline access request list --view waiting')
    .action(runList);
  withReason(
    request
      .command('make')
      .summary('ask in the name of a person, from this machine')
      .argument('<who>', 'id, name or sign-in name')
      .argument('<role>', askableRoles.join(', ')),
  )
    .requiredOption('--minutes <number>', `for how long, at most ${ELEVATION_MINUTES}`)
    .option('--site <number...>', 'only at these sites')
    .option(
      '--zone <name...>',
      'only in these zones (vlan:20, net:10.20.0.0/16, department:Radiology, group:imaging, zone:pumps)',
    )
    .addHelpText(
      'after',
      '\nExample:\n  wardline access request make "Anna Weber" network-engineer --minutes 60 --reason "a switch is replaced"',
    )
    .action(runMake);
  withReason(
    request.command('end').summary('take a request back, or end its role').argument('<id>', 'of the list'),
  )
    .addHelpText('after', '\nExample:\n  wardline access request end 1f2e… --reason "done"')
    .action(runEnd);
  for (const [verb, path, words] of [
    ['approve', 'approval', 'approve a request: the role holds at once'],
    ['refuse', 'refusal', 'refuse a request'],
  ] as const)
    withReason(access.command(verb).summary(words).argument('<id>', 'of wardline access request list'))
      .addHelpText('after', `\nExample:\n  wardline access ${verb} 1f2e… --reason "seen on the ward"`)
      .action((id: string, flags: Given) => runDecide(id, path, flags));
}

async function runList(flags: Flags & { view: string }): Promise<void> {
  const path = `api/v1/elevations?order=desc&limit=200&view=${flags.view}`;
  const page = await askFor(await serverAccess(flags), path, elevationListResponse);
  if (flags.json) return writeOut(`${JSON.stringify(page)}\n`);
  const columns = [
    { heading: 'Who', value: (row: Elevation) => row.name, least: 12 },
    { heading: 'Role', value: (row: Elevation) => `${row.role}, ${row.minutes} min`, least: 12 },
    { heading: 'State', value: (row: Elevation) => row.state, least: 9 },
    { heading: 'Until', value: (row: Elevation) => minute(row.ended ?? row.until ?? row.lapses), least: 16 },
    { heading: 'Why', value: (row: Elevation) => row.reason ?? 'erased', least: 10, rank: 2 },
    { heading: 'Id', value: (row: Elevation) => row.id, least: 36, rank: 1 },
  ];
  return writeOut(`${tableLines(page.items, columns, process.stdout.columns ?? 140).join('\n')}\n`);
}

type Asked = Given & { minutes: string; site?: string[]; zone?: string[] };

async function runMake(who: string, role: string, flags: Asked): Promise<void> {
  if (!(askableRoles as readonly string[]).includes(role))
    throw new CommandError(`${role}: expected one of ${askableRoles.join(', ')}`);
  const access = await serverAccess(flags);
  const { actor, name } = await personNamed(access, who);
  const scope = { sites: flags.site?.map(Number) ?? null, zones: flags.zone ?? null };
  const body = { holder: actor, role, minutes: Number(flags.minutes), ...scope, reason: flags.reason };
  const { id } = await sendJson(access, 'api/v1/elevations', body, done);
  await writeOut(
    flags.json ? `${JSON.stringify({ id })}\n` : `Asked for ${name}; somebody else decides (${id}).\n`,
  );
}

async function runEnd(id: string, flags: Given): Promise<void> {
  await remove(await serverAccess(flags), `api/v1/elevations/${encodeURIComponent(id)}`, flags.reason);
  await writeOut(flags.json ? `${JSON.stringify({ id })}\n` : 'It is over.\n');
}

async function runDecide(id: string, path: 'approval' | 'refusal', flags: Given): Promise<void> {
  const access = await serverAccess(flags);
  const { reason } = flags;
  await sendJson(access, `api/v1/elevations/${encodeURIComponent(id)}/${path}`, { reason }, done);
  const words = path === 'approval' ? 'Approved: the role holds now.\n' : 'Refused.\n';
  await writeOut(flags.json ? `${JSON.stringify({ id })}\n` : words);
}
