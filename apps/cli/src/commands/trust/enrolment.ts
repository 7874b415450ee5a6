import { readFileSync } from 'node:fs';
import {
  type EnrolmentRow,
  enrolmentCodeResponse,
  enrolmentDecidedResponse,
  enrolmentListResponse,
  makerAddedResponse,
  makerListResponse,
} from '@wardline/model';
import type { Command } from 'commander';
import { askFor, sendJson, serverAccess } from '../../api/client.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { tableLines } from '../../terminal/table.ts';
import { counted, minute } from '../../terminal/units.ts';
import { userPath } from '../../working-directory.ts';
import { type Flags, type Given, withReason, withServer } from '../access/asking.ts';

const examples = `
Examples:
  wardline enrolment code mac-00096f0a0b0c --reason "new pump on ward 3"
  wardline enrolment list
  wardline enrolment approve 7f31… --asset mac-00096f0a0b0c --zone icu --reason "seen on the ward"
  wardline enrolment refuse 7f31… --reason "nobody ordered it"
  wardline enrolment maker add "Acme Medical" acme-root.pem --reason "from their portal, fingerprint by telephone"`;

/** Who asks for a certificate. */
export function addEnrolment(program: Command): void {
  const noun = program
    .command('enrolment')
    .description('Devices that ask for a certificate.')
    .addHelpText('after', examples);
  withServer(noun.command('list').summary('list enrolments that wait for a person'))
    .option('--all', 'those that were decided too')
    .addHelpText('after', '\nExample:\n  wardline enrolment list')
    .action(runList);
  withReason(
    noun.command('approve').summary('say which device it is').argument('<id>', 'of wardline enrolment list'),
  )
    .requiredOption('--asset <id>', 'the device, as the inventory has it')
    .requiredOption('--zone <name>', 'whose authority issues')
    .addHelpText(
      'after',
      '\nExample:\n  wardline enrolment approve 7f31… --asset mac-00096f0a0b0c --zone icu --reason "seen on the ward"',
    )
    .action(runApprove);
  withReason(
    noun
      .command('refuse')
      .summary('refuse; the device is told the reason')
      .argument('<id>', 'of wardline enrolment list'),
  )
    .addHelpText('after', '\nExample:\n  wardline enrolment refuse 7f31… --reason "nobody ordered it"')
    .action(runRefuse);
  withReason(
    noun
      .command('code')
      .summary('make a one-time code for a device')
      .argument('<asset>', 'as the inventory has it'),
  )
    .option('--zone <name>', 'whose authority issues; else the zone in which the policy in force has it')
    .option('--profile <profile>', 'device, gateway, server or person', 'device')
    .option('--host <names...>', 'further host names, of servers and gateways')
    .option('--hours <number>', 'how long it can be used', '72')
    .option(
      '--tpm <name>',
      'the TPM in which its key has to lie, as “wardline-agent tpm” names it on the device',
    )
    .option(
      '--element <ueid>',
      'the secure element or TEE whose token has to vouch for its key, in hexadecimal',
    )
    .option('--element-key <file>', 'the public half of the key by which it signs tokens (PEM)')
    .option('--token-profile <uri>', 'the profile of its tokens; else that of PSA (RFC 9783)')
    .addHelpText(
      'after',
      `
Examples:
  wardline enrolment code mac-00096f0a0b0c --reason "new pump on ward 3"
  wardline enrolment code mac-00096f0a0b0c --element 01f2…9a --element-key pump.pem --reason "its maker's list of May"`,
    )
    .action(runCode);
  addMaker(noun);
}

function addMaker(noun: Command): void {
  const maker = noun.command('maker').description('Makers whose devices come with certificates.');
  withServer(maker.command('list').summary('list makers'))
    .addHelpText('after', '\nExample:\n  wardline enrolment maker list')
    .action(runMakers);
  withReason(
    maker
      .command('add')
      .summary('pin the root of a maker')
      .argument('<vendor>', 'as the inventory has it')
      .argument('<certificate>', 'PEM'),
  )
    .option('--tpms', 'it makes TPMs: it vouches for where keys lie, and for no device')
    .addHelpText(
      'after',
      '\nExample:\n  wardline enrolment maker add "Acme Medical" acme-root.pem --reason "fingerprint by telephone"',
    )
    .action(runAddMaker);
  withReason(
    maker
      .command('remove')
      .summary('take certificates of a maker no more')
      .argument('<id>', 'of wardline enrolment maker list'),
  )
    .addHelpText(
      'after',
      '\nExample:\n  wardline enrolment maker remove 1c2d… --reason "their key was stolen"',
    )
    .action(runRemoveMaker);
}

const columns = [
  { heading: 'Asked', value: (row: EnrolmentRow) => minute(row.asked), least: 16 },
  { heading: 'State', value: (row: EnrolmentRow) => row.state, least: 8 },
  {
    heading: 'By',
    value: (row: EnrolmentRow) => [row.way, row.maker, row.serialNumber].filter(Boolean).join(' '),
    least: 16,
  },
  { heading: 'Why it waits', value: (row: EnrolmentRow) => row.decision ?? row.misfits.join(' '), least: 24 },
  { heading: 'Id', value: (row: EnrolmentRow) => row.id, least: 8, rank: 1 },
];

async function runList(flags: Flags & { all?: boolean }): Promise<void> {
  const page = await askFor(
    await serverAccess(flags),
    `api/v1/enrolments?limit=500${flags.all ? '' : '&state=waiting'}`,
    enrolmentListResponse,
  );
  if (flags.json) return writeOut(`${JSON.stringify(page)}\n`);
  const lines = tableLines(page.items, columns, process.stdout.columns ?? 120);
  return writeOut(`${[`${counted(page.total, 'enrolment')}.`, ...lines].map(printable).join('\n')}\n`);
}

async function runApprove(
  id: string,
  { asset, zone, reason, ...flags }: Given & { asset: string; zone: string },
): Promise<void> {
  const path = `api/v1/enrolments/${encodeURIComponent(id)}/approval`;
  const decided = await sendJson(
    await serverAccess(flags),
    path,
    { asset, zone, reason },
    enrolmentDecidedResponse,
  );
  await writeOut(
    flags.json
      ? `${JSON.stringify(decided)}\n`
      : 'Approved; the device gets its certificate when it asks again.\n',
  );
}

async function runRefuse(id: string, flags: Given): Promise<void> {
  const path = `api/v1/enrolments/${encodeURIComponent(id)}/refusal`;
  const decided = await sendJson(
    await serverAccess(flags),
    path,
    { reason: flags.reason },
    enrolmentDecidedResponse,
  );
  await writeOut(
    flags.json
      ? `${JSON.stringify(decided)}\n`
      : 'Refused; the device is told the reason when it asks again.\n',
  );
}

interface CodeFlags extends Given {
  zone?: string;
  profile: string;
  host?: string[];
  hours: string;
  tpm?: string;
  element?: string;
  elementKey?: string;
  tokenProfile?: string;
}

function elementOf({ element, elementKey, tokenProfile }: CodeFlags) {
  if (element === undefined && elementKey === undefined && tokenProfile === undefined) return null;
  if (element === undefined || elementKey === undefined)
    throw new CommandError('name --element and --element-key, both of them');
  const profile = tokenProfile === undefined ? {} : { profile: tokenProfile };
  return { ueid: element.toLowerCase(), key: textOf(elementKey), ...profile };
}

async function runCode(asset: string, flags: CodeFlags): Promise<void> {
  const { zone = null, profile, host: hosts = [], hours, tpm = null, reason } = flags;
  const body = { asset, zone, profile, hosts, hours: Number(hours), tpm, element: elementOf(flags), reason };
  const made = await sendJson(
    await serverAccess(flags),
    'api/v1/enrolments/codes',
    body,
    enrolmentCodeResponse,
  );
  await writeOut(
    flags.json
      ? `${JSON.stringify(made)}\n`
      : `${made.code}\nIt is told once, works once, and ends ${minute(made.expires)} UTC.\n`,
  );
}

async function runMakers(flags: Flags): Promise<void> {
  const { items } = await askFor(await serverAccess(flags), 'api/v1/makers', makerListResponse);
  if (flags.json) return writeOut(`${JSON.stringify({ items })}\n`);
  const lines = items.map(
    ({ kind, vendor, subject, until, id }) =>
      `${vendor}${kind === 'tpms' ? ' (TPMs)' : ''}: ${subject}, until ${until.slice(0, 10)} (${id})`,
  );
  return writeOut(`${[`${counted(items.length, 'root')} of makers.`, ...lines].map(printable).join('\n')}\n`);
}

async function runAddMaker(vendor: string, file: string, flags: Given & { tpms?: boolean }): Promise<void> {
  const kind = flags.tpms ? 'tpms' : 'devices';
  const certificate = textOf(file);
  const made = await sendJson(
    await serverAccess(flags),
    'api/v1/makers',
    { kind, vendor, certificate, reason: flags.reason },
    makerAddedResponse,
  );
  await writeOut(
    flags.json
      ? `${JSON.stringify(made)}\n`
      : `${printable(kind === 'tpms' ? `TPMs of ${vendor} are believed.` : `Certificates of ${vendor} are taken, where serial numbers fit the inventory.`)}\n`,
  );
}

function textOf(file: string): string {
  try {
    return readFileSync(userPath(file), 'utf8');
  } catch {
    throw new CommandError(`${file} cannot be read`, exitCodes.failed);
  }
}

async function runRemoveMaker(id: string, flags: Given): Promise<void> {
  const path = `api/v1/makers/${encodeURIComponent(id)}/removal`;
  const removed = await sendJson(
    await serverAccess(flags),
    path,
    { reason: flags.reason },
    makerAddedResponse,
  );
  await writeOut(
    flags.json ? `${JSON.stringify(removed)}\n` : 'Certificates of this maker are taken no more.\n',
  );
}
