import { dirname, join } from 'node:path';
import { isTargetName, type ReadList, type Target, targetNames, targets } from '@wardline/policy';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { textOf } from './inputs.ts';

export function targetOf(name: string): Target {
  if (isTargetName(name)) return targets[name];
  throw new CommandError(`--target ${name}: expected one of ${targetNames.join(', ')}`);
}

/** The lists of a configuration, and every text that they rest on: its own, and those of the files that it names. */
export interface ReadConfiguration {
  lists: readonly ReadList[];
  text: string;
}

/** The lists of a configuration's text; a fault ends the command with its line. */
export function readTarget(name: string, file: string, text: string): ReadConfiguration {
  const texts = new Map([['', text]]);
  const fileOf = (other: string): string | null => {
    // A configuration names files beside it; whatever leads elsewhere is not followed.
    if (!/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(other)) return null;
    const found = texts.get(other) ?? textOf(join(dirname(file), other));
    texts.set(other, found);
    return found;
  };
  const { lists, faults } = targetOf(name).read(text, fileOf);
  const [fault] = faults;
  if (fault !== undefined)
    throw new CommandError(`${file}:${fault.line}: ${fault.message}`, exitCodes.failed);
  if (lists.length === 0) throw new CommandError(`${file}: holds no list for ${name}`, exitCodes.failed);
  return { lists, text: [...texts.values()].join('\n') };
}
