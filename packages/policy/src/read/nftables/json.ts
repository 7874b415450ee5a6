import type { ReadFault } from '../../ruleset.ts';
import { type Located, parseLocatedJson } from '../located-json.ts';
import { JsonShapeFault, member, textOf, textsOf } from './json-parts.ts';
import { statementText, valueText } from './json-statements.ts';

/** What a ruleset says in JSON, in nft's own words; each line with the place that it comes from. */
export interface TextOfJson {
  text: string;
  /** For each line of the text, from 0. */
  places: readonly Place[];
}

export interface Place {
  /** Of the JSON; the number of the object where several stand in one line. */
  line: number;
  /** Said before a fault where the line alone does not tell; else empty. */
  what: string;
}

/** Whether a text is what `nft -j` says. */
export const isNftJson = (text: string): boolean => /^\s*\{\s*"nftables"\s*:/.test(text.slice(0, 200));

/** Puts the output of `nft -j list ruleset` (libnftables-json(5)) into the words that the reader of text knows. */
export function textOfNftJson(text: string): TextOfJson | { fault: ReadFault } {
  const parsed = parseLocatedJson(text);
  if ('fault' in parsed) return parsed;
  let at: Place = { line: 1, what: '' };
  try {
    const list = member(parsed.root, 'nftables');
    if (list?.kind !== 'array') throw new JsonShapeFault('expected a list under "nftables"');
    const isOneLine = new Set(list.items.map(({ line }) => line)).size < list.items.length;
    const lines: { text: string; place: Place }[] = [];
    for (const [index, item] of list.items.entries()) {
      at = { line: isOneLine ? index + 1 : item.line, what: isOneLine ? `object ${index + 1}: ` : '' };
      for (const line of commandsOf(item)) lines.push({ text: line, place: at });
    }
    return { text: lines.map((line) => line.text).join('\n'), places: lines.map(({ place }) => place) };
  } catch (error) {
    if (!(error instanceof JsonShapeFault)) throw error;
    return { fault: { line: at.line, message: `${at.what}${error.message}` } };
  }
}

/** One object of the list as commands, a line each. */
function commandsOf(item: Located): string[] {
  const [kind, body] = only(item);
  if (kind === 'metainfo') return [];
  if (kind === 'flush') {
    const [what] = only(body);
    if (what === 'ruleset') return ['flush ruleset'];
    throw new JsonShapeFault(`to flush a ${what} is not read from JSON`);
  }
  // A list of commands names what to do; a listing does not.
  if (kind === 'add' || kind === 'create' || kind === 'insert') {
    const [inner, value] = only(body);
    return declared(inner, value, kind === 'insert' ? 'insert' : 'add');
  }
  return declared(kind, body, 'add');
}

function declared(kind: string, body: Located, how: 'add' | 'insert'): string[] {
  const family = textOf(body, 'family');
  if (kind === 'table') return [tableText(family, body)];
  const place = `${family} ${textOf(body, 'table')}`;
  if (kind === 'chain') return [chainText(place, body)];
  if (kind === 'rule') return [ruleText(place, body, how)];
  if (kind === 'set') return [setText(place, body)];
  if (kind === 'map') return mapText(place, body);
  if (kind === 'element') return [elementText(place, body)];
  if (
    ['counter', 'quota', 'limit', 'flowtable', 'secmark', 'synproxy'].includes(kind) ||
    kind.startsWith('ct ')
  )
    return [];
  throw new JsonShapeFault(`${JSON.stringify(kind)} is not known here`);
}

function tableText(family: string, body: Located): string {
  const flags = textsOf(member(body, 'flags'));
  const name = textOf(body, 'name');
  return `add table ${family} ${name}${flags.includes('dormant') ? ' { flags dormant; }' : ''}`;
}

function chainText(place: string, body: Located): string {
  const name = textOf(body, 'name');
  if (member(body, 'hook') === null) return `add chain ${place} ${name}`;
  const policy = member(body, 'policy') === null ? '' : ` policy ${textOf(body, 'policy')};`;
  const hook = `type ${textOf(body, 'type')} hook ${textOf(body, 'hook')} priority ${textOf(body, 'prio')};`;
  return `add chain ${place} ${name} { ${hook}${policy} }`;
}

function ruleText(place: string, body: Located, how: 'add' | 'insert'): string {
  const expressions = member(body, 'expr');
  if (expressions?.kind !== 'array') throw new JsonShapeFault('expected a list under "expr"');
  const rule = expressions.items.map(statementText).filter((text) => text !== '');
  return `${how} rule ${place} ${textOf(body, 'chain')} ${rule.join(' ')}`;
}

/** A type is a word, several, or `{ "typeof": … }`, which the kernel's own listing does not write. */
function typeText(body: Located): string {
  const type = member(body, 'type');
  if (type?.kind === 'object') throw new JsonShapeFault('a type by expressions is not read from JSON');
  return textsOf(type).join(' . ');
}

function setText(place: string, body: Located): string {
  const flags = textsOf(member(body, 'flags'));
  const elements = member(body, 'elem');
  const given =
    elements?.kind === 'array' && elements.items.length > 0 ? elements.items.map(valueText) : null;
  const parts = [
    `type ${typeText(body)};`,
    ...(flags.length > 0 ? [`flags ${flags.join(',')};`] : []),
    ...(given === null ? [] : [`elements = { ${given.join(', ')} };`]),
  ];
  return `add set ${place} ${textOf(body, 'name')} { ${parts.join(' ')} }`;
}

function mapText(place: string, body: Located): string[] {
  if (textsOf(member(body, 'map')).join(' ') !== 'verdict') return [];
  const elements = member(body, 'elem');
  const pairs = elements?.kind === 'array' ? elements.items.map(pairText) : [];
  const given = pairs.length === 0 ? '' : ` elements = { ${pairs.join(', ')} };`;
  return [`add map ${place} ${textOf(body, 'name')} { type ${typeText(body)} : verdict;${given} }`];
}

/** `[ key, verdict ]` */
export function pairText(pair: Located): string {
  if (pair.kind !== 'array' || pair.items.length !== 2)
    throw new JsonShapeFault('expected a key and a verdict');
  return `${valueText(pair.items[0]!)} : ${statementText(pair.items[1]!)}`;
}

function elementText(place: string, body: Located): string {
  const elements = member(body, 'elem');
  if (elements?.kind !== 'array') throw new JsonShapeFault('expected a list under "elem"');
  const given = elements.items.map((item) => (item.kind === 'array' ? pairText(item) : valueText(item)));
  return `add element ${place} ${textOf(body, 'name')} { ${given.join(', ')} }`;
}

/** The only member of an object, by its name. */
function only(value: Located): [string, Located] {
  const [first, ...others] = value.kind === 'object' ? value.members : [];
  if (first === undefined || others.length > 0) throw new JsonShapeFault('expected an object of one member');
  return first;
}
