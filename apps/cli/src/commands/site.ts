import { refusedBatchReasons, type Site, siteListResponse } from '@wardline/model';
import type { Command } from 'commander';
import { z } from 'zod';
import { askFor, sendJson, serverAccess } from '../api/client.ts';
import { writeOut } from '../terminal/output.ts';
import { tableLines } from '../terminal/table.ts';
import { counted, minute } from '../terminal/units.ts';
import { type Flags, type Given, withReason, withServer } from './access/asking.ts';

const examples = `
Examples:
  wardline site list
  wardline site add "North Hospital" --time-zone Europe/Berlin --reason "opens in May"
  wardline access token create north-1 --sensor north-1 --site 2 --reason "its core switch"

A site has a network of its own: the same address at two sites is two devices.`;

interface SiteFlags extends Given {
  name?: string;
  region?: string;
  timeZone?: string;
}

/** Sites: which there are, adding one, and what they are called. */
export function addSite(program: Command): void {
  const site = program
    .command('site')
    .description('Sites: places with a network of their own.')
    .addHelpText('after', examples);
  withServer(site.command('list').summary('list sites with their sensors and what was seen there'))
    .addHelpText('after', '\nExample:\n  wardline site list')
    .action(runList);
  withReason(described(site.command('add').summary('add a site').argument('<name>', 'what it is called')))
    .addHelpText(
      'after',
      '\nExample:\n  wardline site add "North Hospital" --time-zone Europe/Berlin --reason "opens in May"',
    )
    .action(runAdd);
  withReason(
    described(
      site
        .command('change')
        .summary('change what a site is called, its region or its time zone')
        .argument('<number>', 'of wardline site list')
        .option('--name <name>', 'what it is called'),
    ),
  )
    .addHelpText(
      'after',
      '\nExample:\n  wardline site change 1 --name "Main house" --reason "as people call it"',
    )
    .action(runChange);
}

const described = (command: Command): Command =>
  command
    .option('--region <words>', 'words by which sites belong together')
    .option('--time-zone <zone>', 'of the IANA database, such as Europe/Berlin');

async function runList(flags: Flags): Promise<void> {
  const list = await askFor(await serverAccess(flags), 'api/v1/sites', siteListResponse);
  if (flags.json) return writeOut(`${JSON.stringify(list)}\n`);
  const columns = [
    { heading: 'Number', value: (one: Site) => String(one.id), least: 6 },
    { heading: 'Site', value: (one: Site) => one.name, least: 12 },
    { heading: 'Assets', value: (one: Site) => String(one.assets), least: 6 },
    { heading: 'Sensors', value: (one: Site) => one.sensors.join(', ') || '-', least: 10 },
    {
      heading: 'Last handed in',
      value: (one: Site) => (one.lastBatch ? minute(one.lastBatch) : '-'),
      least: 16,
    },
    { heading: 'Time zone', value: (one: Site) => one.timeZone, least: 8 },
    { heading: 'Region', value: (one: Site) => one.region || '-', least: 6, rank: 1 },
  ];
  const lines = tableLines(list.items, columns, process.stdout.columns ?? 120);
  const refused = list.refused.map(
    ({ site, sensor, reason, count, last }) =>
      `refused from the broker: ${counted(count, 'batch', 'batches')} of ${sensor || 'others'} at site ${site || '?'}, last ${minute(last)}: ${refusedBatchReasons[reason]}`,
  );
  return writeOut(`${[...lines, ...refused].join('\n')}\n`);
}

const made = z.object({ id: z.int() });

async function runAdd(name: string, flags: SiteFlags): Promise<void> {
  const { region, timeZone, reason } = flags;
  const { id } = await sendJson(
    await serverAccess(flags),
    'api/v1/sites',
    { name, region, timeZone, reason },
    made,
  );
  await writeOut(flags.json ? `${JSON.stringify({ id })}\n` : `${name} is site ${id}.\n`);
}

async function runChange(number: string, flags: SiteFlags): Promise<void> {
  const { name, region, timeZone, reason } = flags;
  const path = `api/v1/sites/${encodeURIComponent(number)}`;
  const { id } = await sendJson(await serverAccess(flags), path, { name, region, timeZone, reason }, made);
  await writeOut(flags.json ? `${JSON.stringify({ id })}\n` : `Site ${id} is changed.\n`);
}
