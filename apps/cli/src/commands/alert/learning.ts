import { learningMadeResponse, learningOrders, type WatchStatus, watchStatusResponse } from '@wardline/model';
import type { Command } from 'commander';
import { askFor, sendJson, serverAccess } from '../../api/client.ts';
import { CommandError } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { counted, minute } from '../../terminal/units.ts';
import { type Flags, type Given, withReason, withServer } from '../access/asking.ts';

type Ordering = Given & { site: string };

/** What the watch of a site has learnt, and when learning ends. */
export function addLearning(noun: Command): void {
  withServer(noun.command('status').summary('how the watch of each site stands, and what was not watched'))
    .addHelpText('after', '\nExample:\n  wardline alert status')
    .action(runStatus);
  withReason(noun.command('learning').summary('end learning at a site, go on with it, or begin it anew'))
    .argument('<order>', 'end, on or anew')
    .option('--site <number>', 'the site', '1')
    .addHelpText(
      'after',
      '\nExample:\n  wardline alert learning end --reason "four weeks, reviewed with biomedical"',
    )
    .action(runLearning);
}

async function runStatus(flags: Flags): Promise<void> {
  const found = await askFor(await serverAccess(flags), 'api/v1/watch/status', watchStatusResponse);
  if (flags.json) return writeOut(`${JSON.stringify(found)}\n`);
  if (found.sites.length === 0) return writeOut('Nothing was watched yet.\n');
  return writeOut(found.sites.flatMap(siteLines).map((line) => `${printable(line)}\n`));
}

function siteLines(status: WatchStatus): string[] {
  const { site, mode, since, devices, heldBack, heldBackCount, waiting, losses, fault } = status;
  return [
    `${site.id} ${site.name}: ${mode} since ${minute(since)}, ${counted(devices, 'device')} learnt, ${counted(waiting, 'batch', 'batches')} waiting`,
    ...(fault === null
      ? []
      : [`  what was learnt could not be used (${fault.text}); it began anew ${minute(fault.at)}`]),
    ...(heldBackCount === 0
      ? []
      : [
          `  held back: ${heldBack.map(({ name }) => name).join(', ')}${heldBackCount > heldBack.length ? ` and ${heldBackCount - heldBack.length} more` : ''}`,
        ]),
    ...losses.map(
      ({ cause, sensor, stream, rows, last }) =>
        `  not watched (${cause}): ${counted(rows, 'row')} of ${sensor} ${stream}, last ${minute(last)}`,
    ),
  ];
}

async function runLearning(order: string, flags: Ordering): Promise<void> {
  if (!learningOrders.some((one) => one === order))
    throw new CommandError(`${order}: expected ${learningOrders.join(', ')}`);
  const site = Number(flags.site);
  if (!Number.isInteger(site) || site < 1) throw new CommandError('--site: expected the number of a site');
  const path = `api/v1/watch/sites/${site}/learning`;
  const body = { order, reason: flags.reason };
  const answer = await sendJson(await serverAccess(flags), path, body, learningMadeResponse);
  return writeOut(
    flags.json ? `${JSON.stringify(answer)}\n` : 'Ordered; it is carried out behind what came in before.\n',
  );
}
