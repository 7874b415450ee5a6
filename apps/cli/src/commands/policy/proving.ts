import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type Certificate,
  certify,
  checkCertificate,
  contradictions,
  isWithin,
  type Permit,
  type Policy,
  type Proof,
  permitsOf,
  prove,
  type ReadList,
  type Resolved,
  type Ruleset,
  repliesTo,
  resolvePolicy,
  shadowsOf,
  targetNames,
} from '@wardline/policy';
import type { Command } from 'commander';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { counted } from '../../terminal/units.ts';
import { userPath } from '../../working-directory.ts';
import { digestOf, evidenceFrom, policyFrom, textOf } from './inputs.ts';
import { readTarget, targetOf } from './targets.ts';

const targetOption = ['--target <name>', `what the enforcement point is: ${targetNames.join(', ')}`] as const;

/** From a policy to what switches and gateways run, and the proof that it is the same. */
export function addProving(policy: Command): void {
  policy
    .command('compile')
    .summary('write what an enforcement point runs')
    .argument('<file>', 'a policy')
    .argument('<assessment>', 'the assets, as wardline assess --json wrote them')
    .requiredOption(...targetOption)
    .option('--budget <entries>', 'entries that the target takes')
    .option('--out <folder>', 'write the files there; else they are printed')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText(
      'after',
      '\nExample:\n  wardline policy compile hospital.policy week.json --target nftables --out gateway/',
    )
    .action(runCompile);
  proof(policy.command('prove').summary('prove that a configuration is the policy, over all packets'))
    .option('--certificate <file>', 'write what anybody can check the proof by')
    .addHelpText(
      'after',
      '\nExample:\n  wardline policy prove hospital.policy week.json gateway/wardline.nft --target nftables --certificate proof.json\n\nEnds with 1 where the two differ, with packets that show it.',
    )
    .action(runProve);
  proof(policy.command('check').summary('check a certificate without trusting the prover'))
    .requiredOption('--certificate <file>', 'the certificate')
    .addHelpText(
      'after',
      '\nExample:\n  wardline policy check hospital.policy week.json gateway/wardline.nft --target nftables --certificate proof.json',
    )
    .action(runCheck);
  policy
    .command('read')
    .summary(
      'tell what an existing configuration says: its lists, lines that never decide, what is not modelled',
    )
    .argument('<config>', 'a configuration')
    .requiredOption(...targetOption)
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', '\nExample:\n  wardline policy read core-switch.cfg --target cisco-ios')
    .action(runRead);
}

const proof = (command: Command): Command =>
  command
    .argument('<file>', 'a policy')
    .argument('<assessment>', 'the assets, as wardline assess --json wrote them')
    .argument('<config>', 'the configuration, as the enforcement point has it')
    .requiredOption(...targetOption)
    .option('--at <time>', 'exceptions count as at this time (RFC 3339); else now')
    .option('--json', 'print one JSON object and nothing else');

interface Flags {
  target: string;
  budget?: string;
  out?: string;
  at?: string;
  certificate?: string;
  json?: boolean;
}

async function runCompile(file: string, assessment: string, flags: Flags): Promise<void> {
  const { policy } = policyFrom(file);
  const resolved = resolvePolicy(policy, evidenceFrom(assessment).assets, Date.now() * 1000);
  refuseContradictions(resolved);
  const budget = flags.budget === undefined ? undefined : Number(flags.budget);
  if (budget !== undefined && !(Number.isInteger(budget) && budget > 0))
    throw new CommandError(`--budget ${flags.budget}: expected a number of entries`);
  const compiled = targetOf(flags.target).compile(resolved, budget);
  if (compiled.cannot !== undefined)
    throw new CommandError(
      `${flags.target} cannot say exactly what the policy asks; nothing is widened in silence\n${compiled.cannot.map((what) => `  ${printable(what)}`).join('\n')}`,
      exitCodes.failed,
    );
  if (!isWithin(compiled))
    throw new CommandError(
      `the policy needs ${compiled.entries} entries of ${flags.target}, and ${compiled.budget} are there: make zones coarser or conduits fewer, or name another --budget`,
      exitCodes.failed,
    );
  if (flags.json) return writeOut(`${JSON.stringify(compiled)}\n`);
  await deliver(compiled.files, flags.out);
  const limits = compiled.limits.map((limit) => `  ${limit}\n`).join('');
  process.stderr.write(
    `${counted(compiled.entries, 'entry', 'entries')} of ${compiled.budget}. What ${flags.target} cannot say:\n${limits}`,
  );
}

function refuseContradictions(resolved: Resolved): void {
  const against = contradictions(resolved);
  if (against.length === 0) return;
  const lines = against.map(({ message }) => `  ${message}`);
  throw new CommandError(`the policy contradicts itself\n${lines.join('\n')}`, exitCodes.failed);
}

async function deliver(
  files: readonly { name: string; text: string }[],
  out: string | undefined,
): Promise<void> {
  if (out === undefined) return writeOut(files.map(({ text }) => text).join('\n'));
  for (const { name, text } of files) {
    const path = join(userPath(out), name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

interface Case {
  policy: Policy;
  resolved: Resolved;
  lists: readonly ReadList[];
  digests: { policy: string; assets: string; compiled: string };
  at: number;
}

function caseOf(file: string, assessment: string, config: string, flags: Flags): Case {
  const { policy, text } = policyFrom(file);
  const evidence = evidenceFrom(assessment);
  const read = readTarget(flags.target, config, textOf(config));
  const time = flags.at === undefined ? Date.now() : Date.parse(flags.at);
  if (Number.isNaN(time))
    throw new CommandError(`--at ${flags.at}: expected a time, as 2026-11-25T00:00:00Z`);
  const at = time * 1000;
  return {
    policy,
    resolved: resolvePolicy(policy, evidence.assets, at),
    lists: read.lists,
    digests: { policy: digestOf(text), assets: digestOf(evidence.text), compiled: digestOf(read.text) },
    at,
  };
}

async function runProve(file: string, assessment: string, config: string, flags: Flags): Promise<void> {
  const given = caseOf(file, assessment, config, flags);
  const proofs = given.lists.map(({ ruleset, families }) => prove(given.resolved, ruleset, families));
  const isEqual = proofs.every(({ equal }) => equal);
  if (flags.certificate !== undefined && isEqual)
    writeFileSync(userPath(flags.certificate), `${JSON.stringify(certificatesOf(given))}\n`);
  if (flags.json)
    await writeOut(
      `${JSON.stringify(proofs, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}\n`,
    );
  else await writeOut(`${proofs.flatMap(proofLines).join('\n')}\n`);
  if (!isEqual) process.exitCode = exitCodes.failed;
}

function certificatesOf({ resolved, lists, digests, at }: Case): Certificate[] {
  return lists.map(({ ruleset, families }) => ({
    form: 'wardline policy certificate 1',
    ruleset: ruleset.name,
    ...digests,
    at,
    families: families.map((family) => certify(resolved, ruleset, family)!),
  }));
}

function proofLines({ ruleset, equal, families, unmodelled, beside }: Proof): string[] {
  const verdict = equal
    ? 'PROVED: for every packet, nothing undeclared passes and everything declared passes.'
    : 'NOT EQUAL:';
  return [
    `${ruleset}: ${verdict}`,
    ...families.flatMap(({ family, leaking, cut, counterExamples }) => [
      ...(leaking > 0n ? [`  IPv${family}: ${leaking} packets pass that nothing declares`] : []),
      ...(cut > 0n ? [`  IPv${family}: ${cut} declared packets do not pass`] : []),
      ...counterExamples.map(
        ({ message, breaksMust }) => `    ${breaksMust ? '! ' : ''}${printable(message)}`,
      ),
    ]),
    ...beside.map((what) => `  Left out of the proof: ${what}`),
    ...unmodelled.map(({ line, what }) => `  Not modelled, line ${line}: ${what}`),
    '  The model leaves out address translation; a list with state is taken at its opening packets.',
  ];
}

async function runCheck(file: string, assessment: string, config: string, flags: Flags): Promise<void> {
  const certificates = readCertificates(flags.certificate ?? '');
  const at = certificates[0]?.at;
  const given = caseOf(
    file,
    assessment,
    config,
    at === undefined ? flags : { ...flags, at: new Date(at / 1000).toISOString() },
  );
  const permits = permitsOf(given.resolved);
  const results = given.lists.map(({ ruleset, families }, index) =>
    checkOne(certificates[index], given, permits, ruleset, families),
  );
  const refused = results.filter((result) => typeof result === 'string');
  if (flags.json) await writeOut(`${JSON.stringify({ holds: refused.length === 0, results })}\n`);
  else if (refused.length > 0) await writeOut(`REFUSED: ${refused.join('; ')}\n`);
  else {
    const parts = results.reduce<number>((sum, part) => sum + Number(part), 0);
    await writeOut(
      `Holds: ${counted(parts, 'part')} of all packets were held against the policy and the configuration, one by one.\n`,
    );
  }
  if (refused.length > 0) process.exitCode = exitCodes.failed;
}

function readCertificates(file: string): Certificate[] {
  try {
    const value: unknown = JSON.parse(textOf(file));
    if (Array.isArray(value)) return value as Certificate[];
  } catch (error) {
    if (error instanceof CommandError) throw error;
  }
  throw new CommandError(`${file} is no certificate`, exitCodes.failed);
}

/** The parts that were held, or why the certificate is refused. */
function checkOne(
  certificate: Certificate | undefined,
  { digests }: Case,
  permits: readonly Permit[],
  ruleset: Ruleset,
  families: readonly (4 | 6)[],
): number | string {
  if (certificate?.ruleset !== ruleset.name) return `there is no certificate for ${ruleset.name}`;
  for (const name of ['policy', 'assets', 'compiled'] as const)
    if (certificate[name] !== digests[name]) return `the ${name} is another than the one that was proved`;
  const wanted = ruleset.stateful ? permits : [...permits, ...repliesTo(permits)];
  let parts = 0;
  for (const family of families) {
    const own = certificate.families.find((one) => one.family === family);
    if (own === undefined) return `IPv${family} of ${ruleset.name} was not proved`;
    const checked = checkCertificate(own, wanted, ruleset);
    if ('message' in checked) return `${checked.where}: ${checked.message}`;
    parts += checked.parts;
  }
  return parts;
}

async function runRead(config: string, flags: Flags): Promise<void> {
  const { lists } = readTarget(flags.target, config, textOf(config));
  const told = lists.map(({ ruleset, families }) => ({
    ruleset,
    shadows: families.flatMap((family) => shadowsOf(ruleset, family)),
  }));
  if (flags.json) {
    const plain = told.map(({ ruleset, shadows }) => ({
      name: ruleset.name,
      lines: ruleset.lines.length,
      otherwise: ruleset.otherwise,
      unmodelled: ruleset.unmodelled,
      shadows: shadows.map(({ kind, line, by }) => ({
        kind,
        line: line.line,
        by: by.map((other) => other.line),
      })),
    }));
    return writeOut(`${JSON.stringify(plain)}\n`);
  }
  const words = {
    never: 'never decides: earlier lines hold all of it',
    redundant: 'changes nothing',
    empty: 'holds no packet',
  };
  const lines = told.flatMap(({ ruleset, shadows }) => [
    `${ruleset.name}: ${counted(ruleset.lines.length, 'line')}, then ${ruleset.otherwise}`,
    ...shadows.map(({ kind, line, by }) => {
      const earlier =
        by.length === 0
          ? ''
          : ` (${by
              .slice(0, 5)
              .map((other) => `line ${other.line}`)
              .join(', ')})`;
      return `  ${config}:${line.line}: ${words[kind]}${earlier}: ${printable(line.text.trim())}`;
    }),
    ...ruleset.unmodelled.map(({ line, what }) => `  ${config}:${line}: not modelled: ${what}`),
  ]);
  return writeOut(`${lines.join('\n')}\n`);
}
