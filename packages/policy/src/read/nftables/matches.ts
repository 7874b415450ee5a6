import { WILDCARD_RANGES } from '../../limits.ts';
import { type Family, mergeRanges, parseAddress, type Range, wholeRange } from '../../space/addresses.ts';
import { intersectAll, subtractAll, subtractRanges } from '../../space/boxes.ts';
import { maskedRanges } from '../../space/masks.ts';
import { type Box, bitsOf } from '../../space/packet.ts';
import { type NftCursor, NftFault } from './cursor.ts';
import type { Boxes, Rule, Selector, Values } from './model.ts';
import { readSelector, withoutPorts } from './selectors.ts';
import { skipToEnd, skipValue } from './unmodelled.ts';
import { readElements, readRow, wholeOf } from './values.ts';

/** The rule holds what it held of a family and the boxes too, and nothing of the families that are ruled out. */
export function narrow(
  rule: Rule,
  family: Family,
  boxes: readonly Box[],
  ruledOut: readonly Family[] = [],
): void {
  rule.boxes[family] = intersectAll(rule.boxes[family], boxes);
  for (const other of ruledOut) rule.boxes[other] = [];
}

/** A condition that the model leaves out. */
export function tell(rule: Rule, what: string): void {
  rule.unmodelled = rule.unmodelled === null ? what : `${rule.unmodelled}, ${what}`;
}

/** `ip saddr . tcp dport { … }`, `tcp dport > 1023`, `ip saddr & 255.255.0.0 == 10.1.0.0`, `iifname "eth0"` */
export function readMatch(
  cursor: NftCursor,
  rule: Rule,
  first: Selector,
  sets: ReadonlyMap<string, Values>,
): void {
  const parts = [first];
  while (cursor.takeWord('.')) parts.push(readSelector(cursor) ?? cursor.fail('a field'));
  const isRaw = parts.some(({ what }) => what.startsWith('th ')) && takesOthers(rule);
  const others: Boxes = isRaw ? portless(rule) : { 4: [], 6: [] };
  for (const part of parts) require(rule, part);
  readHeld(cursor, rule, parts, sets);
  if (!isRaw) return;
  // `th` reads the bytes where ports would be, whatever the protocol is: what they say there is not known.
  tell(rule, 'bytes of protocols that have no ports');
  for (const family of [4, 6] as const) rule.boxes[family] = [...rule.boxes[family], ...others[family]];
}

/** Whether a rule holds packets that have no ports. */
const takesOthers = (rule: Rule): boolean => {
  const left = portless(rule);
  return left[4].length + left[6].length > 0;
};

const portless = ({ boxes }: Rule): Boxes => ({
  4: intersectAll(boxes[4], [{ protocol: withoutPorts }]),
  6: intersectAll(boxes[6], [{ protocol: withoutPorts }]),
});

function readHeld(
  cursor: NftCursor,
  rule: Rule,
  parts: readonly Selector[],
  sets: ReadonlyMap<string, Values>,
): void {
  const [first] = parts as [Selector];
  // `meta mark set 1`: it changes something and asks for nothing.
  if (cursor.takeWord('set')) {
    skipToEnd(cursor);
    return;
  }
  const left = parts.filter(({ field }) => field === null);
  for (const { what } of left) tell(rule, what);
  if (left.length === parts.length && parts.length === 1) {
    skipValue(cursor);
    return;
  }
  const isMasked = cursor.isMark('&') || cursor.token.text === 'and';
  if (parts.length === 1 && isMasked) readMasked(cursor, rule, first);
  else readCompared(cursor, rule, parts, sets);
}

/** What a packet has to be to have a field at all. */
function require(rule: Rule, { families, needs }: Selector): void {
  for (const family of [4, 6] as const)
    rule.boxes[family] = families.includes(family) ? intersectAll(rule.boxes[family], [needs]) : [];
}

const hold = (rule: Rule, { field, families }: Selector, ranges: readonly Range[]): void => {
  for (const family of families) narrow(rule, family, ranges.length === 0 ? [] : [{ [field!]: ranges }]);
};

/** Bits of an IPv4 address. Of anything else they are told, not read. */
function readMasked(cursor: NftCursor, rule: Rule, selector: Selector): void {
  if (selector.kind !== 'ipv4') {
    tell(rule, `bits of ${selector.what}`);
    skipValue(cursor);
    return;
  }
  cursor.next();
  const mask = addressOf(cursor);
  const operator = readOperator(cursor);
  const { line } = cursor.token;
  const ranges = maskedRanges(mask, addressOf(cursor), WILDCARD_RANGES);
  if (ranges === null)
    throw new NftFault(line, `the mask stands for more than ${WILDCARD_RANGES.toLocaleString('en')} ranges`);
  if (operator !== '==' && operator !== '!=') throw new NftFault(line, 'expected == or != after a mask');
  const held = mergeRanges(ranges);
  hold(rule, selector, operator === '==' ? held : subtractRanges([wholeRange(32)], held));
}

function addressOf(cursor: NftCursor): bigint {
  const { text, line } = cursor.token;
  const address = parseAddress(cursor.word('an IPv4 address'));
  if (address?.family === 4) return address.value;
  if (/^0x[0-9a-f]{1,8}$/i.test(text)) return BigInt(text);
  throw new NftFault(line, `${text} is no IPv4 address`);
}

type Operator = '==' | '!=' | '<' | '>' | '<=' | '>=';
const operatorWords: Readonly<Record<string, Operator>> = {
  eq: '==',
  ne: '!=',
  lt: '<',
  gt: '>',
  le: '<=',
  ge: '>=',
};

/** The operator that stands here; `==` where none does. */
export function readOperator(cursor: NftCursor): Operator {
  const { kind, text } = cursor.token;
  if (kind === 'word' && Object.hasOwn(operatorWords, text)) {
    cursor.next();
    return operatorWords[text]!;
  }
  if (kind !== 'mark') return '==';
  if (text === '=') {
    while (cursor.isMark('=')) cursor.next();
    return '==';
  }
  if (text === '!' || text === '!=') {
    cursor.next();
    return '!=';
  }
  if (!['<', '>', '<=', '>='].includes(text)) return '==';
  return cursor.next().text as Operator;
}

function readCompared(
  cursor: NftCursor,
  rule: Rule,
  parts: readonly Selector[],
  sets: ReadonlyMap<string, Values>,
): void {
  const operator = readOperator(cursor);
  if (operator !== '==' && operator !== '!=') {
    if (parts.length > 1) cursor.fail('one field before a comparison');
    hold(rule, parts[0]!, beside(readRow(cursor, [parts[0]!.kind])[0]!, operator, parts[0]!));
    return;
  }
  const values = readOperand(cursor, parts, sets);
  if (values.isOpen) {
    tell(rule, 'a set whose members come and go');
    return;
  }
  const isNegated = operator === '!=';
  // A value that is left out may make the whole element false: what is not in the set is then not known.
  if (isNegated && parts.some(({ field }) => field === null)) return;
  if (parts.length === 1) holdSingle(rule, parts[0]!, values, isNegated);
  else holdJoined(rule, parts, values, isNegated);
}

function beside({ first, last }: Range, operator: Operator, { kind }: Selector): Range[] {
  const { last: most } = wholeOf(kind);
  const range = {
    '<': { first: 0n, last: first - 1n },
    '<=': { first: 0n, last },
    '>': { first: last + 1n, last: most },
    '>=': { first, last: most },
    '==': { first, last },
    '!=': { first, last },
  }[operator];
  return range.first > range.last ? [] : [range];
}

function holdSingle(rule: Rule, selector: Selector, { rows }: Values, isNegated: boolean): void {
  const merged = mergeRanges(rows.map(([range]) => ({ ...range! })));
  const { field, families } = selector;
  for (const family of families) {
    const whole = wholeRange(bitsOf(field!, family));
    const held = isNegated ? subtractRanges([whole], merged) : merged;
    narrow(rule, family, held.length === 0 ? [] : [{ [field!]: held }]);
  }
}

function holdJoined(rule: Rule, parts: readonly Selector[], { rows }: Values, isNegated: boolean): void {
  const known = parts.flatMap(({ field }, at) => (field === null ? [] : [{ field, at }]));
  const boxes = rows.map((row): Box => Object.fromEntries(known.map(({ field, at }) => [field, [row[at]!]])));
  const families = parts.reduce<readonly Family[]>(
    (shared, part) => shared.filter((family) => part.families.includes(family)),
    [4, 6],
  );
  for (const family of families) narrow(rule, family, isNegated ? subtractAll(family, [{}], boxes) : boxes);
}

/** One value, several, `{ … }` or `@set` */
function readOperand(
  cursor: NftCursor,
  parts: readonly Selector[],
  sets: ReadonlyMap<string, Values>,
): Values {
  const kinds = parts.map(({ kind }) => kind);
  const { text, line } = cursor.token;
  if (cursor.token.kind === 'word' && text.startsWith('@')) {
    cursor.next();
    const values = sets.get(text.slice(1));
    if (values === undefined) throw new NftFault(line, `the set ${text.slice(1)} is not declared`);
    checkKinds(values, parts, text.slice(1), line);
    return values;
  }
  const values: Values = { kinds, rows: [], isOpen: false };
  if (cursor.isMark('{')) readElements(cursor, values);
  else values.rows.push(readRow(cursor, kinds));
  while (cursor.isMark(',')) {
    cursor.next();
    values.rows.push(readRow(cursor, kinds));
  }
  return values;
}

function checkKinds({ kinds }: Values, parts: readonly Selector[], name: string, line: number): void {
  if (kinds.length !== parts.length)
    throw new NftFault(
      line,
      `the set ${name} has elements of ${kinds.length} parts, and ${parts.length} are asked for`,
    );
  const wrong = parts.findIndex(({ kind }, at) => kind !== 'other' && kinds[at] !== kind);
  if (wrong < 0) return;
  const said = kinds[wrong] === 'other' ? 'is of a type that is not read' : `holds ${kinds[wrong]} values`;
  throw new NftFault(line, `the set ${name} ${said}, and ${parts[wrong]!.what} is asked for`);
}
