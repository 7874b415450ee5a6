import { readStatement } from './conditions.ts';
import { type NftCursor, NftFault } from './cursor.ts';
import { type Chain, familiesOf, type Rule, type Table, type Values } from './model.ts';
import { insideBraces } from './sets.ts';
import type { NftToken } from './tokens.ts';

/** One rule as it is written; several where it asks for verdicts by a map. Rules of chains that decide nothing are passed over. */
export function readRules(cursor: NftCursor, table: Table, { isFilter }: Chain): Rule[] {
  const start = cursor.at;
  if (!isFilter) {
    if (cursor.token.kind === 'end') cursor.fail('"}"');
    cursor.restOfRule();
    return [];
  }
  const end = cursor.endOfRule();
  const map = cursor.tokens
    .slice(start, end)
    .findIndex(({ kind, text }) => kind === 'word' && text === 'vmap');
  if (map < 0) return [readRule(cursor, table, table.sets)];
  const rules = rulesByMap(cursor, table, start, start + map, end);
  cursor.at = end;
  return rules;
}

/** `tcp dport vmap { 22 : jump ssh, 80 : accept }`: a rule for each element, with what stands before and behind. */
function rulesByMap(cursor: NftCursor, table: Table, start: number, map: number, end: number): Rule[] {
  const next = cursor.tokens[map + 1]!;
  const named =
    next.kind === 'word' && next.text.startsWith('@') ? table.maps.get(next.text.slice(1)) : undefined;
  if (next.text.startsWith('@') && named === undefined)
    throw new NftFault(next.line, `the map ${next.text.slice(1)} is not declared before its use`);
  const elements = named ?? insideBraces(cursor.tokens.slice(map + 1, end));
  const before = cursor.tokens.slice(start, map);
  const { line } = cursor.tokens[start]!;
  return parted(elements).map((element) => {
    const rule = [...before, ...element].map((token) => ({ ...token, line }));
    const close: NftToken[] = [
      { kind: 'newline', text: '\n', line },
      { kind: 'end', text: '', line },
    ];
    return readRule(cursor.over([...rule, ...close]), table, table.sets);
  });
}

function readRule(cursor: NftCursor, table: Table, sets: ReadonlyMap<string, Values>): Rule {
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
  while (cursor.token.kind !== 'newline' && !cursor.isMark(';') && !cursor.isMark('}')) {
    if (cursor.token.kind === 'end') cursor.fail('"}"');
    if (rule.verdict !== null && cursor.takeWord('comment') === null) skipReason(cursor, rule);
    else readStatement(cursor, rule, sets);
  }
  return rule;
}

/** `reject with icmp type port-unreachable` */
function skipReason(cursor: NftCursor, rule: Rule): void {
  if (rule.verdict?.kind !== 'drop') cursor.fail('the end of the rule');
  cursor.next();
}

/** Elements `key : verdict`, the colon left out; tokens of a key that ends in one lose it. */
function parted(tokens: readonly NftToken[]): NftToken[][] {
  const elements: NftToken[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'newline' || (token.kind === 'word' && token.text === ':')) continue;
    if (token.kind === 'mark' && token.text === ',') elements.push([]);
    else
      elements
        .at(-1)!
        .push(
          token.kind === 'word' && token.text.endsWith(':') && !token.text.endsWith('::')
            ? { ...token, text: token.text.slice(0, -1) }
            : token,
        );
  }
  return elements.filter(({ length }) => length > 0);
}
