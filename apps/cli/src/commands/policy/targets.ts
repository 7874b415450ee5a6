import {
  type Compiled,
  compileCiscoIos,
  compileNftables,
  type Resolved,
  type Ruleset,
  readCiscoIos,
  readNftables,
} from '@wardline/policy';
import { CommandError, exitCodes } from '../../exit-codes.ts';

type Family = 4 | 6;

interface Target {
  compile: (resolved: Resolved, budget?: number) => Compiled;
  /** Each list that the text holds, with the families of which it decides. */
  read: (
    text: string,
  ) => { ruleset: Ruleset; families: readonly Family[] }[] | { line: number; message: string };
}

/** A list is of the family of its lines; of both where it says nothing. */
function familiesOf({ lines, beside }: Ruleset, both: boolean): readonly Family[] {
  if (both) return [4, 6];
  const isSix = lines.some(({ family }) => family === 6) || beside.some(({ family }) => family === 6);
  return [isSix ? 6 : 4];
}

const targets: Readonly<Record<string, Target>> = {
  nftables: {
    compile: compileNftables,
    read: (text) => {
      const result = readNftables(text);
      if ('fault' in result) return result.fault;
      return result.rulesets.map((ruleset) => ({ ruleset, families: familiesOf(ruleset, true) }));
    },
  },
  'cisco-ios': {
    compile: compileCiscoIos,
    read: (text) => {
      const result = readCiscoIos(text);
      if ('fault' in result) return result.fault;
      const [fault] = result.faults;
      if (fault !== undefined) return fault;
      return result.rulesets.map((ruleset) => ({ ruleset, families: familiesOf(ruleset, false) }));
    },
  },
};

export const targetNames = Object.keys(targets);

export function targetOf(name: string): Target {
  const target = targets[name];
  if (target === undefined)
    throw new CommandError(`--target ${name}: expected one of ${targetNames.join(', ')}`);
  return target;
}

/** The lists of a configuration's text; a fault ends the command with its line. */
export function readTarget(name: string, file: string, text: string) {
  const read = targetOf(name).read(text);
  if ('message' in read) throw new CommandError(`${file}:${read.line}: ${read.message}`, exitCodes.failed);
  if (read.length === 0) throw new CommandError(`${file}: holds no list for ${name}`, exitCodes.failed);
  return read;
}
