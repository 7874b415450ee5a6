import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { explainSystemError } from './assessment/captures.ts';
import { CommandError, exitCodes } from './exit-codes.ts';

/** JSON files, in the order of their names; a folder's index and feed are no documents of their own. */
export async function advisoryFiles(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = await readdir(path, { recursive: true });
    return names
      .filter(
        (name) => name.endsWith('.json') && !/(^|\/)(provider-metadata|[^/]*feed[^/]*)\.json$/.test(name),
      )
      .sort()
      .map((name) => join(path, name));
  } catch (error) {
    throw new CommandError(`${path} ${explainSystemError(error)}`, exitCodes.failed);
  }
}
