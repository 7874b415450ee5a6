import { parseAddressRange } from '../../space/addresses.ts';
import { type NftCursor, NftFault } from './cursor.ts';
import type { Table, ValueKind, Values } from './model.ts';
import { numberRange } from './numbers.ts';
import type { NftToken } from './tokens.ts';

const setKinds: Readonly<Record<string, ValueKind>> = {
  ipv4_addr: 'address',
  ipv6_addr: 'address',
  inet_service: 'port',
  inet_proto: 'protocol',
  icmp_type: 'icmp',
  icmpv6_type: 'icmpv6',
  'ip saddr': 'address',
  'ip daddr': 'address',
  'ip6 saddr': 'address',
  'ip6 daddr': 'address',
  'tcp dport': 'port',
  'udp dport': 'port',
  'tcp sport': 'port',
  'udp sport': 'port',
  'th dport': 'port',
  'meta l4proto': 'protocol',
};

/** The elements of a map are kept as they stand: only where a rule asks for verdicts by it do they mean something. */
export function readMap(cursor: NftCursor, { maps }: Table): void {
  const name = cursor.word('the name of a map');
  const start = cursor.at;
  cursor.skipBlock();
  const block = cursor.tokens.slice(start + 1, cursor.at - 1);
  const at = block.findIndex(({ kind, text }) => kind === 'word' && text === 'elements');
  maps.set(name, at < 0 ? [] : insideBraces(block.slice(at)));
}

export function readSet(cursor: NftCursor, sets: Map<string, Values>): void {
  const name = cursor.word('the name of a set');
  const before = sets.get(name);
  const values: Values = before ?? { kind: 'address', addresses: { 4: [], 6: [] }, numbers: [] };
  sets.set(name, values);
  cursor.mark('{');
  for (cursor.skipSeparators(); !cursor.isMark('}'); cursor.skipSeparators()) {
    if (cursor.takeWord('type', 'typeof')) readSetType(cursor, values);
    else if (cursor.takeWord('elements')) {
      cursor.mark('=');
      cursor.skipNewlines();
      readElements(cursor, values, values.kind);
    } else if (
      cursor.takeWord('flags', 'timeout', 'gc-interval', 'size', 'policy', 'auto-merge', 'comment', 'counter')
    )
      cursor.restOfLine();
    else cursor.fail('type, flags or elements');
  }
  cursor.mark('}');
}

/** `ipv4_addr`, or by an expression: `ip saddr`. Other sets may be declared; only in use they are refused. */
function readSetType(cursor: NftCursor, values: Values): void {
  const start = cursor.at;
  cursor.restOfLine();
  const said = cursor.tokens.slice(start, cursor.at).map(({ text }) => text);
  values.kind = setKinds[said.join(' ')] ?? 'other';
}

/** `{ a, b-c, d/8 }` */
export function readElements(cursor: NftCursor, values: Values, kind: ValueKind): void {
  cursor.mark('{');
  cursor.skipNewlines();
  while (!cursor.isMark('}')) {
    readValue(cursor, values, kind);
    cursor.skipNewlines();
    if (cursor.takeWord('timeout', 'expires', 'counter', 'comment')) skipElementExtras(cursor);
    if (!cursor.isMark('}')) cursor.mark(',');
    cursor.skipNewlines();
  }
  cursor.mark('}');
}

function skipElementExtras(cursor: NftCursor): void {
  while (!cursor.isMark(',') && !cursor.isMark('}')) {
    if (cursor.token.kind === 'end') cursor.fail('"}"');
    cursor.next();
  }
}

function readValue(cursor: NftCursor, values: Values, kind: ValueKind): void {
  const { text, line } = cursor.token;
  if (kind === 'other') {
    while (!cursor.isMark(',') && !cursor.isMark('}')) {
      if (cursor.token.kind === 'end') cursor.fail('"}"');
      cursor.next();
    }
    return;
  }
  if (cursor.token.kind !== 'word') cursor.fail('a value');
  cursor.next();
  if (kind === 'address') {
    const range = parseAddressRange(text);
    if (range === null) throw new NftFault(line, `${text} is no address, prefix or range`);
    const { family, first, last } = range;
    values.addresses[family].push({ first, last });
    return;
  }
  const range = numberRange(text, kind);
  if (range === null) throw new NftFault(line, `${text} is no ${kind} that is known here`);
  values.numbers.push(range);
}

/** What stands behind a field: one value, `{ … }` or `@set`; with `!=` everything else. */
export function readOperand(
  cursor: NftCursor,
  kind: Exclude<ValueKind, 'other'>,
  sets: ReadonlyMap<string, Values>,
): { values: Values; negated: boolean } {
  const negated = cursor.isMark('!=') || cursor.isMark('!');
  if (negated || cursor.isMark('=')) cursor.next();
  while (cursor.isMark('=')) cursor.next();
  const { text, line } = cursor.token;
  if (cursor.token.kind === 'word' && text.startsWith('@')) {
    cursor.next();
    const values = sets.get(text.slice(1));
    if (values === undefined)
      throw new NftFault(line, `the set ${text.slice(1)} is not declared before its use`);
    if (values.kind === 'other')
      throw new NftFault(line, `the set ${text.slice(1)} is of a type that is not read`);
    return { values, negated };
  }
  const values: Values = { kind, addresses: { 4: [], 6: [] }, numbers: [] };
  if (cursor.isMark('{')) readElements(cursor, values, kind);
  else readValue(cursor, values, kind);
  while (cursor.isMark(',')) {
    cursor.next();
    readValue(cursor, values, kind);
  }
  return { values, negated };
}

/** What stands between the first brackets. */
export function insideBraces(tokens: readonly NftToken[]): NftToken[] {
  const from = tokens.findIndex(({ kind, text }) => kind === 'mark' && text === '{');
  const to = tokens.findLastIndex(({ kind, text }) => kind === 'mark' && text === '}');
  return from < 0 || to < from ? [] : tokens.slice(from + 1, to);
}
