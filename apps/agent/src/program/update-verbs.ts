import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { groupKeyOf, type Use } from '@wardline/updates';
import type { Command } from 'commander';
import { AgentError } from '../agent-error.ts';
import { alone } from '../disk/alone.ts';
import { type Disk, folderDisk, sweepUnfinished } from '../disk/disk.ts';
import { anyExchange, anyStreamed } from '../network/openssl-exchange.ts';
import { digestOf } from '../update/slot-files.ts';
import { type Factory, makeFactory, UpdateStore, verifiersOf } from '../update/state.ts';
import { trustedFiles } from '../update/trusted-files.ts';
import { GROUP_KEY_LABEL, Updater, type UpdateStep } from '../update/updater.ts';
import { contentOf, type FolderFlags, idleAgent, openAgent } from './settings.ts';

type Flags = FolderFlags & { json?: boolean };
type Said = <T extends unknown[]>(act: (...given: T) => Promise<void>) => (...given: T) => Promise<void>;

interface PrepareFlags extends Flags {
  root: string;
  ledgerKey: string[];
  groupKey: string;
  group: string;
  manufacturer: string;
  model: string;
  softwareVersion: string;
  securityVersion: string;
  partial?: boolean;
  slotA?: string;
  slotB?: string;
}

const COME_AGAIN = 75;
const USES: readonly Use[] = ['idle', 'in-use', 'unknown'];
const COMMAND_MILLIS = 20_000;

/** The verbs of updates. */
export function addUpdateVerbs(program: Command, inFolder: (command: Command) => Command, said: Said): void {
  addPrepare(program, inFolder, said);
  inFolder(program.command('update').summary('tell what runs, and take an update where it may begin now'))
    .option('--use <word>', 'idle, in-use or unknown: whether a patient hangs on the device now', 'unknown')
    .option('--use-command <program>', 'a program of the device that prints one of these words')
    .addHelpText(
      'after',
      '\nEnds with 0 where nothing is to be done or an image was written (restart to run it), with 75 where the device has to wait, with 1 where\nan image was refused.\n\nExample:\n  wardline-agent update --use-command /usr/lib/pump/in-use',
    )
    .action(said(runUpdate));
  inFolder(program.command('boot').summary('at each start of the device: which slot to run, verified'))
    .addHelpText('after', '\nExample:\n  exec "$(wardline-agent boot)"')
    .action(said(runBoot));
  inFolder(program.command('confirm').summary('the image on trial works'))
    .addHelpText('after', '\nExample:\n  wardline-agent confirm')
    .action(
      said(async (flags: Flags) => {
        const { version } = await updating(flags, (updater) => updater.confirm());
        tell(flags, { state: 'confirmed', version }, `Version ${version} is what runs from now on.`);
      }),
    );
  inFolder(
    program
      .command('reject')
      .summary('the image on trial does not work')
      .argument('<why>', 'what was wrong; the hospital reads it'),
  )
    .addHelpText('after', '\nExample:\n  wardline-agent reject "the drive does not turn"')
    .action(
      said(async (why: string, flags: Flags) => {
        await updating(flags, (updater) => updater.reject(why));
        tell(flags, { state: 'rejected' }, 'The image before runs from the next start.');
      }),
    );
}

function addPrepare(program: Command, inFolder: (command: Command) => Command, said: Said): void {
  const collect = (value: string, before: string[] = []) => [...before, value];
  inFolder(
    program
      .command('update-prepare')
      .summary('in the factory, or once before the first update: what the device trusts'),
  )
    .requiredOption('--root <file>', 'the root of the repository that people signed, as 1.root.json')
    .requiredOption(
      '--ledger-key <key>',
      "the ledger's key, as “wardline ledger key” tells it; once for each",
      collect,
    )
    .requiredOption('--group-key <file>', 'the private key of its group, from “wardline firmware group-make”')
    .requiredOption('--group <name>', 'the group whose images it opens')
    .requiredOption('--manufacturer <name>', 'as images name it')
    .requiredOption('--model <name>', 'as images name it')
    .requiredOption('--software-version <version>', 'what lies in the first slot')
    .requiredOption('--security-version <number>', 'and its security version')
    .option(
      '--partial',
      'for a device too small for all of it: verify the lists that lead to its image and nothing of the others',
    )
    .option('--slot-a <file>', 'the first slot, from which it runs now (updates/slot-a in the folder)')
    .option('--slot-b <file>', 'the second slot (updates/slot-b in the folder)')
    .addHelpText(
      'after',
      '\nExample:\n  wardline-agent update-prepare --root 1.root.json --ledger-key wardline-ledger-… --group-key icu-pumps.key --group icu-pumps \\\n    --manufacturer "B. Braun" --model Infusomat --software-version 2.0 --security-version 7',
    )
    .action(said(runPrepare));
}

async function runPrepare(flags: PrepareFlags): Promise<void> {
  const { agent, close } = await openAgent(flags);
  try {
    const folder = updatesIn(flags);
    const disk = folderDisk(folder);
    const store = new UpdateStore(disk);
    if (store.isThere) throw new AgentError('settings', 'This device was prepared before');
    const key = contentOf(flags.groupKey).toString('utf8').trim();
    await groupKeyOf(key).catch(() => {
      throw new AgentError('settings', `${flags.groupKey} is no private key of age (AGE-SECRET-KEY-1…)`);
    });
    const slots = {
      a: resolve(flags.slotA ?? join(folder, 'slot-a')),
      b: resolve(flags.slotB ?? join(folder, 'slot-b')),
    };
    const sha256 = await digestOf(slots.a);
    if (sha256 === null) throw new AgentError('settings', `${slots.a} is not there: it holds what runs now`);
    const { manufacturer, model, group, ledgerKey, softwareVersion: version } = flags;
    const sealedKey = (await agent.seal(Buffer.from(key), GROUP_KEY_LABEL)).toString('base64');
    const verification = flags.partial ? 'partial' : 'full';
    const factory: Factory = {
      manufacturer,
      model,
      group,
      sealedKey,
      ledgerKeys: ledgerKey,
      verification,
      slots,
    };
    verifiersOf(factory);
    await trustedFiles(disk).write('root', contentOf(flags.root));
    const running = { version, securityVersion: securityOf(flags.securityVersion), sha256 };
    const counted = await agent.floorGuard.first(running.securityVersion);
    store.write(makeFactory(factory, running, counted));
    tell(flags, { state: 'prepared', sha256 }, `Prepared: it runs ${version}, ${sha256}.`);
  } finally {
    await close();
  }
}

function securityOf(text: string): number {
  if (!/^\d{1,9}$/.test(text))
    throw new AgentError('settings', `--security-version ${text}: a whole number is expected`);
  return Number(text);
}

/** Apart from the agent's own files: its loop may run meanwhile. */
const updatesIn = ({ folder }: FolderFlags): string => join(folder, 'updates');

/** Alone at the device's updates. */
async function updating<T>(flags: FolderFlags, work: (updater: Updater) => T | Promise<T>): Promise<T> {
  const folder = updatesIn(flags);
  const disk = folderDisk(folder);
  const close = await alone(folder);
  try {
    sweepUnfinished(folder);
    return await work(updaterOf(flags, disk));
  } finally {
    await close();
  }
}

function updaterOf(flags: FolderFlags, disk: Disk): Updater {
  const agent = idleAgent(flags);
  return new Updater({
    disk,
    folder: updatesIn(flags),
    link: () => agent.link(),
    unseal: (sealed, label) => agent.unseal(sealed, label),
    guard: agent.floorGuard,
    exchange: anyExchange,
    stream: anyStreamed,
  });
}

async function runUpdate(flags: Flags & { use: string; useCommand?: string }): Promise<void> {
  const step = await updating(flags, async (updater) => updater.step(await useOf(flags)));
  tell(flags, step, wordsOf(step));
  if (step.state === 'waits') process.exitCode = COME_AGAIN;
  if (step.state === 'refused') process.exitCode = 1;
}

/** What cannot be found out is unknown, and unknown is in use. */
async function useOf({ use, useCommand }: { use: string; useCommand?: string }): Promise<Use> {
  const asked = promisify(execFile);
  const word =
    useCommand === undefined
      ? use
      : await asked(useCommand, [], { timeout: COMMAND_MILLIS }).then(
          ({ stdout }) => stdout.trim(),
          () => 'unknown',
        );
  const known = USES.find((one) => one === word);
  if (known !== undefined) return known;
  if (useCommand !== undefined) return 'unknown';
  throw new AgentError('settings', `--use ${use}: expected one of ${USES.join(', ')}`);
}

function wordsOf(step: UpdateStep): string {
  if (step.state === 'nothing') return 'Nothing is to be installed.';
  if (step.state === 'waits') return `It has to wait: ${step.because}.`;
  if (step.state === 'installed')
    return `Version ${step.version} is in slot ${step.slot}; restart to run it on trial.`;
  if (step.state === 'on-trial')
    return `Version ${step.version} is on trial: restart, then confirm or reject it.`;
  return `The image was refused (${step.code}): ${step.message}.`;
}

async function runBoot(flags: Flags): Promise<void> {
  const { slot, file, image, onTrial, caution } = await updating(flags, (updater) => updater.boot());
  if (caution !== null)
    process.stderr.write(`wardline-agent: ${caution}. It takes no update until somebody looks.\n`);
  tell(flags, { slot, file, ...image, onTrial, caution }, file);
}

function tell({ json }: Flags, value: object, words: string): void {
  process.stdout.write(`${json ? JSON.stringify(value) : words}\n`);
}
