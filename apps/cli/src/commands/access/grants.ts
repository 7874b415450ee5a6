import { grantListResponse, type Role, roles } from '@wardline/model';
import type { Command } from 'commander';
import { z } from 'zod';
import { askFor, sendJson, serverAccess } from '../../api/client.ts';
import { CommandError } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { tableLines } from '../../terminal/table.ts';
import { minute } from '../../terminal/units.ts';
import { type Flags, type Given, personNamed, remove, withReason, withServer } from './asking.ts';

export function addGrants(access: Command): void {
  const grant = access.command('grant').description('Roles: who holds which, where and until when.');
  withServer(grant.command('list').summary('list roles that are held, and those that were'))
    .addHelpText('after', '\nExample:\n  wardline access grant list')
    .action(runGrants);
  withReason(
    grant
      .command('assign')
      .summary('give a person a role')
      .argument('<who>', 'id, name or sign-in name')
      .argument('<role>', roles.join(', ')),
  )
    .option('--site <number...>', 'only at these sites')
    .option(
      '--zone <name...>',
      'only in these zones (vlan:20, net:10.20.0.0/16, department:Radiology, group:imaging, zone:pumps)',
    )
    .option('--until <time>', 'until then (RFC 3339)')
    .addHelpText(
      'after',
      '\nExample:\n  wardline access grant assign "Anna Weber" biomedical-engineer --zone vlan:20 --reason "keeps the pumps"',
    )
    .action(runAssign);
  withReason(
    grant
      .command('withdraw')
      .summary('take a role back at once')
      .argument('<id>', 'of wardline access grant list'),
  )
    .addHelpText('after', '\nExample:\n  wardline access grant withdraw 1f2e… --reason "changed wards"')
    .action(runWithdraw);
}

type Grant = z.infer<typeof grantListResponse>['items'][number];

async function runGrants(flags: Flags): Promise<void> {
  const page = await askFor(await serverAccess(flags), 'api/v1/grants', grantListResponse);
  if (flags.json) return writeOut(`${JSON.stringify(page)}\n`);
  const where = ({ sites, zones }: Grant) =>
    [sites === null ? '' : `sites ${sites.join(', ')}`, zones?.join(', ') ?? ''].filter(Boolean).join('; ') ||
    'everywhere';
  const columns = [
    { heading: 'Who', value: (row: Grant) => row.name, least: 12 },
    { heading: 'Role', value: (row: Grant) => row.role, least: 12 },
    { heading: 'Where', value: where, least: 10 },
    {
      heading: 'Until',
      value: (row: Grant) => (row.ended ? `ended ${minute(row.ended)}` : row.until ? minute(row.until) : ''),
      least: 10,
    },
    { heading: 'Id', value: (row: Grant) => row.id, least: 8, rank: 1 },
  ];
  return writeOut(`${tableLines(page.items, columns, process.stdout.columns ?? 120).join('\n')}\n`);
}

async function runAssign(
  who: string,
  role: string,
  flags: Given & { site?: string[]; zone?: string[]; until?: string },
): Promise<void> {
  if (!(roles as readonly string[]).includes(role))
    throw new CommandError(`${role}: expected one of ${roles.join(', ')}`);
  const access = await serverAccess(flags);
  const person = await personNamed(access, who);
  const body = {
    holder: person.actor,
    role: role as Role,
    sites: flags.site?.map(Number) ?? null,
    zones: flags.zone ?? null,
    until: flags.until ?? null,
    reason: flags.reason,
  };
  const { id } = await sendJson(access, 'api/v1/grants', body, z.object({ id: z.string() }));
  await writeOut(
    flags.json ? `${JSON.stringify({ id })}\n` : `${person.name} is ${role} from now on (${id}).\n`,
  );
}

async function runWithdraw(id: string, flags: Given): Promise<void> {
  await remove(await serverAccess(flags), `api/v1/grants/${encodeURIComponent(id)}`, flags.reason);
  await writeOut(flags.json ? `${JSON.stringify({ id })}\n` : 'The role is taken back.\n');
}
