import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import {
  exportMud,
  type MudProfile,
  type Narrowed,
  narrowToMud,
  printPolicy,
  readMud,
} from '@wardline/policy';
import type { Command } from 'commander';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { counted } from '../../terminal/units.ts';
import { userPath } from '../../working-directory.ts';
import { evidenceFrom, policyFrom, textOf } from './inputs.ts';

/** Manufacturers' files (RFC 8520): they may narrow a policy, never widen it. */
export function addMud(policy: Command): void {
  const mud = policy
    .command('mud')
    .description('Manufacturer usage descriptions (RFC 8520): narrow a policy by one, or make one.');
  mud
    .command('narrow')
    .summary('take out of a policy what a manufacturer’s file does not name')
    .argument('<file>', 'a policy')
    .argument('<assessment>', 'the assets, as wardline assess --json wrote them')
    .argument('<mud>', 'the manufacturer’s file')
    .requiredOption('--zone <name>', 'the zone of its devices')
    .option('--my-controller <zone...>', 'zones that stand for the device’s own controllers')
    .option('--controller <uri=zone...>', 'the zone that a controller’s URI stands for')
    .option('--host <name=address...>', 'an address of a name that the file says')
    .option('--signature <file>', 'the detached signature (CMS) of the file; checked with openssl')
    .option('--ca <file>', 'certificates that the signature must lead to')
    .option('--out <file>', 'write the narrowed policy there')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText(
      'after',
      '\nExample:\n  wardline policy mud narrow hospital.policy week.json pump.json --zone pumps --my-controller pump-servers --signature pump.p7s --ca roots.pem --out narrowed.policy\n\nNothing is ever added. What cannot be decided stays and is told.',
    )
    .action(runNarrow);
  mud
    .command('export')
    .summary('make a file of what a policy lets the devices of a zone do')
    .argument('<file>', 'a policy')
    .requiredOption('--zone <name>', 'the zone of the devices')
    .requiredOption('--url <url>', 'where the file will be found (https)')
    .option('--about <text>', 'what the devices are, at most 60 characters', '')
    .option('--manufacturer <name>', 'who makes them')
    .option('--model <name>', 'what they are called')
    .option('--out <file>', 'write the file there')
    .addHelpText(
      'after',
      '\nExample:\n  wardline policy mud export hospital.policy --zone pumps --url https://mud.example.org/pump.json --about "Infusion pump" --out pump.json',
    )
    .action(runExport);
}

interface NarrowFlags {
  zone: string;
  myController?: string[];
  controller?: string[];
  host?: string[];
  signature?: string;
  ca?: string;
  out?: string;
  json?: boolean;
}

async function runNarrow(file: string, assessment: string, mud: string, flags: NarrowFlags): Promise<void> {
  const { policy } = policyFrom(file);
  const known = new Set(policy.zones.map(({ name }) => name));
  for (const zone of [flags.zone, ...(flags.myController ?? [])])
    if (!known.has(zone)) throw new CommandError(`the policy has no zone ${zone}`);
  const signed = signedBy(mud, flags);
  const profile = profileFrom(mud);
  const controllers = pairs('--controller', flags.controller).map(([uri, zone]) => {
    if (!known.has(zone))
      throw new CommandError(`--controller ${uri}=${zone}: the policy has no zone ${zone}`);
    return [uri, zone] as const;
  });
  const names = new Map<string, string[]>();
  for (const [name, address] of pairs('--host', flags.host))
    names.set(name.toLowerCase(), [...(names.get(name.toLowerCase()) ?? []), address]);
  const site = {
    zone: flags.zone,
    myControllers: flags.myController ?? [],
    controllers: new Map(controllers),
    names,
  };
  const narrowed = narrowToMud(policy, evidenceFrom(assessment).assets, profile, site);
  if (flags.out !== undefined) writeFileSync(userPath(flags.out), printPolicy(narrowed.policy));
  if (flags.json) return writeOut(`${JSON.stringify({ url: profile.url, signed, ...narrowed })}\n`);
  return writeOut(`${narrowedLines(profile, narrowed, signed).join('\n')}\n`);
}

function profileFrom(file: string): MudProfile {
  const result = readMud(textOf(file));
  if ('profile' in result) return result.profile;
  throw new CommandError(`${file}:${result.fault.line}: ${result.fault.message}`, exitCodes.failed);
}

/** `NAME=VALUE`, split at the last sign: a URI may hold others. */
function pairs(option: string, given: readonly string[] = []): [string, string][] {
  return given.map((text) => {
    const at = text.lastIndexOf('=');
    if (at < 1 || at === text.length - 1) throw new CommandError(`${option} ${text}: expected name=value`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
}

/** Whether the file's signature was checked and holds (RFC 8520 §13.2). One that does not hold ends the command. */
function signedBy(mud: string, { signature, ca }: NarrowFlags): boolean {
  if (signature === undefined) return false;
  if (ca === undefined) throw new CommandError('--signature needs --ca: whom is it to be of?');
  const asked = [
    'cms',
    '-verify',
    '-binary',
    '-inform',
    'DER',
    '-purpose',
    'any',
    '-in',
    userPath(signature),
    '-content',
    userPath(mud),
  ];
  const { status, error, stderr } = spawnSync(
    'openssl',
    [...asked, '-CAfile', userPath(ca), '-out', '/dev/null'],
    { encoding: 'utf8' },
  );
  if (error !== undefined)
    throw new CommandError(
      'the signature cannot be checked: the program openssl is not here',
      exitCodes.failed,
    );
  if (status === 0) return true;
  const reason = stderr.split('\n').find((line) => line.includes('error')) ?? '';
  throw new CommandError(
    `the signature of ${mud} does not hold${reason === '' ? '' : `: ${printable(reason.split(':').slice(-2, -1)[0] ?? reason)}`}`,
    exitCodes.failed,
  );
}

function narrowedLines(
  { url, systemInfo }: MudProfile,
  { changes, unused }: Narrowed,
  signed: boolean,
): string[] {
  const removed = changes.filter(({ verdict }) => verdict === 'removed');
  const kept = changes.filter(({ verdict }) => verdict === 'kept');
  const line = ({ conduit, service, because }: Narrowed['changes'][number]) =>
    `  ${conduit}: ${service}: ${because}`;
  return [
    `${printable(url)}${systemInfo === null ? '' : ` (${printable(systemInfo)})`}: ${signed ? 'its signature holds' : 'its signature was not checked'}`,
    removed.length === 0
      ? 'Nothing is taken out: the policy asks for no more than the manufacturer names.'
      : `${counted(removed.length, 'service')} taken out:`,
    ...removed.map(line),
    ...(kept.length === 0
      ? []
      : [`${counted(kept.length, 'service')} could not be decided and stay:`, ...kept.map(line)]),
    ...(unused.length === 0
      ? []
      : [`Named by the manufacturer and in no conduit (not added): ${unused.map(printable).join(', ')}`]),
  ];
}

interface ExportFlags {
  zone: string;
  url: string;
  about: string;
  manufacturer?: string;
  model?: string;
  out?: string;
}

async function runExport(file: string, flags: ExportFlags): Promise<void> {
  const { policy } = policyFrom(file);
  if (!policy.zones.some(({ name }) => name === flags.zone))
    throw new CommandError(`the policy has no zone ${flags.zone}`);
  if (!/^https:\/\/[^\s]+$/.test(flags.url))
    throw new CommandError(`--url ${flags.url}: expected an https address`);
  const { text, leftOut } = exportMud(policy, flags.zone, {
    url: flags.url,
    lastUpdate: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    systemInfo: flags.about,
    manufacturer: flags.manufacturer ?? null,
    model: flags.model ?? null,
  });
  if (flags.out === undefined) await writeOut(text);
  else writeFileSync(userPath(flags.out), text);
  for (const what of leftOut) process.stderr.write(`left out, or said with less than the policy: ${what}\n`);
}
