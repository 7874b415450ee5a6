import { existsSync, writeFileSync } from 'node:fs';
import {
  type SupplicantNetwork,
  type SupplicantReadiness,
  supplicantFileFormats,
  supplicantFileResponse,
  supplicantNetworkChanged,
  supplicantNetworksResponse,
  supplicantReadinessResponse,
  supplicantStates,
} from '@wardline/model';
import { type Command, Option } from 'commander';
import { askFor, type ServerAccess, sendJson, serverAccess } from '../../api/client.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { tableLines } from '../../terminal/table.ts';
import { counted } from '../../terminal/units.ts';
import { userPath } from '../../working-directory.ts';
import { type Flags, type Given, withReason, withServer } from '../access/asking.ts';

const examples = `
Examples:
  wardline supplicant readiness --state cannot
  wardline supplicant add "ward" --ssid ward --servers radius.it.devices.hospital.example --reason "as networking runs it"
  wardline supplicant list
  wardline supplicant profile ward --for wpa-supplicant --asset mac-00096f0a0b0c --out ward.conf
  wardline supplicant profile ward --for apple --zone icu --out ward.mobileconfig
  wardline supplicant remove ward --reason "the network is switched off"`;

/** Joining the network by certificate: who can, and the files for it. */
export function addSupplicant(program: Command): void {
  const noun = program
    .command('supplicant')
    .description('Devices that join Wi-Fi or a cable by certificate (WPA3-Enterprise, IEEE 802.1X).')
    .addHelpText('after', examples);
  withServer(noun.command('readiness').summary('which devices can, which cannot, and what to do about each'))
    .addOption(new Option('--state <state>', 'only these').choices(supplicantStates))
    .addHelpText('after', '\nExample:\n  wardline supplicant readiness --state cannot')
    .action(runReadiness);
  withServer(noun.command('list').summary('list networks that devices join by certificate'))
    .addHelpText('after', '\nExample:\n  wardline supplicant list')
    .action(runList);
  withReason(
    noun
      .command('add')
      .summary('describe a network; by Wi-Fi where it has an SSID, else by cable')
      .argument('<name>', 'as people call it'),
  )
    .option('--ssid <name>', 'of Wi-Fi')
    .option('--hidden', 'the SSID is not announced')
    .option('--wpa2-too', 'devices without WPA3 join as well; management frames are protected where they can')
    .requiredOption('--servers <names...>', 'host names in the certificates of FreeRADIUS')
    .addHelpText(
      'after',
      '\nExample:\n  wardline supplicant add "ward" --ssid ward --servers radius.it.devices.hospital.example --reason "as networking runs it"',
    )
    .action(runAdd);
  withReason(
    noun
      .command('remove')
      .summary('make no more profiles of a network')
      .argument('<network>', 'its name, or its id'),
  )
    .addHelpText('after', '\nExample:\n  wardline supplicant remove ward --reason "it is switched off"')
    .action(runRemove);
  withServer(
    noun
      .command('profile')
      .summary('write a profile for a device or a zone; no key and no password is in it')
      .argument('<network>', 'its name, or its id'),
  )
    .addOption(
      new Option('--for <supplicant>', 'whose file it is')
        .choices(supplicantFileFormats)
        .makeOptionMandatory(),
    )
    .option('--asset <id>', 'for this device')
    .option('--zone <name>', 'for all devices of this zone')
    .option('--folder <path>', 'where certificate and key lie on the device', '/etc/wardline')
    .option('--out <file>', 'a new file; else it is printed')
    .addHelpText(
      'after',
      '\nExample:\n  wardline supplicant profile ward --for windows --zone icu --out ward.xml',
    )
    .action(runProfile);
}

const columns = [
  { heading: 'Device', value: (row: SupplicantReadiness) => row.name, least: 14 },
  { heading: 'Criticality', value: (row: SupplicantReadiness) => row.criticality, least: 8, rank: 1 },
  { heading: 'State', value: (row: SupplicantReadiness) => row.state, least: 9 },
  {
    heading: 'Why',
    value: (row: SupplicantReadiness) => row.grounds.map(({ text }) => text).join('. ') || 'Nothing tells.',
    least: 24,
  },
  { heading: 'To do', value: (row: SupplicantReadiness) => row.todo.join(' '), least: 24 },
];

async function runReadiness(flags: Flags & { state?: string }): Promise<void> {
  const query = flags.state === undefined ? '' : `?state=${flags.state}`;
  const found = await askFor(
    await serverAccess(flags),
    `api/v1/supplicants/readiness${query}`,
    supplicantReadinessResponse,
  );
  if (flags.json) return writeOut(`${JSON.stringify(found)}\n`);
  const summary = supplicantStates.map((state) => `${state} ${found.counts[state]}`).join(', ');
  const lines = tableLines(found.items, columns, process.stdout.columns ?? 160);
  const more = found.more ? ['Further devices are not listed; ask by --state.'] : [];
  return writeOut(`${[summary, ...lines, ...more].map(printable).join('\n')}\n`);
}

const describe = ({ medium, ssid, managementFrames }: SupplicantNetwork): string =>
  medium === 'wired'
    ? 'cable'
    : `Wi-Fi “${ssid}”, ${managementFrames === 'required' ? 'WPA3-Enterprise' : 'WPA2- and WPA3-Enterprise'}`;

async function networks(access: ServerAccess): Promise<SupplicantNetwork[]> {
  return (await askFor(access, 'api/v1/supplicants/networks', supplicantNetworksResponse)).items;
}

async function runList(flags: Flags): Promise<void> {
  const items = await networks(await serverAccess(flags));
  if (flags.json) return writeOut(`${JSON.stringify({ items })}\n`);
  const lines = items.flatMap((network) => [
    `${network.name}: ${describe(network)} (${network.id})`,
    ...network.servers.map(
      ({ name, until }) =>
        `  ${name}: ${until === null ? 'NO CERTIFICATE carries this name' : `certificate until ${until.slice(0, 10)}`}`,
    ),
  ]);
  return writeOut(`${[`${counted(items.length, 'network')}.`, ...lines].map(printable).join('\n')}\n`);
}

interface AddFlags extends Given {
  ssid?: string;
  hidden?: boolean;
  wpa2Too?: boolean;
  servers: string[];
}

async function runAdd(name: string, flags: AddFlags): Promise<void> {
  const { ssid, servers, reason } = flags;
  if (ssid === undefined && (flags.hidden || flags.wpa2Too))
    throw new CommandError('--hidden and --wpa2-too are of Wi-Fi; name its --ssid', exitCodes.usage);
  const air =
    ssid === undefined
      ? { medium: 'wired' }
      : {
          medium: 'wifi',
          ssid,
          isHidden: flags.hidden ?? false,
          managementFrames: flags.wpa2Too ? 'optional' : 'required',
        };
  const made = await sendJson(
    await serverAccess(flags),
    'api/v1/supplicants/networks',
    { name, servers, ...air, reason },
    supplicantNetworkChanged,
  );
  await writeOut(flags.json ? `${JSON.stringify(made)}\n` : 'Profiles of it can be made from now on.\n');
}

async function networkNamed(access: ServerAccess, words: string): Promise<SupplicantNetwork> {
  const found = (await networks(access)).find(
    ({ id, name }) => id === words || name.toLowerCase() === words.toLowerCase(),
  );
  if (found === undefined) throw new CommandError(`there is no network ${words}`, exitCodes.failed);
  return found;
}

async function runRemove(words: string, flags: Given): Promise<void> {
  const access = await serverAccess(flags);
  const { id } = await networkNamed(access, words);
  const path = `api/v1/supplicants/networks/${id}/removal`;
  const removed = await sendJson(access, path, { reason: flags.reason }, supplicantNetworkChanged);
  await writeOut(
    flags.json
      ? `${JSON.stringify(removed)}\n`
      : 'No more profiles of it are made; those on devices stay as they are.\n',
  );
}

interface ProfileFlags extends Flags {
  for: string;
  asset?: string;
  zone?: string;
  folder: string;
  out?: string;
}

async function runProfile(words: string, flags: ProfileFlags): Promise<void> {
  const { asset, zone, folder, out } = flags;
  if ((asset === undefined) === (zone === undefined))
    throw new CommandError('name either --asset or --zone', exitCodes.usage);
  const access = await serverAccess(flags);
  const { id } = await networkNamed(access, words);
  const query = new URLSearchParams({
    format: flags.for,
    folder,
    ...(asset === undefined ? {} : { asset }),
    ...(zone === undefined ? {} : { zone }),
  });
  const file = await askFor(
    access,
    `api/v1/supplicants/networks/${id}/file?${query.toString()}`,
    supplicantFileResponse,
  );
  if (flags.json) return writeOut(`${JSON.stringify(file)}\n`);
  if (out === undefined) return writeOut(file.text);
  const path = userPath(out);
  if (existsSync(path)) throw new CommandError(`${out} is there already`, exitCodes.failed);
  writeFileSync(path, file.text, { flag: 'wx' });
  return writeOut(`${out} is written.\n`);
}
