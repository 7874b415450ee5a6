import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { judge, type OscalModel, oscalDocument, oscalModels } from '@wardline/compliance';
import { loadKnowledge, readKnowledgeFolder } from '@wardline/knowledge';
import type { Command } from 'commander';
import { explainSystemError } from '../../assessment/captures.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { userPath } from '../../working-directory.ts';
import { keyFrom } from '../ledger/key.ts';
import { checked, readRecorded } from './verify.ts';

const examples = `
Examples:
  wardline compliance export 12 november.json
  wardline compliance oscal november.json --catalogue hipaa-security --out oscal --key log.key
  wardline compliance oscal november.json --catalogue nist-800-53-5 --model assessment-results --out oscal

Writes documents of NIST's OSCAL in JSON, named by catalogue and model: ${oscalModels.join(', ')}.
Made of the record alone, without a server. With the ledger's key the record is checked first, and nothing is written of one
that does not come out as it says.`;

interface Flags {
  catalogue: string;
  model?: string;
  out: string;
  key?: string;
  knowledge?: string;
}

/** A recorded judgement as documents of OSCAL, from its file alone. */
export function addOscal(noun: Command): void {
  noun
    .command('oscal')
    .summary('a recorded judgement as documents of OSCAL')
    .description('Writes a recorded judgement as documents of OSCAL, from its file alone.')
    .argument('<record>', 'a file of wardline compliance export')
    .requiredOption('--out <folder>', 'folder to write into')
    .option('--catalogue <id>', 'which', 'hipaa-security')
    .option('--model <model>', `only one: ${oscalModels.join(', ')}`)
    .option('--key <key>', 'the public key of the ledger, or a file with it: the record is checked first')
    .option('--knowledge <folder>', 'the hospital’s own catalogues and questions, where it has any')
    .addHelpText('after', examples)
    .action(runOscal);
}

async function runOscal(file: string, { catalogue: id, model, out, key, knowledge }: Flags): Promise<void> {
  const models = oscalModels.filter((one) => model === undefined || one === model);
  if (models.length === 0)
    throw new CommandError(`--model ${printable(model ?? '')}: expected one of ${oscalModels.join(', ')}`);
  const recorded = await readRecorded(file);
  const { controls } = loadKnowledge(knowledge === undefined ? [] : readKnowledgeFolder(userPath(knowledge)));
  const catalogue = controls.catalogues.get(id);
  if (catalogue === undefined)
    throw new CommandError(
      printable(`There is no catalogue ${id}; expected one of ${[...controls.catalogues.keys()].join(', ')}`),
    );
  const faults = key === undefined ? [] : checked(recorded, keyFrom(key, '--key'), controls).faults;
  if (faults.length > 0)
    throw new CommandError(
      printable(`The record does not come out as it says: ${faults.join(' ')}`),
      exitCodes.failed,
    );
  const judged = judge(controls, recorded.state);
  for (const one of models)
    await write(out, `${id}.${one}.json`, oscalDocument({ recorded, controls, judged, catalogue }, one), one);
}

async function write(out: string, name: string, document: object | null, model: OscalModel): Promise<void> {
  if (document === null)
    return await writeOut([`${model}: every control is met, so there is nothing to plan.\n`]);
  const path = join(userPath(out), name);
  try {
    await mkdir(userPath(out), { recursive: true });
    await writeFile(path, `${JSON.stringify(document, null, 1)}\n`, { flag: 'wx' });
  } catch (error) {
    throw new CommandError(`${join(out, name)} ${explainSystemError(error)}`, exitCodes.failed);
  }
  await writeOut([`${join(out, name)} is written.\n`]);
}
