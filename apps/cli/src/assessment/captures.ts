import type { Dirent } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import type { InputError } from '@wardline/model';
import { CAPTURE_FILES, FOLDER_DEPTH } from './limits.ts';

/** One capture to read; `name` is what reports call it. */
export interface Capture {
  /** Null is standard input. */
  path: string | null;
  name: string;
  /** Null where it is not known (standard input, pipes). */
  bytes: number | null;
}

export interface FoundCaptures {
  captures: Capture[];
  errors: InputError[];
}

const captureName =
  /\.(pcap|pcapng|cap)(\d+|\.gz|\.zst)?$|\.(gz|zst|log)$|\.nessus$|^nmap[^/]*\.xml$|^eve[^/]*\.json$/i;

/**
 * Turns arguments into captures: files as they are, folders searched for captures, `-` for standard input. What cannot
 * be found is an error with its name. A file named twice is read once.
 */
export async function findCaptures(args: readonly string[], base: string): Promise<FoundCaptures> {
  const errors: InputError[] = [];
  const found = new Map<string, { path: string | null; bytes: number | null }>();
  for (const arg of args) {
    if (arg === '-') found.set('-', { path: null, bytes: null });
    else await visit(resolve(base, arg), 0, found, errors, arg);
  }
  const paths = [...found.values()];
  const names = shortNames(paths.map(({ path }) => path));
  return { captures: paths.map((item, index) => ({ ...item, name: names[index] ?? '' })), errors };
}

type Found = Map<string, { path: string | null; bytes: number | null }>;

async function visit(
  path: string,
  depth: number,
  found: Found,
  errors: InputError[],
  shown: string,
): Promise<void> {
  const fail = (message: string) => void errors.push({ file: shown, record: null, offset: null, message });
  try {
    const info = await stat(path);
    if (info.isDirectory()) return await search(path, depth, found, errors, shown);
    // Device files can have no end that anybody waits for; pipes end.
    if (!info.isFile() && !info.isFIFO()) return fail('is neither a file nor a folder; expected a capture');
    if (found.size >= CAPTURE_FILES)
      return fail(`more than ${CAPTURE_FILES} captures; this one was not read`);
    found.set(path, { path, bytes: info.isFile() ? info.size : null });
  } catch (error) {
    fail(explainSystemError(error));
  }
}

async function search(
  path: string,
  depth: number,
  found: Found,
  errors: InputError[],
  shown: string,
): Promise<void> {
  if (depth > FOLDER_DEPTH) return;
  const entries: Dirent[] = [];
  for await (const entry of await opendir(path)) entries.push(entry);
  const before = found.size;
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    // A link to a folder may lead in a circle.
    if (entry.isDirectory())
      await visit(join(path, entry.name), depth + 1, found, errors, join(shown, entry.name));
    else if (captureName.test(entry.name))
      await visit(join(path, entry.name), depth + 1, found, errors, join(shown, entry.name));
  }
  if (depth === 0 && found.size === before) {
    const message =
      'holds no capture; expected files named *.pcap, *.pcapng, *.cap, *.log, eve*.json, *.nessus, nmap*.xml, *.gz or *.zst';
    errors.push({ file: shown, record: null, offset: null, message });
  }
}

/**
 * A name for each path that tells it from the others and says no more: the file's own name where that is enough, else
 * its path below the folder that all have in common. Folders of a person's machine stay out of reports.
 */
export function shortNames(paths: readonly (string | null)[]): string[] {
  const files = paths.filter((path) => path !== null);
  const unique = new Set(files.map((path) => basename(path))).size === files.length;
  const common = commonFolder(files);
  return paths.map((path) =>
    path === null ? 'standard input' : unique ? basename(path) : relative(common, path),
  );
}

function commonFolder(paths: readonly string[]): string {
  const parts = paths.map((path) => path.split('/').slice(0, -1));
  const first = parts[0] ?? [];
  let length = first.length;
  for (const other of parts) {
    let same = 0;
    while (same < length && first[same] === other[same]) same++;
    length = same;
  }
  return first.slice(0, length).join('/') || '/';
}

/** The operating system's refusal in words. */
export function explainSystemError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words: Record<string, string> = {
    ENOENT: 'does not exist',
    EACCES: 'may not be read by this user',
    EPERM: 'may not be read by this user',
    EISDIR: 'is a folder; expected a file',
    ENOTDIR: 'is below something that is no folder',
    EMFILE: 'cannot be opened: too many files are open',
    ELOOP: 'is a link that leads in a circle',
    EIO: 'could not be read: the disk reports an error',
  };
  return words[code] ?? `could not be read${code ? ` (${code})` : ''}`;
}
