import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { KnowledgeError } from './located-error.ts';
import type { KnowledgeFile } from './parse-knowledge.ts';

/** Where the knowledge's files lie, and how they end. */
const FOLDERS: Readonly<Record<string, string>> = {
  baselines: '.json',
  classes: '.json',
  controls: '.json',
  'default-credentials': '.tsv',
  evidence: '.json',
  findings: '.json',
  fingerprints: '.json',
  hazards: '.json',
  lifecycle: '.json',
  oui: '.tsv',
  protocols: '.json',
  threats: '.json',
  vendors: '.json',
};
/** Notes that stand beside the data. */
const NOTES = /(^|\/)(\.[^/]*|README[^/]*|LICEN[CS]E[^/]*)$|\.(md|txt)$/i;

/**
 * A hospital's own knowledge: the files of a folder that is laid out as `data/` is, in the order of their paths. A file that
 * would be passed over in silence is a fault.
 * @throws KnowledgeError where the folder cannot be read, or holds files that are not knowledge, or none
 */
export function readKnowledgeFolder(folder: string): KnowledgeFile[] {
  const paths = pathsIn(folder).filter((path) => !NOTES.test(path));
  const strange = paths.filter((path) => !isKnowledge(path));
  const expected = `a file in one of the folders ${Object.entries(FOLDERS)
    .map(([name, ending]) => `${name} (${ending})`)
    .join(', ')}`;
  if (strange.length > 0)
    throw new KnowledgeError(strange.map((file) => ({ file, entry: 'file', field: 'path', expected })));
  if (paths.length === 0) throw fault(folder, 'files', expected);
  return paths.sort().map((path) => ({ path, text: readText(folder, path) }));
}

function pathsIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => statSync(join(folder, path)).isFile());
  } catch (error) {
    throw fault(folder, 'path', `a folder that can be read (${causeOf(error)})`);
  }
}

function isKnowledge(path: string): boolean {
  const [folder = '', ...rest] = path.split('/');
  return rest.length > 0 && Object.hasOwn(FOLDERS, folder) && path.endsWith(FOLDERS[folder] ?? '');
}

function readText(folder: string, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(join(folder, path)));
  } catch (error) {
    throw fault(path, 'text', `text in UTF-8 (${causeOf(error)})`);
  }
}

function causeOf(error: unknown): string {
  return error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.message) : String(error);
}

function fault(file: string, field: string, expected: string): KnowledgeError {
  return new KnowledgeError([{ file, entry: 'file', field, expected }]);
}
