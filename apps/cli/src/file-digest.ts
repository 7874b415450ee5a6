import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { explainSystemError } from './assessment/captures.ts';
import { CommandError, exitCodes } from './exit-codes.ts';
import { userPath } from './working-directory.ts';

/** SHA-256 of a file that stays where it is, in hexadecimal digits. @throws CommandError where it cannot be read */
export async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(userPath(file)), hash);
  } catch (error) {
    throw new CommandError(`${file} ${explainSystemError(error)}`, exitCodes.nothingRead);
  }
  return hash.digest('hex');
}
