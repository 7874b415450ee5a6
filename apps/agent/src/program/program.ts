import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fromPem } from '@wardline/pki';
import { Command, CommanderError } from 'commander';
import type { EnrolmentOrder, Outcome } from '../agent.ts';
import { AgentError } from '../agent-error.ts';
import { tpmName } from '../keys/tpm/prove.ts';
import { runAgent, type Step } from '../run.ts';
import type { AgentStatus } from '../status.ts';
import { fingerprintFrom } from '../trust/authorities.ts';
import { addAttestVerb } from './attest-verb.ts';
import { contentOf, FOLDER, type FolderFlags, idleAgent, openAgent } from './settings.ts';
import { addUpdateVerbs } from './update-verbs.ts';

/** What the shell learns. */
const exits = { done: 0, failed: 1, usage: 2, comeAgain: 75 } as const;

export const agentProgram = (): Command =>
  addAgentVerbs(
    new Command('wardline-agent')
      .description('The identity of this device: a certificate of its own, kept alive.')
      .showHelpAfterError('(add --help for what is possible)')
      .exitOverride(),
  );

/** Runs one command line and returns the exit code. */
export async function runAgentProgram(program: Command, args: readonly string[]): Promise<number> {
  try {
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? exits.done);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exits.done : exits.usage;
    throw error;
  }
}

/** The verbs of the agent, for its own program and for others that carry it. */
export function addAgentVerbs(program: Command): Command {
  addEnrol(program);
  inFolder(program.command('renew').summary('renew the certificate where it is due'))
    .option('--force', 'though it is not due yet')
    .addHelpText('after', '\nExample:\n  wardline-agent renew')
    .action(said(runRenew));
  inFolder(program.command('run').summary('keep the certificate alive, until it is stopped'))
    .addHelpText(
      'after',
      '\nExample:\n  wardline-agent run --passphrase-file /run/credentials/wardline-agent/passphrase',
    )
    .action(said(runForever));
  inFolder(
    program.command('status').summary('show the certificate, until when it holds, and how its key is kept'),
  )
    .addHelpText(
      'after',
      '\nEnds with 1 where there is no certificate that holds.\n\nExample:\n  wardline-agent status --json',
    )
    .action(said(runStatus));
  inFolder(program.command('tpm').summary('tell by what an order names the TPM of this device'))
    .addHelpText('after', '\nExample:\n  wardline-agent tpm')
    .action(said(runTpm));
  for (const verb of ['seal', 'unseal'] as const)
    inFolder(
      program
        .command(verb)
        .summary(
          verb === 'seal' ? 'close data so that it opens on this device alone' : 'open what was sealed here',
        )
        .argument('<label>', 'what it is; the same for both'),
    )
      .option('--in <file>', 'what to read', '-')
      .option('--out <file>', 'what to write', '-')
      .addHelpText(
        'after',
        `\nExample:\n  wardline-agent ${verb} drug-library --in ${verb === 'seal' ? 'drugs.db --out drugs.sealed' : 'drugs.sealed --out drugs.db'}`,
      )
      .action(said((label: string, flags: SealFlags) => runSeal(verb, label, flags)));
  addUpdateVerbs(program, inFolder, said);
  addAttestVerb(program, inFolder, said);
  return program;
}

const inFolder = (command: Command): Command =>
  command
    .option('--folder <folder>', 'where the agent keeps its keys and its state', FOLDER)
    .option('--passphrase-file <file>', 'file with the passphrase that closes the keys')
    .option(
      '--secret-file <file>',
      'file with a secret of this machine that closes them, kept elsewhere than in the folder',
    )
    .option('--tpm', 'keys lie in a TPM 2.0, by tpm2-tools and OpenSSL; said once, at enrolment')
    .option('--tcti <tcti>', 'where the TPM is, as device:/dev/tpmrm0; else where its tools look')
    .option(
      '--ek-certificate <file>',
      'the maker’s certificate of the TPM (PEM), where the TPM does not keep it',
    )
    .option(
      '--token-program <program>',
      'asks the device’s secure element or TEE for a token about the nonce in its argument, and writes it to its output',
    )
    .option('--json', 'print one JSON object and nothing else');

function addEnrol(program: Command): void {
  inFolder(program.command('enrol').summary('ask for the first certificate'))
    .requiredOption('--server <url>', 'the port of devices, as https://wardline.hospital.example:7402')
    .requiredOption(
      '--root <fingerprint>',
      'SHA-256 of the hospital’s root, from the minutes of its ceremony',
    )
    .option(
      '--server-fingerprint <fingerprint>',
      'SHA-256 of the server’s own certificate, where the root does not vouch for it',
    )
    .option('--server-ca <file>', 'authorities (PEM) that vouch for the server’s own certificate')
    .option('--code-file <file>', 'file with the one-time code; - reads it from the standard input')
    .option('--maker-certificate <file>', 'the certificate that the maker put into the device, PEM')
    .option('--maker-key <file>', 'its key, PEM')
    .option('--wait', 'stay until a person has decided')
    .option('--again', 'begin anew though there is a certificate')
    .addHelpText(
      'after',
      '\nEnds with 75 where a person looks at it first: ask again, or let “run” ask.\n\nExample:\n  wardline-agent enrol --server https://wardline.hospital.example:7402 --root 5f3c… --code-file code',
    )
    .action(said(runEnrol));
}

type Flags = FolderFlags & { json?: boolean };

/** What the agent refuses is told without a trace of the program. */
const said =
  <T extends unknown[]>(act: (...given: T) => Promise<void>) =>
  async (...given: T): Promise<void> => {
    try {
      await act(...given);
    } catch (error) {
      if (!(error instanceof AgentError)) throw error;
      process.stderr.write(`wardline-agent: ${error.message}\n`);
      process.exitCode = error.code === 'settings' ? exits.usage : exits.failed;
    }
  };

interface EnrolFlags extends Flags {
  server: string;
  root: string;
  serverFingerprint?: string;
  serverCa?: string;
  codeFile?: string;
  makerCertificate?: string;
  makerKey?: string;
  wait?: boolean;
  again?: boolean;
}

async function runEnrol(flags: EnrolFlags): Promise<void> {
  const order = orderOf(flags);
  const { agent, close } = await openAgent(flags);
  try {
    let outcome = await agent.enrol(order);
    while (flags.wait && outcome.state === 'waiting') {
      await pause(outcome.seconds * 1000);
      outcome = await agent.round();
    }
    await tellOutcome(outcome, flags);
  } finally {
    await close();
  }
}

function orderOf(flags: EnrolFlags): EnrolmentOrder {
  if (!URL.canParse(flags.server) || new URL(flags.server).protocol !== 'https:')
    throw new AgentError('settings', `--server ${flags.server}: an address with https:// is expected`);
  const { serverFingerprint: pin, serverCa: ca } = flags;
  return {
    server: flags.server,
    root: fingerprintFrom(flags.root, '--root'),
    serverFingerprint: pin === undefined ? null : fingerprintFrom(pin, '--server-fingerprint'),
    serverAuthorities: ca === undefined ? [] : certificatesOf(ca),
    way: wayOf(flags),
    again: flags.again === true,
  };
}

function wayOf({
  codeFile,
  makerCertificate: certificate,
  makerKey: key,
}: EnrolFlags): EnrolmentOrder['way'] {
  const isMaker = certificate !== undefined && key !== undefined;
  if ((codeFile === undefined) !== isMaker)
    throw new AgentError('settings', 'either --code-file, or --maker-certificate with --maker-key');
  return isMaker
    ? { by: 'maker', certificate, key }
    : { by: 'code', code: contentOf(codeFile!).toString('utf8').trim() };
}

async function runRenew({ force = false, ...flags }: Flags & { force?: boolean }): Promise<void> {
  const { agent, close } = await openAgent(flags);
  try {
    await tellOutcome(await agent.round({ force }), flags);
  } finally {
    await close();
  }
}

async function runForever(flags: Flags): Promise<void> {
  const { agent, close } = await openAgent(flags);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  try {
    await runAgent(agent, {
      signal: stop.signal,
      sleep: (seconds, signal) => pause(seconds * 1000, undefined, { signal }).catch(() => undefined),
      chance: Math.random,
      tell: (step) => process.stdout.write(`${flags.json ? JSON.stringify(step) : wordsOf(step)}\n`),
    });
  } finally {
    await close();
  }
}

function wordsOf(step: Step): string {
  const again = `looks again in ${Math.round(step.seconds)} s`;
  if (step.state === 'failed') return `${step.message}; ${again}.`;
  return `${outcomeWords(step)} It ${again}.`;
}

async function tellOutcome(outcome: Outcome, { json }: Flags): Promise<void> {
  process.stdout.write(`${json ? JSON.stringify(outcome) : outcomeWords(outcome)}\n`);
  if (outcome.state === 'waiting') process.exitCode = exits.comeAgain;
  if (outcome.state === 'none' || outcome.state === 'refused') process.exitCode = exits.failed;
}

function outcomeWords(outcome: Outcome): string {
  if (outcome.state === 'waiting') return 'A person looks at it first; ask again later.';
  if (outcome.state === 'refused') return `The server refused: ${outcome.message}.`;
  if (outcome.state === 'none') return 'This device is not enrolled.';
  return outcome.renewed ? 'It has a new certificate.' : 'It has a certificate that the server takes.';
}

async function runStatus(flags: Flags): Promise<void> {
  const status = idleAgent(flags).status();
  process.stdout.write(flags.json ? `${JSON.stringify(status)}\n` : `${statusLines(status).join('\n')}\n`);
  if (status.state !== 'valid' && status.state !== 'due') process.exitCode = exits.failed;
}

function statusLines({ state, server, certificate, key, asked, refused, clockAhead }: AgentStatus): string[] {
  return [
    `State       ${state}`,
    ...(server === null ? [] : [`Server      ${server}`]),
    ...(certificate === null
      ? []
      : [
          `Holder      ${certificate.holder ?? ''} (${certificate.names.join(', ')})`,
          `Holds       ${certificate.from} to ${certificate.until}, renewed from ${certificate.renewAt}`,
          `Serial      ${certificate.serial}`,
          `Fingerprint ${certificate.fingerprint}`,
        ]),
    `Key         in ${key.protection} (${key.assurance})`,
    ...(asked === null
      ? []
      : [`Asked       ${asked.since}, by ${asked.by}${asked.isWaiting ? ', waits for a person' : ''}`]),
    ...(refused === null ? [] : [`Refused     ${refused.at}: ${refused.message}`]),
    ...(Math.abs(clockAhead) < 60 ? [] : [`Clock       ${clockAhead} s ahead of the server`]),
  ];
}

async function runTpm({ tcti, ekCertificate, json }: Flags): Promise<void> {
  const name = await tpmName(
    tcti ?? null,
    ekCertificate === undefined ? null : certificatesOf(ekCertificate),
  );
  process.stdout.write(`${json ? JSON.stringify({ tpm: name }) : name}\n`);
}

const certificatesOf = (file: string): Buffer[] =>
  fromPem(contentOf(file).toString('utf8'), 'CERTIFICATE').map((der) => Buffer.from(der));

interface SealFlags extends Flags {
  in: string;
  out: string;
}

async function runSeal(verb: 'seal' | 'unseal', label: string, flags: SealFlags): Promise<void> {
  const agent = idleAgent(flags);
  const made = await agent[verb](contentOf(flags.in), label);
  if (flags.out === '-') process.stdout.write(made);
  else writeFileSync(flags.out, made, { mode: 0o600 });
}
