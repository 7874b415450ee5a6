import { families } from '../../resolve.ts';
import { type Family, mergeRanges, type Range, wholeRange } from '../../space/addresses.ts';
import { intersectAll, subtractRanges } from '../../space/boxes.ts';
import { type Box, bitsOf, type Field, protocols } from '../../space/packet.ts';
import type { NftCursor } from './cursor.ts';
import type { Rule, Values } from './model.ts';
import { readOperand } from './sets.ts';

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
  } else if (cursor.takeWord('jump', 'goto'))
    rule.verdict = { kind: text as 'jump' | 'goto', chain: cursor.word('the name of a chain') };
  else if (cursor.takeWord('counter')) skipCounter(cursor);
  else if (cursor.takeWord('comment')) cursor.next();
  else if (cursor.takeWord('log')) skipLog(cursor);
  else if (cursor.takeWord('ip', 'ip6')) readInternet(cursor, rule, text === 'ip' ? 4 : 6, sets);
  else if (cursor.takeWord('tcp', 'udp', 'sctp', 'th', 'dccp', 'udplite'))
    readTransport(cursor, rule, text, sets);
  else if (cursor.takeWord('icmp', 'icmpv6')) readIcmp(cursor, rule, text as 'icmp' | 'icmpv6', sets);
  else if (cursor.takeWord('meta')) readMeta(cursor, rule, sets);
  else if (cursor.takeWord('ct')) readConntrack(cursor, rule);
  else readUnknown(cursor, rule);
}

function skipCounter(cursor: NftCursor): void {
  if (cursor.takeWord('packets') === null) return;
  cursor.word('a number');
  if (cursor.takeWord('bytes') !== null) cursor.word('a number');
}

function skipLog(cursor: NftCursor): void {
  while (cursor.takeWord('prefix', 'level', 'group', 'snaplen', 'queue-threshold', 'flags')) cursor.next();
}

function readInternet(
  cursor: NftCursor,
  rule: Rule,
  family: Family,
  sets: ReadonlyMap<string, Values>,
): void {
  const field = cursor.word('saddr, daddr or protocol');
  narrow(rule, family, [{}], [family === 4 ? 6 : 4]);
  if (field === 'saddr' || field === 'daddr') {
    const { values, negated } = readOperand(cursor, 'address', sets);
    const side = field === 'saddr' ? 'source' : 'destination';
    narrow(rule, family, rangesToBoxes(side, values.addresses[family], negated, family), []);
    return;
  }
  if (field === 'protocol' || field === 'nexthdr') {
    readProtocol(cursor, rule, sets);
    return;
  }
  if (field === 'version') {
    cursor.next();
    return;
  }
  skipUnmodelled(cursor, rule, `${family === 4 ? 'ip' : 'ip6'} ${field}`);
}

function readProtocol(cursor: NftCursor, rule: Rule, sets: ReadonlyMap<string, Values>): void {
  const { values, negated } = readOperand(cursor, 'protocol', sets);
  for (const family of families)
    narrow(rule, family, rangesToBoxes('protocol', values.numbers, negated, family), []);
}

function readTransport(cursor: NftCursor, rule: Rule, name: string, sets: ReadonlyMap<string, Values>): void {
  const field = cursor.word('dport or sport');
  const number = { ...protocols, dccp: 33n, udplite: 136n }[name];
  const protocol = number === undefined ? withPorts : [{ first: number, last: number }];
  for (const family of families) narrow(rule, family, [{ protocol }], []);
  if (field === 'option') {
    tell(rule, `${name} ${field}`);
    skipCondition(cursor);
    return;
  }
  if (field !== 'dport' && field !== 'sport') {
    skipUnmodelled(cursor, rule, `${name} ${field}`);
    return;
  }
  const { values, negated } = readOperand(cursor, 'port', sets);
  const side = field === 'dport' ? 'destinationPort' : 'sourcePort';
  for (const family of families)
    narrow(rule, family, rangesToBoxes(side, values.numbers, negated, family), []);
}

function readIcmp(
  cursor: NftCursor,
  rule: Rule,
  name: 'icmp' | 'icmpv6',
  sets: ReadonlyMap<string, Values>,
): void {
  const family: Family = name === 'icmp' ? 4 : 6;
  const number = protocols[name]!;
  narrow(rule, family, [{ protocol: [{ first: number, last: number }] }], [family === 4 ? 6 : 4]);
  const field = cursor.word('type or code');
  if (field !== 'type' && field !== 'code') {
    skipUnmodelled(cursor, rule, `${name} ${field}`);
    return;
  }
  const { values, negated } = readOperand(cursor, name, sets);
  const side = field === 'type' ? 'sourcePort' : 'destinationPort';
  narrow(rule, family, rangesToBoxes(side, values.numbers, negated, family), []);
}

function readMeta(cursor: NftCursor, rule: Rule, sets: ReadonlyMap<string, Values>): void {
  const field = cursor.word('a field of meta');
  if (field === 'l4proto') {
    readProtocol(cursor, rule, sets);
    return;
  }
  if (field === 'nfproto') {
    const family = cursor.word('ipv4 or ipv6') === 'ipv4' ? 4 : 6;
    narrow(rule, family, [{}], [family === 4 ? 6 : 4]);
    return;
  }
  skipUnmodelled(cursor, rule, `meta ${field}`);
}

/** Lines speak of opening packets: a state that is not `new` holds none of them. */
function readConntrack(cursor: NftCursor, rule: Rule): void {
  const field = cursor.word('a field of ct');
  if (field !== 'state') {
    skipUnmodelled(cursor, rule, `ct ${field}`);
    return;
  }
  const negated = cursor.isMark('!=');
  if (negated) cursor.next();
  const isBraced = cursor.isMark('{');
  if (isBraced) cursor.next();
  const states = [cursor.word('a state')];
  while (cursor.isMark(',') || cursor.isMark('|')) {
    cursor.next();
    states.push(cursor.word('a state'));
  }
  if (isBraced) cursor.mark('}');
  if (states.some(isOpening) === negated) narrow(rule, 4, [], [6]);
}

/** A condition that the model leaves out: told, and its value passed over. */
function skipUnmodelled(cursor: NftCursor, rule: Rule, what: string): void {
  tell(rule, what);
  if (
    cursor.takeWord('set', 'and', 'or', 'xor') ||
    cursor.isMark('&') ||
    cursor.isMark('|') ||
    cursor.isMark('(')
  ) {
    skipCondition(cursor);
    return;
  }
  if (
    cursor.isMark('!=') ||
    cursor.isMark('<') ||
    cursor.isMark('>') ||
    cursor.isMark('<=') ||
    cursor.isMark('>=')
  )
    cursor.next();
  while (cursor.isMark('=')) cursor.next();
  if (cursor.isMark('{')) {
    cursor.skipBlock();
    return;
  }
  cursor.next();
  // `syn,ack`, and `syn / syn,ack`
  while (cursor.isMark(',') || cursor.token.text === '/') {
    cursor.next();
    cursor.next();
  }
  if (cursor.isMark('&') || cursor.isMark('|')) skipCondition(cursor);
}

function tell(rule: Rule, what: string): void {
  rule.unmodelled = rule.unmodelled === null ? what : `${rule.unmodelled}, ${what}`;
}

/** Everything up to the verdict. */
function skipCondition(cursor: NftCursor): void {
  while (!isEndOfCondition(cursor)) {
    if (cursor.isMark('{')) cursor.skipBlock();
    else cursor.next();
  }
}

function readUnknown(cursor: NftCursor, rule: Rule): void {
  const name = cursor.next().text;
  if (plainConditions.has(name)) skipUnmodelled(cursor, rule, name);
  else if (longConditions.has(name)) {
    tell(rule, name);
    skipCondition(cursor);
  } else {
    cursor.at -= 1;
    cursor.fail('a condition or a verdict that is known here');
  }
}

function isEndOfCondition(cursor: NftCursor): boolean {
  const { kind, text } = cursor.token;
  if (kind === 'newline' || kind === 'end' || (kind === 'mark' && (text === ';' || text === '}')))
    return true;
  return (
    kind === 'word' &&
    ['accept', 'drop', 'return', 'reject', 'jump', 'goto', 'counter', 'log', 'comment'].includes(text)
  );
}

/** `new` and `untracked`, by name or as the bits that `nft -n` shows (linux/netfilter/nf_conntrack_common.h). */
function isOpening(state: string): boolean {
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(state)) return state === 'new' || state === 'untracked';
  return (Number(state) & (0x8 | 0x40)) !== 0;
}

/** Conditions beyond the model with one value behind them. */
const plainConditions: ReadonlySet<string> = new Set([
  'iifname',
  'oifname',
  'iif',
  'oif',
  'iifgroup',
  'oifgroup',
  'iiftype',
  'oiftype',
  'mark',
  'pkttype',
  'skuid',
  'skgid',
  'cgroup',
  'priority',
]);
/** Conditions and statements beyond the model that go on to the verdict or the end. */
const longConditions: ReadonlySet<string> = new Set([
  'limit',
  'quota',
  'ether',
  'vlan',
  'fib',
  'rt',
  'socket',
  'osf',
  'ipsec',
  'exthdr',
  'frag',
  'hbh',
  'dst',
  'mh',
  'arp',
  'time',
  'hour',
  'day',
  'meter',
  'add',
  'update',
  'set',
  'flow',
  'masquerade',
  'snat',
  'dnat',
  'redirect',
  'tproxy',
  'queue',
  'notrack',
  'dup',
  'fwd',
  'synproxy',
  'numgen',
  'last',
]);

/** Transports that have ports where nft says `th`. */
const withPorts: readonly Range[] = [6n, 17n, 33n, 132n, 136n].map((number) => ({
  first: number,
  last: number,
}));

function rangesToBoxes(field: Field, ranges: readonly Range[], negated: boolean, family: Family): Box[] {
  const merged = mergeRanges(ranges);
  const held = negated ? subtractRanges([wholeRange(bitsOf(field, family))], merged) : merged;
  return held.length === 0 ? [] : [{ [field]: held }];
}

/** The rule holds what it held of a family and the boxes too, and nothing of the families that are ruled out. */
function narrow(rule: Rule, family: Family, boxes: readonly Box[], ruledOut: readonly Family[]): void {
  rule.boxes[family] = intersectAll(rule.boxes[family], boxes);
  for (const other of ruledOut) rule.boxes[other] = [];
}
