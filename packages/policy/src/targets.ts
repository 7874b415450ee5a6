import { compileAruba } from './compile/aruba.ts';
import { compileCiscoIos } from './compile/cisco-ios.ts';
import type { Compiled } from './compile/compiled.ts';
import { compileHaproxy } from './compile/haproxy.ts';
import { compileNftables } from './compile/nftables.ts';
import { compileOpenconfig } from './compile/openconfig.ts';
import { compilePaloAlto, compilePaloAltoXml } from './compile/palo-alto.ts';
import { compileRadius } from './compile/radius.ts';
import { compileTrustsec } from './compile/trustsec.ts';
import { readAruba } from './read/aruba.ts';
import { readCiscoIos } from './read/cisco-ios.ts';
import { type FileOf, readHaproxy } from './read/haproxy.ts';
import { readNftables } from './read/nftables/index.ts';
import { readOpenconfig } from './read/openconfig.ts';
import { readPaloAlto } from './read/palo-alto.ts';
import { readRadius } from './read/radius.ts';
import { readTrustsec } from './read/trustsec.ts';
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
  /** `fileOf` gives what other files hold that the text names. */
  read: (text: string, fileOf?: FileOf) => ReadTarget;
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
  // Only lists of an ASA have state, and those are of both families.
  const familiesOf = (ruleset: Ruleset) => (ruleset.stateful ? ([4, 6] as const) : [familyOf(ruleset)]);
  const lists = result.rulesets.map((ruleset) => ({ ruleset, families: familiesOf(ruleset) }));
  return { lists, faults: result.faults };
}

function readOpenconfigSets(text: string): ReadTarget {
  const result = readOpenconfig(text);
  if ('fault' in result) return { lists: [], faults: [result.fault] };
  return { lists: result.lists.map(({ ruleset, family }) => ({ ruleset, families: [family] })), faults: [] };
}

/** Every kind of enforcement point, by the name that a person gives. */
export const targets = {
  nftables: { compile: compileNftables, read: (text: string) => ofBoth(readNftables(text)) },
  'cisco-ios': { compile: compileCiscoIos, read: readIos },
  'palo-alto': { compile: compilePaloAlto, read: (text: string) => ofBoth(readPaloAlto(text)) },
  'palo-alto-xml': { compile: compilePaloAltoXml, read: (text: string) => ofBoth(readPaloAlto(text)) },
  trustsec: { compile: compileTrustsec, read: (text: string) => ofBoth(readTrustsec(text)) },
  aruba: { compile: compileAruba, read: (text: string) => ofBoth(readAruba(text)) },
  openconfig: { compile: compileOpenconfig, read: readOpenconfigSets },
  haproxy: {
    compile: compileHaproxy,
    read: (text: string, fileOf?: FileOf) => ofBoth(readHaproxy(text, fileOf ?? (() => null))),
  },
  radius: { compile: compileRadius, read: (text: string) => ofBoth(readRadius(text)) },
} as const satisfies Readonly<Record<string, Target>>;

export type TargetName = keyof typeof targets;
export const targetNames = Object.keys(targets) as TargetName[];
export const isTargetName = (name: string): name is TargetName => Object.hasOwn(targets, name);
