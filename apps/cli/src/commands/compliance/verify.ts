import { readFile } from 'node:fs/promises';
import { type Replay, replay } from '@wardline/compliance';
import { type Controls, loadKnowledge, readKnowledgeFolder } from '@wardline/knowledge';
import type { Verifier } from '@wardline/ledger';
import { type ComplianceExport, complianceExportSchema, formatMicros } from '@wardline/model';
import type { Command } from 'commander';
import { explainSystemError } from '../../assessment/captures.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { counted } from '../../terminal/units.ts';
import { userPath } from '../../working-directory.ts';
import { actIn } from '../ledger/act-in.ts';
import { keyFrom } from '../ledger/key.ts';

const examples = `
Examples:
  wardline compliance export 12 november.json
  wardline compliance verify november.json --key log.key

Verifying needs no server and no network. Every status is worked out anew from the evidence in the file; the evidence is held
against the digest that the ledger signed on that day. The key of the ledger should have come another way. Ends with 1 where
anything comes out otherwise.`;

/** Reasons why a file is not believed, at the most told. */
const SHOWN = 20;

export function addVerify(noun: Command): void {
  noun
    .command('verify')
    .summary('work a recorded judgement out again, with nothing but its file')
    .description(
      'Works out every status of a recorded judgement again, and checks that the ledger holds its evidence.',
    )
    .argument('<file>', 'an export of a record')
    .requiredOption('--key <key>', 'the public key of the ledger, or a file with it')
    .option('--knowledge <folder>', 'the hospital’s own catalogues and questions, where it has any')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', examples)
    .action(runVerify);
}

async function runVerify(
  file: string,
  flags: { key: string; knowledge?: string; json?: boolean },
): Promise<void> {
  const key = keyFrom(flags.key, '--key');
  const recorded = await readRecorded(file);
  const own = flags.knowledge === undefined ? [] : readKnowledgeFolder(userPath(flags.knowledge));
  const { again, faults } = checked(recorded, key, loadKnowledge(own).controls);
  const { run, digest, state } = recorded;
  const told = {
    verified: faults.length === 0,
    record: run,
    at: formatMicros(state.at),
    digest,
    controls: again.judged.size,
    faults,
  };
  await writeOut([
    flags.json ? `${JSON.stringify(told)}\n` : `${lines(recorded, again, faults).join('\n')}\n`,
  ]);
  if (faults.length > 0) process.exitCode = exitCodes.failed;
}

/** A record judged again, with everything about it that is not as it says. */
export function checked(
  recorded: ComplianceExport,
  key: Verifier,
  controls: Controls,
): { again: Replay; faults: string[] } {
  const again = replay(recorded, controls);
  return { again, faults: [...ledgerFaults(recorded, key), ...replayFaults(again)] };
}

/** @throws CommandError where the file is no export of a record */
export async function readRecorded(file: string): Promise<ComplianceExport> {
  let text: string;
  try {
    text = await readFile(userPath(file), 'utf8');
  } catch (error) {
    throw new CommandError(`${file} ${explainSystemError(error)}`, exitCodes.nothingRead);
  }
  try {
    const parsed = complianceExportSchema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new CommandError(
      printable(`${file} is no export of a record: /${issue?.path.join('/') ?? ''}: ${issue?.message}`),
      exitCodes.nothingRead,
    );
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new CommandError(printable(`${file} is no JSON: ${error.message}`), exitCodes.nothingRead);
  }
}

/** The step from the evidence to what was signed: digest, act, place in the tree, signature. */
function ledgerFaults({ digest, ledger, state }: ComplianceExport, key: Verifier): string[] {
  const act = actIn(ledger, key);
  if ('fault' in act) return [act.fault];
  const { entry } = act;
  if (entry.action !== 'compliance.record') return ['The act is no record of controls.'];
  return [
    ...(entry.changes.digest === digest ? [] : ['The ledger holds the digest of other evidence.']),
    ...(entry.at === state.at ? [] : ['The ledger says another time.']),
  ];
}

function replayFaults({ isSameEvidence, differences, otherKnowledge }: Replay): string[] {
  const by =
    otherKnowledge.length === 0
      ? ''
      : `; here are others than it was judged by: ${otherKnowledge.join(', ')}`;
  return [
    ...(isSameEvidence ? [] : ['The evidence is not the one that the digest was made of.']),
    ...differences
      .slice(0, SHOWN)
      .map(
        ({ control, recorded, recomputed }) =>
          `${control} was recorded as ${recorded ?? 'nothing'} and comes out as ${recomputed ?? 'nothing'}${by}.`,
      ),
    ...(differences.length > SHOWN
      ? [`${differences.length - SHOWN} more controls come out otherwise.`]
      : []),
  ];
}

function lines(
  { hospital, run, state }: ComplianceExport,
  again: Replay,
  faults: readonly string[],
): string[] {
  const what = `record ${run} of ${printable(hospital)}, ${formatMicros(state.at)}`;
  if (faults.length > 0) return [`NOT VERIFIED: ${what}.`, ...faults.map((fault) => printable(fault))];
  return [
    `Verified: ${what}.`,
    `${counted(again.judged.size, 'control')} come out as recorded, from ${counted(state.facts.length, 'answer')} of the evidence and ${counted(state.attestations.length + state.decisions.length, 'word')} of persons.`,
    'The ledger was signed over this very evidence.',
  ];
}
