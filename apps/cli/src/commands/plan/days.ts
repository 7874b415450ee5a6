import { CommandError } from '../../exit-codes.ts';

export const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** The number of a day from Monday (0). */
export function dayNamed(name: string): number {
  const day = days.indexOf(name.toLowerCase());
  if (day < 0) throw new CommandError(`--day ${name}: expected one of ${days.join(', ')}`);
  return day;
}
