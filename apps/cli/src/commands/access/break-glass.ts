import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import {
  askableRoles,
  EMERGENCY_MINUTES,
  type Emergency,
  emergencyCodes,
  emergencyListResponse,
  emergencyPlanListResponse,
  emergencySealResponse,
  emergencyViews,
} from '@wardline/model';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { askFor, sendJson, serverAccess } from '../../api/client.ts';
import { explainSystemError } from '../../assessment/captures.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { tableLines } from '../../terminal/table.ts';
import { minute } from '../../terminal/units.ts';
import { userPath } from '../../working-directory.ts';
import { type Flags, type Given, personNamed, remove, withReason, withServer } from './asking.ts';

const done = z.object({ id: z.string() });
const began = z.object({ id: z.string(), until: z.string() });
const codes = Object.keys(emergencyCodes);

/** Emergency access: prepared, sealed, taken, ended. */
export function addBreakGlass(access: Command): void {
  const glass = access.command('break-glass').description('Emergency access: prepare, seal, enter, end.');
  addPreparing(glass);
  withReason(
    glass.command('open').summary('enter by a sealed credential, read from a file or from standard input'),
  )
    .addOption(new Option('--code <code>', 'what is happening').choices(codes).makeOptionMandatory())
    .option('--credential-file <file>', 'where it stands; else it is read from standard input')
    .addHelpText(
      'after',
      '\nExample:\n  wardline access break-glass open --code system-outage --reason "nobody can sign in"\n\nThe role holds at once in every session that the person has open.',
    )
    .action(runOpen);
  withReason(
    glass.command('stop').summary('end emergency access before its time').argument('<id>', 'of the list'),
  )
    .addHelpText(
      'after',
      '\nExample:\n  wardline access break-glass stop 1f2e… --reason "the emergency is over"',
    )
    .action(runStop);
  withServer(glass.command('list').summary('list uses of emergency access, newest first'))
    .addOption(new Option('--view <which>', 'which of them').choices([...emergencyViews]).default('all'))
    .addHelpText('after', '\nExample:\n  wardline access break-glass list --view to-review')
    .action(runList);
}

function addPreparing(glass: Command): void {
  withServer(glass.command('plans').summary('list what people may take in an emergency'))
    .addHelpText('after', '\nExample:\n  wardline access break-glass plans')
    .action(runPlans);
  withReason(
    glass
      .command('prepare')
      .summary('name a person, a role and the least scope')
      .argument('<who>', 'id, name or sign-in name')
      .argument('<role>', askableRoles.join(', ')),
  )
    .option(
      '--minutes <number>',
      `for how long, at most ${EMERGENCY_MINUTES.most}`,
      String(EMERGENCY_MINUTES.usual),
    )
    .option('--site <number...>', 'only at these sites')
    .option(
      '--zone <name...>',
      'only in these zones (vlan:20, net:10.20.0.0/16, department:Radiology, group:imaging, zone:pumps)',
    )
    .addHelpText(
      'after',
      '\nExample:\n  wardline access break-glass prepare "Anna Weber" biomedical-engineer --zone vlan:20 --reason "on call"',
    )
    .action(runPrepare);
  withReason(
    glass
      .command('seal')
      .summary('make the sealed credential and print it once')
      .argument('<plan>', 'of plans'),
  )
    .addHelpText(
      'after',
      '\nExample:\n  wardline access break-glass seal 1f2e… --reason "for the safe" | lpr',
    )
    .action(runSeal);
  withReason(glass.command('withdraw').summary('take a preparation back').argument('<plan>', 'of plans'))
    .addHelpText('after', '\nExample:\n  wardline access break-glass withdraw 1f2e… --reason "left the rota"')
    .action(runWithdraw);
}

async function runPlans(flags: Flags): Promise<void> {
  const page = await askFor(await serverAccess(flags), 'api/v1/emergency/plans', emergencyPlanListResponse);
  if (flags.json) return writeOut(`${JSON.stringify(page)}\n`);
  type Plan = (typeof page.items)[number];
  const columns = [
    { heading: 'Who', value: (row: Plan) => row.name, least: 12 },
    { heading: 'May become', value: (row: Plan) => `${row.role}, ${row.minutes} min`, least: 12 },
    { heading: 'Sealed', value: (row: Plan) => (row.sealed ? minute(row.sealed) : 'no'), least: 6 },
    { heading: 'Plan', value: (row: Plan) => row.id, least: 36 },
  ];
  return writeOut(`${tableLines(page.items, columns, process.stdout.columns ?? 140).join('\n')}\n`);
}

type Prepared = Given & { minutes: string; site?: string[]; zone?: string[] };

async function runPrepare(who: string, role: string, flags: Prepared): Promise<void> {
  if (!(askableRoles as readonly string[]).includes(role))
    throw new CommandError(`${role}: expected one of ${askableRoles.join(', ')}`);
  const access = await serverAccess(flags);
  const { actor, name } = await personNamed(access, who);
  const scope = { sites: flags.site?.map(Number) ?? null, zones: flags.zone ?? null };
  const body = { person: actor, role, minutes: Number(flags.minutes), ...scope, reason: flags.reason };
  const { id } = await sendJson(access, 'api/v1/emergency/plans', body, done);
  const words = `${name} may become ${role} in an emergency. Plan ${id}\n`;
  await writeOut(flags.json ? `${JSON.stringify({ id })}\n` : words);
}

async function runSeal(plan: string, flags: Given): Promise<void> {
  const path = `api/v1/emergency/plans/${encodeURIComponent(plan)}/seal`;
  const made = await sendJson(
    await serverAccess(flags),
    path,
    { reason: flags.reason },
    emergencySealResponse,
  );
  // Alone on standard output, so that it can go straight to a printer.
  if (!flags.json) process.stderr.write('Shown once. Print it, seal it and lock it away:\n');
  await writeOut(flags.json ? `${JSON.stringify(made)}\n` : `${made.credential}\n`);
}

async function runWithdraw(plan: string, flags: Given): Promise<void> {
  await remove(await serverAccess(flags), `api/v1/emergency/plans/${encodeURIComponent(plan)}`, flags.reason);
  await writeOut(flags.json ? `${JSON.stringify({ id: plan })}\n` : 'It is taken back.\n');
}

async function runOpen(flags: Given & { code: string; credentialFile?: string }): Promise<void> {
  const { code, reason } = flags;
  const credential = (await readCredential(flags.credentialFile)).trim();
  const body = { credential, code, reason };
  const entered = await sendJson(await serverAccess(flags), 'api/v1/emergency/open', body, began);
  const words = `Emergency access runs until ${minute(entered.until)} (${entered.id}). The credential is spent.\n`;
  await writeOut(flags.json ? `${JSON.stringify(entered)}\n` : words);
}

/** Never an argument: those stand in the list of processes and in the shell's history. */
async function readCredential(file: string | undefined): Promise<string> {
  if (file === undefined) {
    if (process.stdin.isTTY) process.stderr.write('Sealed credential, then Ctrl-D: ');
    return text(process.stdin);
  }
  try {
    return await readFile(userPath(file), 'utf8');
  } catch (error) {
    throw new CommandError(`the credential ${file} ${explainSystemError(error)}`, exitCodes.failed);
  }
}

async function runStop(id: string, flags: Given): Promise<void> {
  const { reason } = flags;
  await sendJson(
    await serverAccess(flags),
    `api/v1/emergencies/${encodeURIComponent(id)}/stop`,
    { reason },
    done,
  );
  await writeOut(flags.json ? `${JSON.stringify({ id })}\n` : 'It is over.\n');
}

async function runList(flags: Flags & { view: string }): Promise<void> {
  const path = `api/v1/emergencies?order=desc&limit=200&view=${flags.view}`;
  const page = await askFor(await serverAccess(flags), path, emergencyListResponse);
  if (flags.json) return writeOut(`${JSON.stringify(page)}\n`);
  const review = ({ ended, verdict }: Emergency) => verdict ?? (ended === null ? 'runs' : 'open');
  const columns = [
    { heading: 'Who', value: (row: Emergency) => row.name, least: 12 },
    { heading: 'Role', value: (row: Emergency) => row.role, least: 12 },
    { heading: 'Why', value: (row: Emergency) => row.code, least: 12 },
    { heading: 'From', value: (row: Emergency) => minute(row.started), least: 16 },
    { heading: 'To', value: (row: Emergency) => minute(row.ended ?? row.until), least: 16 },
    { heading: 'Review', value: review, least: 6 },
    { heading: 'Id', value: (row: Emergency) => row.id, least: 36, rank: 1 },
  ];
  return writeOut(`${tableLines(page.items, columns, process.stdout.columns ?? 160).join('\n')}\n`);
}
