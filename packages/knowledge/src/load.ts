import { readdirSync, readFileSync } from 'node:fs';
import { KnowledgeError } from './located-error.ts';
import { fingerprintFaults } from './own-faults.ts';
import { type Knowledge, type KnowledgeFile, parseKnowledge } from './parse-knowledge.ts';

const DATA = new URL('../data/', import.meta.url);

/** The package's own data files in the order of their paths; the one place of the engines that reads a disk. */
export function knowledgeFiles(): KnowledgeFile[] {
  return readdirSync(DATA, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.(json|tsv)$/.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(new URL(path, DATA), 'utf8') }));
}

/**
 * Reads the knowledge that ships with Wardline, and after it the hospital's own files (paths as in `data/`, for example
 * `fingerprints/our-pumps.json`). Takes some tens of milliseconds; load it once.
 * @throws KnowledgeError with file, entry, field and what was expected
 */
export function loadKnowledge(own: readonly KnowledgeFile[] = []): Knowledge {
  const knowledge = parseKnowledge([...knowledgeFiles(), ...own]);
  const ownPaths = new Set(own.map(({ path }) => path));
  // Ours are tried by a test; a hospital's have nobody else to try them.
  const faults = fingerprintFaults(knowledge.fingerprints.files.filter(({ file }) => ownPaths.has(file)));
  if (faults.length > 0) throw new KnowledgeError(faults);
  return knowledge;
}

/** Begins of digests of the passwords that were stolen most often, as `data/passwords/README.md` describes them. */
export const commonPasswordDigests = (): Buffer => readFileSync(new URL('passwords/common.bin', DATA));
