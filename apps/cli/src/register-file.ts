import { readFile, stat } from 'node:fs/promises';
import { decodeText, type ParsedRegister, parseRegister } from '@wardline/formats';
import { type RegisterField, registerFields } from '@wardline/model';
import { explainSystemError } from './assessment/captures.ts';
import { CommandError } from './exit-codes.ts';
import { userPath } from './working-directory.ts';

/** Four bytes for each of the characters that a register may have. */
const REGISTER_BYTES = 80_000_000;

/** Reads a register file; the pairs of `--map` go over the guess from the headings. */
export async function readRegister(path: string, map: readonly string[]): Promise<ParsedRegister> {
  const csv = decodeText(await readBytes(path));
  const guessed = parseRegister(csv);
  if (map.length === 0) return guessed;
  return parseRegister(csv, { ...guessed.mapping, ...readMapping(map, guessed.columns) });
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(userPath(path));
    if (size > REGISTER_BYTES)
      throw new CommandError(`the register ${path} has ${size} bytes; at most ${REGISTER_BYTES} are read`);
    return await readFile(userPath(path));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`the register ${path} ${explainSystemError(error)}`);
  }
}

function readMapping(map: readonly string[], columns: readonly string[]): Record<string, RegisterField> {
  const pairs = map.map((pair): [string, RegisterField] => {
    const at = pair.lastIndexOf('=');
    const [column, field] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    const known = registerFields.find((name) => name === field);
    if (at < 1 || !known)
      throw new CommandError(
        `--map ${pair}: expected COLUMN=FIELD with one of the fields ${registerFields.join(', ')}`,
      );
    const found = columns.find((name) => name.toLowerCase() === column.toLowerCase());
    if (!found)
      throw new CommandError(
        `--map ${pair}: the register has no column "${column}"; it has ${columns.join(', ')}`,
      );
    return [found, known];
  });
  return Object.fromEntries(pairs);
}

/** Gathers an option that may be given several times. */
export function collected(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}
