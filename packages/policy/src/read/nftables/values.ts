import { parseAddressRange, type Range, wholeRange } from '../../space/addresses.ts';
import { type NftCursor, NftFault } from './cursor.ts';
import type { ValueKind, Values } from './model.ts';
import { numberRange } from './numbers.ts';

const bitsOfKind = { ipv4: 32, ipv6: 128, port: 16 } as const;

/** Every value of a kind. */
export const wholeOf = (kind: ValueKind): Range =>
  wholeRange(kind in bitsOfKind ? bitsOfKind[kind as keyof typeof bitsOfKind] : 8);

/** `{ a, b-c . 22, d/8 }` */
export function readElements(cursor: NftCursor, values: Values): void {
  cursor.mark('{');
  cursor.skipNewlines();
  while (!cursor.isMark('}')) {
    values.rows.push(readRow(cursor, values.kinds));
    cursor.skipNewlines();
    if (cursor.takeWord('timeout', 'expires', 'counter', 'comment', 'limit', 'last')) skipExtras(cursor);
    if (!cursor.isMark('}')) cursor.mark(',');
    cursor.skipNewlines();
  }
  cursor.mark('}');
}

function skipExtras(cursor: NftCursor): void {
  while (!cursor.isMark(',') && !cursor.isMark('}')) {
    if (cursor.token.kind === 'end') cursor.fail('"}"');
    cursor.next();
  }
}

/** One element, part by part; `*` is every one that no other element holds. */
export function readRow(cursor: NftCursor, kinds: readonly ValueKind[]): Range[] {
  if (cursor.takeWord('*')) return kinds.map(wholeOf);
  return kinds.map((kind, index) => {
    if (index > 0 && cursor.takeWord('.') === null) cursor.fail('"."');
    return readPart(cursor, kind);
  });
}

function readPart(cursor: NftCursor, kind: ValueKind): Range {
  const { text, line } = cursor.token;
  if (kind === 'other') return skipPart(cursor);
  // `nft -S` puts names of services into quotes.
  if (cursor.token.kind !== 'word' && cursor.token.kind !== 'string') cursor.fail('a value');
  cursor.next();
  if (kind === 'ipv4' || kind === 'ipv6') {
    const range = parseAddressRange(text);
    if (range === null) throw new NftFault(line, `${text} is no address, prefix or range`);
    if ((range.family === 4) !== (kind === 'ipv4'))
      throw new NftFault(line, `${text} is of the other family than what it is held against`);
    return { first: range.first, last: range.last };
  }
  const range = numberRange(text, kind);
  if (range === null) throw new NftFault(line, `${text} is no ${wordOf(kind)} that is known here`);
  return range;
}

const wordOf = (kind: ValueKind): string => kind.replace('icmpv6-', 'icmpv6 ').replace('icmp-', 'icmp ');

/** What the model leaves out: `"eth0"`, `0x10`, `"08:00"-"17:00"`. */
function skipPart(cursor: NftCursor): Range {
  cursor.word('a value');
  if (cursor.takeWord('-')) cursor.word('a value');
  return wholeOf('other');
}
