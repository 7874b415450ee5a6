import type { Family } from '../../space/addresses.ts';
import { subtractAll } from '../../space/boxes.ts';
import { readStatement } from './conditions.ts';
import { type NftCursor, NftFault } from './cursor.ts';
import { type Chain, familiesOf, type Rule, type Table } from './model.ts';
import { insideBraces } from './sets.ts';
import type { NftToken } from './tokens.ts';
import { isEndOfRule } from './unmodelled.ts';

/** The rules of every chain, now that all sets are known; those of chains that decide nothing are passed over. */
export function readWrittenRules(cursor: NftCursor, table: Table): void {
  markFilled(cursor, table);
  for (const chain of [...table.chains.values()].filter(({ isFilter }) => isFilter))
    for (const at of chain.written) {
      cursor.at = at;
      chain.rules.push(...readRules(cursor, table));
    }
}

/** Sets that rules fill hold what they hold at one moment, whether or not their flags say so. */
function markFilled({ tokens }: NftCursor, { sets }: Table): void {
  for (const [at, { kind, text }] of tokens.entries())
    if (kind === 'word' && ['add', 'update'].includes(text)) {
      const name = tokens[at + 1]?.text ?? '';
      const values = name.startsWith('@') ? sets.get(name.slice(1)) : undefined;
      if (values !== undefined) values.isOpen = true;
    }
}

/** One rule as it is written; several where it asks for verdicts by a map. */
function readRules(cursor: NftCursor, table: Table): Rule[] {
  const start = cursor.at;
  const end = cursor.endOfRule();
  const map = mapOf(cursor.tokens.slice(start, end));
  if (map < 0) return [readRule(cursor, table)];
  const rules = rulesByMap(cursor, table, start, start + map, end);
  cursor.at = end;
  return rules;
}

/** Where `vmap` stands, outside of any brackets; -1 where it does not. */
function mapOf(tokens: readonly NftToken[]): number {
  let depth = 0;
  return tokens.findIndex(({ kind, text }) => {
    if (kind === 'mark' && text === '{') depth += 1;
    if (kind === 'mark' && text === '}') depth -= 1;
    return depth === 0 && kind === 'word' && text === 'vmap';
  });
}

/** `tcp dport vmap { 22 : jump ssh, 80 : accept }`: a rule for each element, with what stands before and behind. */
function rulesByMap(cursor: NftCursor, table: Table, start: number, map: number, end: number): Rule[] {
  const next = cursor.tokens[map + 1]!;
  const known =
    next.kind === 'word' && next.text.startsWith('@') ? table.maps.get(next.text.slice(1)) : undefined;
  if (next.text.startsWith('@') && known === undefined)
    throw new NftFault(next.line, `the map ${next.text.slice(1)} is not declared`);
  const elements = known ?? insideBraces(cursor.tokens.slice(map + 1, end));
  const before = cursor.tokens.slice(start, map);
  const { line } = cursor.tokens[start]!;
  const close = (['newline', 'end'] as const).map((kind): NftToken => ({ kind, text: '', line }));
  const ruleOf = (element: readonly NftToken[]) => {
    const rule = [...before, ...element].map((token) => ({ ...token, line }));
    return readRule(cursor.over([...rule, ...close]), table);
  };
  const all = parted(elements);
  const named = all.filter((element) => !isCatchAll(element)).map(ruleOf);
  return [...named, ...all.filter(isCatchAll).map((element) => without(ruleOf(element), named))];
}

const isCatchAll = ([first]: readonly NftToken[]): boolean => first!.text === '*';

/** `*` holds what no other element holds, also where that one only jumps and comes back. */
function without(rule: Rule, others: readonly Rule[]): Rule {
  const certain = others.filter(({ unmodelled }) => unmodelled === null);
  const left = (family: Family) =>
    subtractAll(
      family,
      rule.boxes[family],
      certain.flatMap(({ boxes }) => boxes[family]),
    );
  return { ...rule, boxes: { 4: left(4), 6: left(6) } };
}

function readRule(cursor: NftCursor, table: Table): Rule {
  const { line } = cursor.token;
  const rule: Rule = {
    line,
    text: cursor.textOf(line),
    boxes: {
      4: familiesOf[table.family]!.includes(4) ? [{}] : [],
      6: familiesOf[table.family]!.includes(6) ? [{}] : [],
    },
    verdict: null,
    unmodelled: null,
  };
  while (!isEndOfRule(cursor)) {
    if (rule.verdict !== null) readBehind(cursor);
    else if (!readJump(cursor, rule, table)) readStatement(cursor, rule, table.sets);
  }
  return rule;
}

/** Behind a verdict stands a comment only. */
function readBehind(cursor: NftCursor): void {
  if (cursor.takeWord('comment') === null) cursor.fail('the end of the rule');
  cursor.word('a comment');
}

/** `jump CHAIN`, `goto CHAIN`, `jump { … }` */
function readJump(cursor: NftCursor, rule: Rule, table: Table): boolean {
  const kind = cursor.takeWord('jump', 'goto') as 'jump' | 'goto' | null;
  if (kind === null) return false;
  const chain = cursor.isMark('{') ? readUnnamed(cursor, table) : cursor.word('the name of a chain');
  rule.verdict = { kind, chain };
  return true;
}

function readUnnamed(cursor: NftCursor, table: Table): string {
  const { line } = cursor.token;
  const name = `in line ${line}, word ${cursor.at}`;
  const base = { isFilter: true, hook: null, policy: 'accept', priority: 0, written: [] } as const;
  const chain: Chain = { ...base, name, line, written: [], rules: [] };
  cursor.mark('{');
  for (cursor.skipSeparators(); !cursor.isMark('}'); cursor.skipSeparators()) {
    if (cursor.token.kind === 'end') cursor.fail('"}"');
    chain.rules.push(...readRules(cursor, table));
  }
  cursor.mark('}');
  table.chains.set(name, chain);
  return name;
}

/** Elements `key : verdict`, the colon left out; tokens of a key that ends in one lose it. */
function parted(tokens: readonly NftToken[]): NftToken[][] {
  const elements: NftToken[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'newline' || (token.kind === 'word' && token.text === ':')) continue;
    if (token.kind === 'mark' && token.text === ',') elements.push([]);
    else elements.at(-1)!.push(...withoutColon(token));
  }
  return elements.filter(({ length }) => length > 0);
}

/** `22:` loses its colon, `22:accept` is two words. */
function withoutColon(token: NftToken): NftToken[] {
  const { kind, text } = token;
  if (kind !== 'word') return [token];
  const [, key, verdict] = /^([^:]+):([a-z]+)$/.exec(text) ?? [];
  if (key !== undefined)
    return [
      { ...token, text: key },
      { ...token, text: verdict! },
    ];
  return [text.endsWith(':') && !text.endsWith('::') ? { ...token, text: text.slice(0, -1) } : token];
}
