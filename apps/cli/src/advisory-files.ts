import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { explainSystemError } from './assessment/captures.ts';
import { CommandError, exitCodes } from './exit-codes.ts';

/** What a compressed file may grow to: more than any document that the server takes. */
const UNPACKED_BYTES = 64 * 1024 * 1024;

/** JSON files and tables, also compressed, in the order of their names; a folder's index and feed are no documents of their own. */
export async function advisoryFiles(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = await readdir(path, { recursive: true });
    return names
      .filter(
        (name) =>
          /\.(json|csv)(\.gz)?$/.test(name) &&
          !/(^|\/)(changes|index)\.csv$/.test(name) &&
          !/(^|\/)(provider-metadata|[^/]*feed[^/]*)\.json$/.test(name),
      )
      .sort()
      .map((name) => join(path, name));
  } catch (error) {
    throw new CommandError(`${path} ${explainSystemError(error)}`, exitCodes.failed);
  }
}

/** @throws CommandError where it is too large once unpacked, or no gzip */
export async function advisoryText(file: string): Promise<string> {
  const bytes = await readFile(file);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('utf8');
  try {
    return (await promisify(gunzip)(bytes, { maxOutputLength: UNPACKED_BYTES })).toString('utf8');
  } catch (error) {
    throw new CommandError(`${file} cannot be unpacked: ${(error as Error).message}`, exitCodes.failed);
  }
}
