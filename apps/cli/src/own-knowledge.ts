import {
  describeFault,
  type Knowledge,
  KnowledgeError,
  loadKnowledge,
  readKnowledgeFolder,
} from '@wardline/knowledge';
import { CommandError } from './exit-codes.ts';
import { userPath } from './working-directory.ts';

/** More faults than these are not read at once. */
const FAULTS_SHOWN = 20;

export const knowledgeOption = [
  '--knowledge <folder>',
  "the hospital's own knowledge, laid out as docs/guides/knowledge.md says (else WARDLINE_KNOWLEDGE)",
] as const;

/** The folder that the person gave, else the environment's, or null. */
export function givenKnowledgeFolder(given: string | undefined): string | null {
  const folder = given ?? process.env.WARDLINE_KNOWLEDGE;
  return folder === undefined || folder === '' ? null : userPath(folder);
}

/**
 * What Wardline knows, with the hospital's own files where there are any.
 * @throws CommandError (bad usage) with file, entry, field and what was expected of each fault
 */
export function knowledgeWith(given: string | undefined): Knowledge {
  const folder = givenKnowledgeFolder(given);
  if (folder === null) return loadKnowledge();
  try {
    return loadKnowledge(readKnowledgeFolder(folder));
  } catch (error) {
    if (!(error instanceof KnowledgeError)) throw error;
    throw new CommandError(`the knowledge in ${folder} is not usable\n${faultLines(error).join('\n')}`);
  }
}

function faultLines({ faults }: KnowledgeError): string[] {
  const shown = faults.slice(0, FAULTS_SHOWN).map((fault) => `  ${describeFault(fault)}`);
  return faults.length > shown.length ? [...shown, `  and ${faults.length - shown.length} more`] : shown;
}
