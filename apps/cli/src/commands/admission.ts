import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Admission, Admitting, hardwareAddress, resolvePolicy } from '@wardline/policy';
import type { Command } from 'commander';
import { AdmissionService, type Event, type Ground } from '../admission/admission.ts';
import { Answers } from '../admission/answers.ts';
import { freeradiusFiles } from '../admission/freeradius.ts';
import { LOOK_MILLIS } from '../admission/limits.ts';
import { listen } from '../admission/listen.ts';
import { type Plan, planFrom } from '../admission/plan.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { LOOK_SECONDS } from '../revocation/limits.ts';
import { Revocations } from '../revocation/revocations.ts';
import { writeOut } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { userPath } from '../working-directory.ts';
import { evidenceFrom, policyFrom, textOf } from './policy/inputs.ts';

const PORT = 7410;
const FOLDER = '/var/lib/wardline/admission';

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

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new CommandError(`${text}: expected a port`);
}

function groundFrom(file: string, assessment: string, planFile: string): Ground {
  const { policy } = policyFrom(file);
  const { assets, macs } = evidenceFrom(assessment);
  const plan = planFrom(planFile, textOf(planFile));
  const { zones } = resolvePolicy(policy, assets, Date.now() * 1000);
  const missing = plan.zones.find(({ zone }) => !zones.some(({ name }) => name === zone));
  if (missing !== undefined)
    throw new CommandError(`${planFile}: the policy has no zone ${missing.zone}`, exitCodes.failed);
  const devices = assets.map((asset) => ({
    ...asset,
    macs: macs.get(asset.id) ?? [],
    heldApart: plan.heldApart.some((text) => text === asset.id || text === asset.name),
  }));
  return { plan, admitting: new Admitting(plan, zones, devices) };
}

interface ServeFlags {
  listen: string;
  state: string;
}

async function runServe(file: string, assessment: string, plan: string, flags: ServeFlags): Promise<void> {
  const tell = (event: Event) =>
    void process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
  const files = [file, assessment, plan];
  const ground = groundFrom(file, assessment, plan);
  const revocations = listsOf(ground.plan);
  const service = new AdmissionService(ground, new Answers(userPath(flags.state)), tell, revocations);
  const server = await listen(service, portOf(flags.listen));
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  process.stdout.write(`${JSON.stringify({ event: 'listening', port: portOf(flags.listen) })}\n`);
  if (revocations !== null) void followLists(revocations, service, { tell, signal: stop.signal });
  await follow(files, stop.signal, async () => {
    try {
      await service.reload(groundFrom(file, assessment, plan));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      tell({ event: 'not reloaded', because: error.message });
    }
  });
  server.close();
  server.closeAllConnections();
}

const listsOf = ({ revocation }: Plan): Revocations | null =>
  revocation === null
    ? null
    : new Revocations({ lists: revocation.lists, file: revocation.file }, userPath(revocation.authorities));

/** Ends what revoked certificates have within seconds of their lists; tells what could not be had once, until it is another. */
async function followLists(
  revocations: Revocations,
  service: AdmissionService,
  { tell, signal }: { tell: (event: Event) => void; signal: AbortSignal },
): Promise<void> {
  let said = '';
  while (!signal.aborted) {
    const { changed, faults } = await revocations.look();
    if (changed || faults.join() !== said)
      tell({ event: 'lists', because: faults.join('; ') || 'new lists' });
    said = faults.join();
    if (changed) await service.endRevoked();
    await sleep(LOOK_SECONDS * 1000, undefined, { signal }).catch(() => undefined);
  }
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
