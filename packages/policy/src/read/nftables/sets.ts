import type { NftCursor } from './cursor.ts';
import type { Table, ValueKind, Values } from './model.ts';
import { kindOfSelector } from './selectors.ts';
import type { NftToken } from './tokens.ts';
import { readElements } from './values.ts';

const typeKinds: Readonly<Record<string, ValueKind>> = {
  ipv4_addr: 'ipv4',
  ipv6_addr: 'ipv6',
  inet_service: 'port',
  inet_proto: 'protocol',
  icmp_type: 'icmp',
  icmpv6_type: 'icmpv6',
  icmp_code: 'icmp-code',
  icmpv6_code: 'icmpv6-code',
};

/** The elements of a map are kept as they stand: only where a rule asks for verdicts by it do they mean something. */
export function readMap(cursor: NftCursor, { maps }: Table): void {
  const name = cursor.word('the name of a map');
  const start = cursor.at;
  cursor.skipBlock();
  const block = cursor.tokens.slice(start + 1, cursor.at - 1);
  const at = block.findIndex(({ kind, text }) => kind === 'word' && text === 'elements');
  maps.set(name, [...(maps.get(name) ?? []), ...(at < 0 ? [] : insideBraces(block.slice(at)))]);
}

export function readSet(cursor: NftCursor, sets: Map<string, Values>): void {
  const name = cursor.word('the name of a set');
  const values: Values = sets.get(name) ?? { kinds: ['other'], rows: [], isOpen: false };
  sets.set(name, values);
  cursor.mark('{');
  for (cursor.skipSeparators(); !cursor.isMark('}'); cursor.skipSeparators()) {
    if (cursor.takeWord('type')) readSetType(cursor, values);
    else if (cursor.takeWord('typeof')) readSetTypeOf(cursor, values);
    else if (cursor.takeWord('flags')) readFlags(cursor, values);
    else if (cursor.takeWord('elements')) {
      cursor.mark('=');
      cursor.skipNewlines();
      readElements(cursor, values);
    } else if (
      cursor.takeWord('timeout', 'gc-interval', 'size', 'policy', 'auto-merge', 'comment', 'counter')
    )
      cursor.restOfLine();
    else cursor.fail('type, flags or elements');
  }
  cursor.mark('}');
}

/** `ipv4_addr . inet_service`. Sets of other types may be declared; only in use they are refused. */
function readSetType(cursor: NftCursor, values: Values): void {
  const start = cursor.at;
  cursor.restOfLine();
  const said = cursor.tokens.slice(start, cursor.at).map(({ text }) => text);
  values.kinds = said.filter((word) => word !== '.').map((word) => typeKinds[word] ?? 'other');
}

/** By expressions: `ip saddr . tcp dport` */
function readSetTypeOf(cursor: NftCursor, values: Values): void {
  const kinds: ValueKind[] = [];
  do kinds.push(kindOfSelector(cursor) ?? 'other');
  while (cursor.takeWord('.'));
  values.kinds = kinds;
  cursor.restOfLine();
}

/** Members of a set that rules fill, or that time takes out, are those of one moment. */
function readFlags(cursor: NftCursor, values: Values): void {
  const start = cursor.at;
  cursor.restOfLine();
  const flags = cursor.tokens.slice(start, cursor.at).map(({ text }) => text);
  if (flags.includes('dynamic') || flags.includes('timeout')) values.isOpen = true;
}

/** What stands between the first brackets. */
export function insideBraces(tokens: readonly NftToken[]): NftToken[] {
  const from = tokens.findIndex(({ kind, text }) => kind === 'mark' && text === '{');
  const to = tokens.findLastIndex(({ kind, text }) => kind === 'mark' && text === '}');
  return from < 0 || to < from ? [] : tokens.slice(from + 1, to);
}
