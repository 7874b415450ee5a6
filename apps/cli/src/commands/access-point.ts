import {
  type AccessPoint,
  accessPointsResponse,
  type HeardNetwork,
  heardNetworksResponse,
} from '@wardline/model';
import type { Command } from 'commander';
import { z } from 'zod';
import { askFor, type ServerFlags, sendJson, serverAccess } from '../api/client.ts';
import { accessPointsOf } from '../detection/access-points.ts';
import { CommandError } from '../exit-codes.ts';
import { writeOut } from '../terminal/output.ts';
import { tableLines } from '../terminal/table.ts';
import { counted, minute } from '../terminal/units.ts';
import { serverVerb } from './server-verb.ts';

const examples = `
Examples:
  wardline access-point heard                     networks in the air, and which are not on the list
  wardline access-point add ours.txt --reason "as networking keeps it"
  wardline access-point list
  wardline access-point remove 0b0e… --reason "taken down"

A line of the file: hardware address (or its beginning and *), a blank, the network's name. While a site's list is empty, nobody
is told from others by it.`;

type Flags = ServerFlags & { json?: boolean };
type Reasoned = Flags & { reason: string };

/** The list of access points that people keep, and what was heard. */
export function addAccessPoint(program: Command): void {
  const noun = program
    .command('access-point')
    .description("The house's own access points, by which false ones are told.");
  serverVerb(noun, 'heard', 'list wireless networks that were heard', examples)
    .option('--json', 'print one JSON object and nothing else')
    .action(runHeard);
  serverVerb(noun, 'list', 'list access points that are the house’s own', examples)
    .option('--json', 'print one JSON object and nothing else')
    .action(runList);
  serverVerb(noun, 'add', 'say which access points are the house’s own', examples)
    .argument('<file>', 'one a line')
    .option('--site <number>', 'of wardline site list', '1')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .option('--json', 'print one JSON object and nothing else')
    .action(runAdd);
  serverVerb(noun, 'remove', 'access points are the house’s own no more', examples)
    .argument('<id...>', 'of wardline access-point list')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .option('--json', 'print one JSON object and nothing else')
    .action((ids: string[], flags: Reasoned) =>
      send(flags, 'wireless/access-points/removal', { ids, reason: flags.reason }, 'taken off the list'),
    );
}

async function runHeard(flags: Flags): Promise<void> {
  const found = await askFor(await serverAccess(flags), 'api/v1/wireless/networks', heardNetworksResponse);
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  const lines = tableLines(found.items, heardColumns, process.stdout.columns ?? 120);
  await writeOut([`${[`${counted(found.items.length, 'network')}.`, ...lines].join('\n')}\n`]);
}

const heardColumns = [
  { heading: 'Network', value: ({ ssid }: HeardNetwork) => ssid ?? '(hidden)', least: 12 },
  { heading: 'Address', value: ({ bssid }: HeardNetwork) => bssid, least: 17 },
  { heading: 'Protection', value: ({ security }: HeardNetwork) => security, least: 10 },
  {
    heading: 'On the list',
    value: ({ approved }: HeardNetwork) => (approved === null ? 'no list' : approved ? 'yes' : 'NO'),
    least: 11,
  },
  { heading: 'Devices', value: ({ clients }: HeardNetwork) => String(clients), least: 7 },
  { heading: 'Last heard', value: ({ lastSeen }: HeardNetwork) => minute(lastSeen), least: 16 },
];

async function runList(flags: Flags): Promise<void> {
  const path = 'api/v1/wireless/access-points';
  const found = await askFor(await serverAccess(flags), path, accessPointsResponse);
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  await writeOut([`${tableLines(found.items, columns, process.stdout.columns ?? 120).join('\n')}\n`]);
}

const columns = [
  { heading: 'Id', value: ({ id }: AccessPoint) => id, least: 36 },
  { heading: 'Site', value: ({ site }: AccessPoint) => String(site), least: 4 },
  { heading: 'Address', value: ({ bssid }: AccessPoint) => bssid, least: 17 },
  { heading: 'Network', value: ({ ssid }: AccessPoint) => ssid, least: 12 },
];

/** As many as the server takes in one act. */
const AT_ONCE = 5000;

async function runAdd(file: string, flags: Reasoned & { site: string }): Promise<void> {
  const items = (await accessPointsOf(file)) ?? [];
  if (items.length === 0) throw new CommandError(`${file} holds no access point`);
  if (items.length > AT_ONCE) throw new CommandError(`${file} holds more than ${AT_ONCE}; part it`);
  const body = { site: Number(flags.site), items, reason: flags.reason };
  await send(flags, 'wireless/access-points', body, 'added to the list');
}

async function send(flags: Flags, path: string, body: object, said: string): Promise<void> {
  const access = await serverAccess(flags);
  const answer = await sendJson(access, `api/v1/${path}`, body, z.object({ count: z.int() }));
  await writeOut([
    flags.json ? JSON.stringify(answer) : `${counted(answer.count, 'access point')} ${said}.`,
    '\n',
  ]);
}
