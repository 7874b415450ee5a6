import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { Gateway, type MapStatus } from '../gateway/gateway.ts';
import { gatewayPlanFrom } from '../gateway/plan.ts';
import { GatewayError } from '../gateway/runtime.ts';
import { LOOK_SECONDS } from '../revocation/limits.ts';
import { type Look, Revocations } from '../revocation/revocations.ts';
import { writeOut } from '../terminal/output.ts';
import { tableLines } from '../terminal/table.ts';
import { counted } from '../terminal/units.ts';
import { userPath } from '../working-directory.ts';
import { textOf } from './policy/inputs.ts';

const FOLDER = '/etc/haproxy/wardline';

/** A gateway that speaks mutual TLS for devices that cannot, on HAProxy. */
export function addGateway(program: Command): void {
  const gateway = program
    .command('gateway')
    .description(
      'Mutual TLS for devices that know none, by HAProxy: who may reach them, and their own way out.',
    );
  const here = (command: Command) =>
    command
      .argument('<plan>', 'devices, their ways in and out, and certificates, as JSON')
      .option('--folder <folder>', 'configuration and maps of the gateway', FOLDER)
      .option('--json', 'print one JSON object and nothing else');
  here(
    gateway.command('compile').summary('write the configuration of HAProxy and maps that are not there yet'),
  )
    .addHelpText(
      'after',
      '\nExample:\n  wardline gateway compile icu.json && haproxy -f /etc/haproxy/wardline/haproxy.cfg',
    )
    .action(runCompile);
  here(
    gateway
      .command('allow')
      .summary('let a certificate through to a device, at once and after every restart'),
  )
    .requiredOption('--peer <name>', 'the name in the certificate')
    .requiredOption('--device <name>', 'the device')
    .action(runAllow);
  here(gateway.command('revoke').summary('shut a certificate or a device out, and end its sessions'))
    .option('--peer <name>', 'the name in a certificate')
    .option('--device <name>', 'a device: its way out')
    .addHelpText('after', '\nExample:\n  wardline gateway revoke icu.json --peer station-2')
    .action(runRevoke);
  here(gateway.command('restore').summary('give a device its way out again'))
    .requiredOption('--device <name>', 'the device')
    .action(runRestore);
  here(
    gateway
      .command('follow')
      .summary('follow the lists of revoked certificates: shut out within seconds, sessions ended'),
  )
    .option('--every <seconds>', 'how often the lists are looked at', String(LOOK_SECONDS))
    .option('--once', 'look once; HAProxy need not run yet')
    .addHelpText('after', '\nExample:\n  wardline gateway follow icu.json')
    .action(runFollow);
  here(gateway.command('status').summary('tell who may pass, as it is kept and as it runs, and the sessions'))
    .addHelpText('after', '\nEnds with 1 where the two differ.')
    .action(runStatus);
}

interface Flags {
  folder: string;
  json?: boolean;
  peer?: string;
  device?: string;
}

const gatewayOf = (file: string, { folder }: Flags): Gateway =>
  new Gateway(gatewayPlanFrom(file, textOf(file)), userPath(folder));

/** What the gateway refuses is told without a trace of the program. */
async function told<T>(act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof GatewayError) throw new CommandError(error.message, exitCodes.failed);
    if (['EACCES', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw new CommandError((error as Error).message, exitCodes.failed);
    throw error;
  }
}

const say = ({ json }: Flags, value: unknown, text: string): Promise<void> =>
  writeOut(json ? `${JSON.stringify(value)}\n` : `${text}\n`);

async function runCompile(file: string, flags: Flags): Promise<void> {
  const written = await told(() => gatewayOf(file, flags).write());
  await say(flags, { written }, written.join('\n'));
}

const nameOf = (text: string): string => {
  if (/^[A-Za-z0-9][\w.@-]{0,63}$/.test(text)) return text;
  throw new CommandError(`${text}: expected a name of letters, digits and . _ @ -`);
};

async function runAllow(file: string, flags: Flags): Promise<void> {
  const [peer, device] = [nameOf(flags.peer!), nameOf(flags.device!)];
  await told(() => gatewayOf(file, flags).allow(peer, device));
  await say(flags, { peer, device, allowed: true }, `${peer} may reach ${device}.`);
}

async function runRevoke(file: string, flags: Flags): Promise<void> {
  if ((flags.peer === undefined) === (flags.device === undefined))
    throw new CommandError('name either a --peer or a --device');
  const name = nameOf(flags.peer ?? flags.device!);
  const gateway = gatewayOf(file, flags);
  const ended = await told(() =>
    flags.peer === undefined ? gateway.revokeDevice(name) : gateway.revokePeer(name),
  );
  await say(flags, { revoked: name, ended }, `${name} is shut out; ${counted(ended, 'session')} ended.`);
}

interface FollowFlags extends Flags {
  every: string;
  once?: boolean;
}

async function runFollow(file: string, flags: FollowFlags): Promise<void> {
  const plan = gatewayPlanFrom(file, textOf(file));
  if (plan.revocation === null) throw new CommandError(`${file}: revocation: the plan names no lists`);
  const revocations = new Revocations(plan.revocation, plan.authorities);
  if (flags.once) return lookOnce(revocations, flags);
  const gateway = new Gateway(plan, userPath(flags.folder));
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const seconds = secondsOf(flags.every);
  let said = '';
  let isTold = false;
  while (!stop.signal.aborted) {
    const step: FollowStep = await followed(gateway, revocations, isTold);
    isTold = step.told;
    const line = JSON.stringify(step);
    if (line !== said) await writeOut(`${line}\n`);
    said = line;
    await sleep(seconds * 1000, undefined, { signal: stop.signal }).catch(() => undefined);
  }
}

/** `told`: the running gateway has all that is kept. */
type FollowStep = Look & { ended: number; told: boolean };

/** A gateway that does not run finds the lists in their file when it starts. */
async function followed(gateway: Gateway, revocations: Revocations, isTold: boolean): Promise<FollowStep> {
  try {
    return { ...(await gateway.followLists(revocations, !isTold)), told: true };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { changed: false, faults: [error.message], ended: 0, told: false };
  }
}

async function lookOnce(revocations: Revocations, flags: Flags): Promise<void> {
  const look = await revocations.look();
  await say(
    flags,
    look,
    [look.changed ? 'New lists are written.' : 'Nothing is new.', ...look.faults].join('\n'),
  );
  if (look.faults.length > 0) process.exitCode = exitCodes.failed;
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= 0.1 && seconds <= 3600) return seconds;
  throw new CommandError(`--every ${text}: expected 0.1 to 3600 seconds`);
}

async function runRestore(file: string, flags: Flags): Promise<void> {
  const device = nameOf(flags.device!);
  await told(() => gatewayOf(file, flags).restoreDevice(device));
  await say(flags, { device, restored: true }, `${device} has its way out again.`);
}

async function runStatus(file: string, flags: Flags): Promise<void> {
  const status = await told(() => gatewayOf(file, flags).status());
  await say(flags, status, statusLines(status).join('\n'));
  if (status.some(({ same }) => !same)) process.exitCode = exitCodes.failed;
}

const statusLines = (status: readonly MapStatus[]): string[] =>
  tableLines(
    status,
    [
      { heading: 'Device', value: ({ device }) => device, least: 10 },
      { heading: 'Way', value: ({ direction }) => direction, least: 3 },
      { heading: 'May pass', value: ({ running }) => running.join(' ') || '–', least: 12 },
      { heading: 'Sessions', value: ({ sessions }) => String(sessions), least: 8, align: 'right' },
      {
        heading: 'Kept',
        value: ({ same, kept }) => (same ? 'the same' : `OTHER: ${kept.join(' ')}`),
        least: 8,
      },
    ],
    process.stdout.columns ?? 100,
  );
