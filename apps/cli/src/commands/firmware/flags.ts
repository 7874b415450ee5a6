import { CommandError } from '../../exit-codes.ts';
import { textFrom } from '../../firmware/key-file.ts';

/** An option that may be given more than once. */
export const collect = (value: string, before: string[] = []): string[] => [...before, value];

/** A whole number of at least one. */
export function count(text: string): number {
  if (!/^\d{1,6}$/.test(text) || Number(text) < 1) throw new CommandError(`${text} is no number from 1`);
  return Number(text);
}

/** The first line of a file: a passphrase on the command line would be seen by everybody on the machine. */
export const passphraseFrom = (file: string | undefined): string | undefined =>
  file === undefined ? undefined : textFrom(file).split('\n')[0];
