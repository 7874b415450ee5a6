import { existsSync, readFileSync } from 'node:fs';
import { parseVerifier, type Verifier } from '@wardline/ledger';
import { CommandError } from '../../exit-codes.ts';
import { userPath } from '../../working-directory.ts';

/** A key as it is written, or from a file. */
export function keyFrom(text: string, option: string): Verifier {
  const file = userPath(text);
  const verifier =
    parseVerifier(text) ?? (existsSync(file) ? parseVerifier(readFileSync(file, 'utf8')) : null);
  if (verifier === null)
    throw new CommandError(`${option} ${text}: expected a key as name+id+key, or a file with one`);
  return verifier;
}
