import type { ReadFault } from '../ruleset.ts';
import { parseXml, type XmlElement } from './xml.ts';

/** Kinds of what a configuration holds, as the paths that lead to them end. */
export const panKinds = [
  'address',
  'address-group',
  'service',
  'service-group',
  'application',
  'application-group',
  'external-list',
  'region',
  'rules',
  'default-rules',
] as const;
export type PanKind = (typeof panKinds)[number];

/** One object or rule: what it says, by the path below its name. */
export interface PanEntry {
  kind: PanKind;
  name: string;
  /** The part of the firewall, or the group of firewalls, that it is of; null where it is of all. */
  scope: string | null;
  /** Rules before, in and after the local ones. */
  base: string;
  line: number;
  text: string;
  values: Map<string, string[]>;
}

/** The entries of a configuration in its order, whether it is `set` lines or XML. */
export function panEntries(text: string): PanText | { fault: ReadFault } {
  if (/^\s*</.test(text)) {
    const parsed = parseXml(text);
    return 'fault' in parsed ? parsed : entriesOfXml(parsed.root, text.split('\n'));
  }
  return entriesOfSet(text);
}

export interface PanText {
  entries: PanEntry[];
  /** The group above a group of firewalls, where the text says so. */
  parents: ReadonlyMap<string, string>;
}

/** Scopes by the words that stand before their names. */
const scopeWords = ['vsys', 'device-group'];

/** The scope that a path names last: `vsys vsys1`, `device-group ICU`. */
function scopeOf(path: readonly string[]): string | null {
  const at = path.findLastIndex((word, index) => scopeWords.includes(word) && index + 1 < path.length);
  return at < 0 ? null : `${path[at]} ${path[at + 1]}`;
}

/** Kinds by the word that stands before their names. */
const isKind = (word: string | undefined): word is PanKind => (panKinds as readonly unknown[]).includes(word);
const bases = ['pre-rulebase', 'rulebase', 'post-rulebase'];

function entriesOfXml(root: XmlElement, lines: readonly string[]): PanText {
  const entries: PanEntry[] = [];
  const parents = new Map<string, string>();
  // Entries stand in the path by their names behind what they are entries of.
  const walk = (element: XmlElement, path: readonly string[]) => {
    for (const child of element.children) {
      const here = [...path, child.name === 'entry' ? (child.attributes.name ?? '') : child.name];
      const kind = child.name === 'entry' ? null : kindOf(here);
      if (child.name === 'parent-dg' && scopeOf(path) !== null)
        parents.set(scopeOf(path)!, `device-group ${child.text}`);
      if (kind === null) walk(child, here);
      else if (path[1] !== 'readonly' && path[0] !== 'readonly')
        for (const entry of child.children.filter(({ name }) => name === 'entry'))
          entries.push(entryOfXml(kind, here, entry, lines));
    }
  };
  walk(root, []);
  return { entries, parents };
}

/** Rules are those of `security`; other rulebases (NAT, QoS) filter nothing. */
function kindOf(path: readonly string[]): PanKind | null {
  const last = path.at(-1);
  if (!isKind(last) || path.slice(0, -1).some((word) => isKind(word))) return null;
  if (last === 'rules' && path.includes('default-security-rules')) return 'default-rules';
  if (last === 'rules') return path.includes('security') ? last : null;
  return path.some((word) => bases.includes(word)) ? null : last;
}

function entryOfXml(
  kind: PanKind,
  path: readonly string[],
  entry: XmlElement,
  lines: readonly string[],
): PanEntry {
  const values = new Map<string, string[]>();
  const walk = ({ children, text }: XmlElement, below: string) => {
    if (children.length === 0) values.set(below, text === '' ? [] : [text]);
    else if (children.every(({ name }) => name === 'member'))
      values.set(
        below,
        children.map((child) => child.text),
      );
    else {
      for (const child of children)
        walk(
          child,
          [below, child.name === 'entry' ? '' : child.name].filter((word) => word !== '').join('/'),
        );
      if (children.every(({ name }) => name === 'entry'))
        values.set(
          below,
          children.map(({ attributes }) => attributes.name ?? ''),
        );
    }
  };
  walk(entry, '');
  return {
    kind,
    name: entry.attributes.name ?? '',
    scope: scopeOf(path),
    base: path.find((word) => bases.includes(word)) ?? 'rulebase',
    line: entry.line,
    text: lines[entry.line - 1]?.trim() ?? '',
    values,
  };
}

function entriesOfSet(text: string): PanText | { fault: ReadFault } {
  const entries = new Map<string, PanEntry>();
  const parents = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const words = wordsOf(line);
    const fault = (message: string) => ({ fault: { line: index + 1, message } });
    if (words === null) return fault('a quote or a bracket is not closed');
    if (words.length === 0) continue;
    if (['configure', 'commit', 'exit', 'quit', 'edit'].includes(String(words[0])) && words.length === 1)
      continue;
    if (words[0] !== 'set') return fault(`expected "set", found ${JSON.stringify(words[0])}`);
    const above = words.indexOf('parent-dg');
    if (above > 0)
      parents.set(
        scopeOf(words.slice(0, above).map(String)) ?? '',
        `device-group ${String(words[above + 1])}`,
      );
    if (words[1] === 'readonly') continue;
    const said = statementOf(words, index + 1, line.trim(), entries);
    if (said !== null) return fault(said);
  }
  return { entries: [...entries.values()], parents };
}

/** Takes one `set` line in. A sentence where it cannot be. */
function statementOf(
  words: readonly (string | string[])[],
  line: number,
  text: string,
  entries: Map<string, PanEntry>,
): string | null {
  const at = words.findIndex((_, index) => kindOf(words.slice(1, index + 1).map(String)) !== null);
  if (at < 0) return null;
  const kind = kindOf(words.slice(1, at + 1).map(String))!;
  const name = words[at + 1];
  if (typeof name !== 'string') return `expected a name after ${kind}`;
  const base = words.slice(0, at).find((word) => bases.includes(String(word))) ?? 'rulebase';
  const scope = scopeOf(words.slice(1, at).map(String));
  const key = `${scope} ${kind} ${String(base)} ${name}`;
  const entry = entries.get(key) ?? { kind, name, scope, base: String(base), line, text, values: new Map() };
  entries.set(key, entry);
  const rest = words.slice(at + 2);
  return kind === 'rules' || kind === 'default-rules' ? ruleWords(rest, entry) : objectWords(rest, entry);
}

/** `ip-netmask 10.0.0.0/8`: a path, and the value behind it. */
function objectWords(words: readonly (string | string[])[], { values }: PanEntry): string | null {
  const value = words.at(-1);
  if (value === undefined) return null;
  const path = words.slice(0, -1);
  if (path.some((word) => typeof word !== 'string')) return 'a list stands where a word is expected';
  const key = path.join('/');
  values.set(key, [...(values.get(key) ?? []), ...(typeof value === 'string' ? [value] : value)]);
  return null;
}

/** Keys with a tree below them, which say nothing of packets or of them as a whole. */
const deepKeys = new Set(['option', 'profile-setting', 'qos']);

/** `from any to any source [ a b ]`: keys and values by turns. */
function ruleWords(words: readonly (string | string[])[], { values }: PanEntry): string | null {
  for (let at = 0; at < words.length; at += 2) {
    const [key, value] = [words[at], words[at + 1]];
    if (typeof key !== 'string') return 'a list stands where a word is expected';
    if (deepKeys.has(key)) return null;
    if (key === 'target') return targetWords(words.slice(at + 1), values);
    if (value === undefined) return `expected a value after ${key}`;
    values.set(key, [...(values.get(key) ?? []), ...(typeof value === 'string' ? [value] : value)]);
  }
  return null;
}

/** `target devices 0123`, `target negate no`: a rule for some of a group's firewalls. */
function targetWords(words: readonly (string | string[])[], values: Map<string, string[]>): string | null {
  const [what, ...rest] = words;
  if (typeof what !== 'string' || rest.length === 0) return 'expected a value after target';
  values.set(`target/${what}`, rest.flat());
  return null;
}

/** Words, texts in quotes, and lists in brackets; null where one of these is not closed. */
function wordsOf(line: string): (string | string[])[] | null {
  const plain = line.trim();
  if (plain.startsWith('#')) return [];
  const words: (string | string[])[] = [];
  let list: string[] | null = null;
  for (const [token, quoted] of plain.matchAll(/"([^"]*)"|\[|\]|[^\s[\]"]+|"/g)) {
    if (token === '"') return null;
    if (token === '[' && list === null) list = [];
    else if (token === ']' && list !== null) {
      words.push(list);
      list = null;
    } else if (token === '[' || token === ']') return null;
    else (list ?? words).push(quoted ?? token);
  }
  return list === null ? words : null;
}
