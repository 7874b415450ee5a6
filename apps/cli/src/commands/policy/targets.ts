import { isTargetName, type ReadList, type Target, targetNames, targets } from '@wardline/policy';
import { CommandError, exitCodes } from '../../exit-codes.ts';

export function targetOf(name: string): Target {
  if (isTargetName(name)) return targets[name];
  throw new CommandError(`--target ${name}: expected one of ${targetNames.join(', ')}`);
}

/** The lists of a configuration's text; a fault ends the command with its line. */
export function readTarget(name: string, file: string, text: string): readonly ReadList[] {
  const { lists, faults } = targetOf(name).read(text);
  const [fault] = faults;
  if (fault !== undefined)
    throw new CommandError(`${file}:${fault.line}: ${fault.message}`, exitCodes.failed);
  if (lists.length === 0) throw new CommandError(`${file}: holds no list for ${name}`, exitCodes.failed);
  return lists;
}
