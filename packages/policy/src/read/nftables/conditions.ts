import { families } from '../../resolve.ts';
import type { Family } from '../../space/addresses.ts';
import type { NftCursor } from './cursor.ts';
import { narrow, readMatch, readOperator, tell } from './matches.ts';
import type { Rule, Values } from './model.ts';
import { readSelector } from './selectors.ts';
import { skipToEnd } from './unmodelled.ts';

/** One condition or statement of a rule, but for jumps. */
export function readStatement(cursor: NftCursor, rule: Rule, sets: ReadonlyMap<string, Values>): void {
  if (cursor.token.kind === 'string') {
    cursor.next();
    return;
  }
  const { text } = cursor.token;
  if (cursor.token.kind !== 'word') cursor.fail('a condition or a verdict');
  if (cursor.takeWord('accept', 'drop', 'return', 'reject')) {
    rule.verdict = { kind: text === 'reject' ? 'drop' : (text as 'accept' | 'drop' | 'return') };
    if (text === 'reject') cursor.restOfRule();
  } else if (cursor.takeWord('continue', 'notrack')) return;
  else if (cursor.takeWord('comment')) cursor.next();
  else if (Object.hasOwn(statements, text)) {
    cursor.next();
    statements[text]!(cursor, rule, text);
  } else if (isState(cursor)) readState(cursor, rule);
  else if (isFamily(cursor)) readFamily(cursor, rule);
  else {
    const selector = readSelector(cursor);
    if (selector === null) cursor.fail('a condition or a verdict that is known here');
    readMatch(cursor, rule, selector!, sets);
  }
}

type Statement = (cursor: NftCursor, rule: Rule, name: string) => void;

/** Somebody else decides: it may let the packet through. */
const handsOver: Statement = (cursor, rule, name) => {
  tell(rule, `${name}, where another program decides`);
  rule.verdict = { kind: 'accept' };
  cursor.restOfRule();
};
const isLeftOut: Statement = (cursor, rule, name) => {
  tell(rule, name);
  skipToEnd(cursor);
};
/** `add @seen { ip saddr }`: what follows holds where there was room. */
const fillsSet: Statement = (cursor, rule, name) => {
  tell(rule, `${name} ${cursor.word('a set')}`);
  cursor.skipBlock();
};
const hasNoEffect: Statement = (cursor) => skipToEnd(cursor);

const statements: Readonly<Record<string, Statement>> = {
  counter: skipCounter,
  log: skipLog,
  limit: skipLimit,
  quota: skipQuota,
  queue: handsOver,
  synproxy: handsOver,
  tproxy: handsOver,
  add: fillsSet,
  update: fillsSet,
  delete: fillsSet,
  meter: isLeftOut,
  numgen: isLeftOut,
  ipsec: isLeftOut,
  masquerade: isLeftOut,
  snat: isLeftOut,
  dnat: isLeftOut,
  redirect: isLeftOut,
  fwd: isLeftOut,
  dup: hasNoEffect,
  flow: hasNoEffect,
  last: hasNoEffect,
};

/** `counter`, `counter name "x"`, `counter packets 1 bytes 2` */
function skipCounter(cursor: NftCursor): void {
  if (cursor.takeWord('name')) {
    cursor.word('the name of a counter');
    return;
  }
  if (cursor.takeWord('packets') === null) return;
  cursor.word('a number');
  if (cursor.takeWord('bytes') !== null) cursor.word('a number');
}

function skipLog(cursor: NftCursor): void {
  for (;;) {
    if (cursor.takeWord('prefix', 'level', 'group', 'snaplen', 'queue-threshold')) cursor.next();
    else if (cursor.takeWord('flags')) skipFlags(cursor);
    else return;
  }
}

/** `flags all`, `flags tcp sequence,options`, `flags ip options` */
function skipFlags(cursor: NftCursor): void {
  const isLong = cursor.takeWord('tcp', 'ip') !== null;
  if (isLong || cursor.token.kind === 'word') cursor.next();
  while (cursor.isMark(',')) {
    cursor.next();
    cursor.next();
  }
}

/** `limit rate over 10/second burst 5 packets`, `limit name "x"` */
function skipLimit(cursor: NftCursor, rule: Rule): void {
  if (cursor.takeWord('name')) {
    tell(rule, `limit ${cursor.word('the name of a limit')}`);
    return;
  }
  if (cursor.takeWord('rate') === null) cursor.fail('rate or name');
  const over = cursor.takeWord('over') === null ? '' : 'over ';
  const rate = cursor.word('a rate');
  const unit = /^\d+$/.test(rate) ? ` ${cursor.word('a unit')}` : '';
  tell(rule, `limit rate ${over}${rate}${unit}`);
  if (cursor.takeWord('burst') === null) return;
  cursor.word('a number');
  cursor.takeWord('packets', 'bytes', 'kbytes', 'mbytes');
}

/** `quota over 10 mbytes used 2 kbytes`, `quota name "x"` */
function skipQuota(cursor: NftCursor, rule: Rule): void {
  tell(rule, 'quota');
  if (cursor.takeWord('name')) {
    cursor.word('the name of a quota');
    return;
  }
  cursor.takeWord('over', 'until');
  const amount = () => {
    cursor.word('a number');
    cursor.word('a unit');
  };
  amount();
  if (cursor.takeWord('used')) amount();
}

const next = ({ tokens, at }: NftCursor): string => tokens[at + 1]?.text ?? '';
const isConcatenated = ({ tokens, at }: NftCursor): boolean => tokens[at + 2]?.text === '.';

const isState = (cursor: NftCursor): boolean =>
  cursor.token.text === 'ct' && next(cursor) === 'state' && !isConcatenated(cursor);

/** Lines speak of opening packets: a state that is not `new` holds none of them. */
function readState(cursor: NftCursor, rule: Rule): void {
  cursor.next();
  cursor.next();
  const isNegated = readOperator(cursor) === '!=';
  const states = readWords(cursor, 'a state');
  // What no other element of a map holds.
  if (states.includes('*')) return;
  const unknown = states.find((state) => !isNumber(state) && !stateNames.includes(state));
  if (unknown !== undefined) cursor.failBefore(`${unknown} is no state that is known here`);
  if (states.some(isOpening) === isNegated) narrow(rule, 4, [], [6]);
}

/** `a`, `a,b`, `a | b`, `{ a, b }` */
function readWords(cursor: NftCursor, expected: string): string[] {
  const isBraced = cursor.isMark('{');
  if (isBraced) cursor.next();
  const words = [cursor.word(expected)];
  while (cursor.isMark(',') || cursor.isMark('|')) {
    cursor.next();
    words.push(cursor.word(expected));
  }
  if (isBraced) cursor.mark('}');
  return words;
}

const isNumber = (text: string): boolean => /^(0x[0-9a-f]+|\d+)$/i.test(text);
const stateNames = ['new', 'established', 'related', 'invalid', 'untracked'];

/** `new` and `untracked`, by name or as the bits that `nft -n` shows (linux/netfilter/nf_conntrack_common.h). */
function isOpening(state: string): boolean {
  if (!isNumber(state)) return state === 'new' || state === 'untracked';
  return (Number(state) & (0x8 | 0x40)) !== 0;
}

const isFamily = (cursor: NftCursor): boolean =>
  cursor.token.text === 'meta' && ['nfproto', 'protocol'].includes(next(cursor)) && !isConcatenated(cursor);

/** Families by the names and numbers that nft has for them (AF_INET, AF_INET6, and the types of Ethernet). */
const familyNames: Readonly<Record<string, Family>> = {
  ipv4: 4,
  ip: 4,
  '2': 4,
  '0x0800': 4,
  '0x800': 4,
  ipv6: 6,
  ip6: 6,
  '10': 6,
  '0x86dd': 6,
};

/** `meta nfproto ipv4`, `meta protocol { ip, ip6 }` */
function readFamily(cursor: NftCursor, rule: Rule): void {
  cursor.next();
  cursor.next();
  const isNegated = readOperator(cursor) === '!=';
  const words = readWords(cursor, 'a family');
  if (words.includes('*')) return;
  if (words.some((word) => word.startsWith('@'))) cursor.failBefore('a set of families is not read');
  const said = words.map((word) => familyNames[word] ?? null);
  for (const family of families) if (said.includes(family) === isNegated) rule.boxes[family] = [];
}
