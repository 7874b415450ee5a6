import { type ProvisionedGroup, provisionedGroupList, roles } from '@wardline/model';
import type { Command } from 'commander';
import { z } from 'zod';
import { askFor, serverAccess } from '../../api/client.ts';
import { CommandError } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { tableLines } from '../../terminal/table.ts';
import { minute } from '../../terminal/units.ts';
import { type Flags, type Given, withReason, withServer } from './asking.ts';

export function addGroups(access: Command): void {
  const group = access
    .command('group')
    .description('Groups of the hospital’s directory, and the roles that they give.');
  withServer(group.command('list').summary('list groups that the directory keeps (SCIM)'))
    .addHelpText('after', '\nExample:\n  wardline access group list')
    .action(runList);
  withReason(
    group
      .command('map')
      .summary('say which role the members of a group have')
      .argument('<group>', 'its name or id')
      .argument('<role>', `none, or one of ${roles.join(', ')}`),
  )
    .option('--site <number...>', 'only at these sites')
    .option(
      '--zone <name...>',
      'only in these zones (vlan:20, net:10.20.0.0/16, department:Radiology, group:imaging, zone:pumps)',
    )
    .addHelpText(
      'after',
      '\nExample:\n  wardline access group map Biomed biomedical-engineer --reason "the department"',
    )
    .action(runMap);
}

async function runList(flags: Flags): Promise<void> {
  const page = await askFor(await serverAccess(flags), 'api/v1/provisioning/groups', provisionedGroupList);
  if (flags.json) return writeOut(`${JSON.stringify(page)}\n`);
  const columns = [
    { heading: 'Group', value: (row: ProvisionedGroup) => row.name, least: 12 },
    { heading: 'Members', value: (row: ProvisionedGroup) => String(row.members), least: 7 },
    { heading: 'Role', value: (row: ProvisionedGroup) => row.role ?? 'none', least: 12 },
    { heading: 'Changed', value: (row: ProvisionedGroup) => minute(row.changed), least: 10 },
    { heading: 'Id', value: (row: ProvisionedGroup) => row.id, least: 8, rank: 1 },
  ];
  return writeOut(`${tableLines(page.items, columns, process.stdout.columns ?? 120).join('\n')}\n`);
}

async function runMap(
  group: string,
  role: string,
  flags: Given & { site?: string[]; zone?: string[] },
): Promise<void> {
  if (role !== 'none' && !(roles as readonly string[]).includes(role))
    throw new CommandError(`${role}: expected none, or one of ${roles.join(', ')}`);
  const access = await serverAccess(flags);
  const { items } = await askFor(access, 'api/v1/provisioning/groups', provisionedGroupList);
  const named = items.filter(({ id, name }) => id === group || name.toLowerCase() === group.toLowerCase());
  if (named.length !== 1)
    throw new CommandError(
      named.length === 0 ? `there is no group ${group}` : `several groups are called ${group}; name its id`,
    );
  const body = {
    role: role === 'none' ? null : role,
    sites: flags.site?.map(Number) ?? null,
    zones: flags.zone ?? null,
    reason: flags.reason,
  };
  await askFor(access, `api/v1/provisioning/groups/${named[0]!.id}/role`, z.object({ id: z.string() }), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await writeOut(flags.json ? `${JSON.stringify(body)}\n` : `Members of ${named[0]!.name}: ${role}.\n`);
}
