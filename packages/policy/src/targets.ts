import { compileCiscoIos } from './compile/cisco-ios.ts';
import type { Compiled } from './compile/compiled.ts';
import { compileNftables } from './compile/nftables.ts';
import { compilePaloAlto, compilePaloAltoXml } from './compile/palo-alto.ts';
import { readCiscoIos } from './read/cisco-ios.ts';
import { readNftables } from './read/nftables.ts';
import { readPaloAlto } from './read/palo-alto.ts';
import type { Resolved } from './resolve.ts';
import type { ReadFault, ReadResult, Ruleset } from './ruleset.ts';
import type { Family } from './space/addresses.ts';

/** One list of an enforcement point, with the families of which it decides. */
export interface ReadList {
  ruleset: Ruleset;
  families: readonly Family[];
}

/** What an enforcement point's text holds. Lists that have a fault are left out. */
export interface ReadTarget {
  lists: readonly ReadList[];
  faults: readonly ReadFault[];
}

/** A kind of enforcement point: what it is given, and how that is read back. */
export interface Target {
  compile: (resolved: Resolved, budget?: number) => Compiled;
  read: (text: string) => ReadTarget;
}

/** A list is of the family of its lines; of both where it says nothing. */
function familyOf({ lines, beside }: Ruleset): Family {
  return [...lines, ...beside].some(({ family }) => family === 6) ? 6 : 4;
}

const ofBoth = (result: ReadResult): ReadTarget =>
  'fault' in result
    ? { lists: [], faults: [result.fault] }
    : { lists: result.rulesets.map((ruleset) => ({ ruleset, families: [4, 6] })), faults: [] };

function readIos(text: string): ReadTarget {
  const result = readCiscoIos(text);
  if ('fault' in result) return { lists: [], faults: [result.fault] };
  const lists = result.rulesets.map((ruleset) => ({ ruleset, families: [familyOf(ruleset)] }));
  return { lists, faults: result.faults };
}

/** Every kind of enforcement point, by the name that a person gives. */
export const targets = {
  nftables: { compile: compileNftables, read: (text: string) => ofBoth(readNftables(text)) },
  'cisco-ios': { compile: compileCiscoIos, read: readIos },
  'palo-alto': { compile: compilePaloAlto, read: (text: string) => ofBoth(readPaloAlto(text)) },
  'palo-alto-xml': { compile: compilePaloAltoXml, read: (text: string) => ofBoth(readPaloAlto(text)) },
} as const satisfies Readonly<Record<string, Target>>;

export type TargetName = keyof typeof targets;
export const targetNames = Object.keys(targets) as TargetName[];
export const isTargetName = (name: string): name is TargetName => Object.hasOwn(targets, name);
