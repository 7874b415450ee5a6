import { writeFileSync } from 'node:fs';
import { contradictions, learn, parsePolicy, printPolicy, resolvePolicy } from '@wardline/policy';
import type { Command } from 'commander';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { counted } from '../../terminal/units.ts';
import { userPath } from '../../working-directory.ts';
import { diagnosticLine, evidenceFrom, policyFrom, textOf } from './inputs.ts';

/** Writing a policy: proposals, faults, and the text as it should look. */
export function addWriting(policy: Command): void {
  policy
    .command('learn')
    .summary('propose the least that keeps recorded conversations going')
    .description(
      'Proposes zones and conduits from an assessment. Nothing is approved by being proposed: every conduit only observes.',
    )
    .argument('<assessment>', 'what wardline assess --json wrote')
    .option('--name <name>', 'name of the policy', 'Proposal')
    .option('--attempts', 'propose also what was never answered')
    .option('--out <file>', 'write the text there')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText(
      'after',
      '\nExample:\n  wardline assess week/*.pcapng --json > week.json\n  wardline policy learn week.json --out hospital.policy',
    )
    .action(runLearn);
  policy
    .command('lint')
    .summary('tell the faults of a policy, each with its place')
    .argument('<file>', 'a policy')
    .option('--assessment <file>', 'look for contradictions among the addresses of these assets too')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', '\nExample:\n  wardline policy lint hospital.policy --assessment week.json')
    .action(runLint);
  policy
    .command('format')
    .summary('print a policy as it should look')
    .argument('<file>', 'a policy')
    .option('--write', 'change the file')
    .option('--json', 'print the policy as JSON')
    .addHelpText('after', '\nExample:\n  wardline policy format hospital.policy --write')
    .action(runFormat);
}

interface LearnFlags {
  name: string;
  attempts?: boolean;
  out?: string;
  json?: boolean;
}

async function runLearn(file: string, flags: LearnFlags): Promise<void> {
  const { assets, conversations, days } = evidenceFrom(file);
  const options = { name: flags.name, recordedDays: days, onlyAnswered: !flags.attempts };
  const learnt = learn(assets, conversations, options);
  if (flags.json) return writeOut(`${JSON.stringify(learnt)}\n`);
  const text = printPolicy(learnt.policy);
  if (flags.out === undefined) await writeOut(text);
  else writeFileSync(userPath(flags.out), text);
  const left = learnt.leftOut.map(({ reason, count }) => `  ${counted(count, 'conversation')}: ${reason}`);
  const rare = learnt.proposals.filter((proposal) => proposal.rare).length;
  process.stderr.write(
    [
      `${counted(learnt.policy.zones.length, 'zone')} and ${counted(learnt.proposals.length, 'conduit')} proposed from ${counted(days, 'day')}; none is approved.`,
      ...(days < 28
        ? ['A month is the least that shows monthly jobs (calibration, reports): review with that in mind.']
        : []),
      ...(rare > 0
        ? [`${counted(rare, 'conduit')} rest on something rarely seen; ask before leaving them out.`]
        : []),
      ...(left.length > 0 ? ['Left out:', ...left] : []),
      '',
    ].join('\n'),
  );
}

async function runLint(file: string, flags: { assessment?: string; json?: boolean }): Promise<void> {
  const { policy, diagnostics } = parsePolicy(textOf(file));
  const against =
    policy === null || flags.assessment === undefined
      ? []
      : contradictions(resolvePolicy(policy, evidenceFrom(flags.assessment).assets, Date.now() * 1000));
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length + against.length;
  if (flags.json) {
    const said = against.map(({ code, message, clauses }) => ({ code, message, clauses }));
    await writeOut(`${JSON.stringify({ errors, diagnostics, contradictions: said })}\n`);
  } else {
    const lines = [
      ...diagnostics.map((one) => diagnosticLine(file, one)),
      ...against.map(({ message }) => `${file}: error: ${message}`),
    ];
    const verdict = errors === 0 ? 'no errors' : counted(errors, 'error');
    await writeOut([...lines, verdict, ''].join('\n'));
  }
  if (errors > 0) process.exitCode = exitCodes.failed;
}

async function runFormat(file: string, flags: { write?: boolean; json?: boolean }): Promise<void> {
  if (flags.write && flags.json) throw new CommandError('--write and --json do not go together');
  const { policy } = policyFrom(file);
  if (flags.write) writeFileSync(userPath(file), printPolicy(policy));
  else await writeOut(flags.json ? `${JSON.stringify(policy, null, 2)}\n` : printPolicy(policy));
}
