import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Admission, hardwareAddress } from '@wardline/policy';
import type { Command } from 'commander';
import type { Ground } from '../admission/admission.ts';
import { freeradiusFiles } from '../admission/freeradius.ts';
import { LOOK_MILLIS } from '../admission/limits.ts';
import { planFrom } from '../admission/plan.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { writeOut } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { userPath } from '../working-directory.ts';
import { addAttending } from './admission-attending.ts';
import { FOLDER, groundOf, PORT, portOf, serveFrom } from './admission-grounds.ts';
import { evidenceFrom, policyFrom, textOf } from './policy/inputs.ts';

/** Who may be on the network, and where: what FreeRADIUS asks when a device signs in at a switch's port. */
export function addAdmission(program: Command): void {
  const admission = program
    .command('admission')
    .description('Decides which device gets onto the network and into which VLAN, when FreeRADIUS asks.');
  const grounds = (command: Command) =>
    command
      .argument('<file>', 'a policy')
      .argument('<assessment>', 'the assets, as wardline assess --json wrote them')
      .argument('<plan>', 'VLANs of zones and what happens while Wardline is away, as JSON');
  grounds(
    admission.command('serve').summary('answer FreeRADIUS; what changes is taken in as the files change'),
  )
    .option('--listen <port>', 'on loopback', String(PORT))
    .option('--state <folder>', 'where answers are kept', FOLDER)
    .addHelpText('after', '\nExample:\n  wardline admission serve hospital.policy week.json admission.json')
    .action(runServe);
  addAttending(admission);
  grounds(admission.command('decide').summary('tell what a device would be answered'))
    .requiredOption('--mac <address>', 'its hardware address')
    .option('--certificate <name>', 'the name in its certificate; else it is let in by its address')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText(
      'after',
      '\nExample:\n  wardline admission decide hospital.policy week.json admission.json --mac 00:09:fb:92:10:11\n\nEnds with 1 where it would be refused.',
    )
    .action(runDecide);
  admission
    .command('freeradius')
    .summary('write what FreeRADIUS 3 has to be told')
    .option('--listen <port>', 'where wardline admission serve listens', String(PORT))
    .option('--state <folder>', 'where it keeps answers', FOLDER)
    .option('--radius-port <port>', 'where FreeRADIUS listens', '1812')
    .requiredOption('--out <folder>', 'as /etc/freeradius/3.0')
    .addHelpText('after', '\nExample:\n  wardline admission freeradius --out /etc/freeradius/3.0')
    .action(runFreeradius);
}

function groundFrom(file: string, assessment: string, planFile: string): Ground {
  const { policy } = policyFrom(file);
  const { assets, macs } = evidenceFrom(assessment);
  return groundOf(planFile, planFrom(planFile, textOf(planFile)), policy, { assets, macs });
}

interface ServeFlags {
  listen: string;
  state: string;
}

async function runServe(file: string, assessment: string, plan: string, flags: ServeFlags): Promise<void> {
  const files = [file, assessment, plan];
  await serveFrom(groundFrom(file, assessment, plan), flags, (service, tell, signal) =>
    follow(files, signal, async () => {
      try {
        await service.reload(groundFrom(file, assessment, plan));
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        tell({ event: 'not reloaded', because: error.message });
      }
    }),
  );
}

/** Calls `changed` whenever one of the files has become another, until the signal. */
async function follow(
  files: readonly string[],
  signal: AbortSignal,
  changed: () => Promise<void>,
): Promise<void> {
  const look = () =>
    files.map((file) => statSync(userPath(file), { throwIfNoEntry: false })?.mtimeMs).join(' ');
  for (let seen = look(); !signal.aborted; ) {
    await sleep(LOOK_MILLIS, undefined, { signal }).catch(() => undefined);
    const now = look();
    if (now === seen || signal.aborted) continue;
    seen = now;
    await changed();
  }
}

interface DecideFlags {
  mac: string;
  certificate?: string;
  json?: boolean;
}

async function runDecide(file: string, assessment: string, plan: string, flags: DecideFlags): Promise<void> {
  const mac = hardwareAddress(flags.mac);
  if (mac === null) throw new CommandError(`--mac ${flags.mac}: expected six octets, as 00:09:fb:92:10:11`);
  const { admitting } = groundFrom(file, assessment, plan);
  const method = flags.certificate === undefined ? 'address' : 'certificate';
  const answer = admitting.decide({ mac, method, name: flags.certificate ?? null });
  await writeOut(flags.json ? `${JSON.stringify(answer)}\n` : `${sentence(answer)}\n`);
  if (answer.verdict === 'refuse') process.exitCode = exitCodes.failed;
}

function sentence(answer: Admission): string {
  const because = printable(answer.because);
  if (answer.verdict === 'refuse') return `Refused: ${because}.`;
  return `VLAN ${answer.vlan}${answer.role === null ? '' : `, role ${printable(answer.role)}`}: ${because}.`;
}

function runFreeradius(flags: { listen: string; state: string; radiusPort: string; out: string }): void {
  const out = userPath(flags.out);
  const files = freeradiusFiles(portOf(flags.listen), userPath(flags.state), portOf(flags.radiusPort));
  for (const { name, text } of files) {
    const path = join(out, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    process.stdout.write(`${path}\n`);
  }
}
