import { families } from '../../resolve.ts';
import type { Family, Range } from '../../space/addresses.ts';
import { subtractRanges } from '../../space/boxes.ts';
import { type Box, type Field, protocols } from '../../space/packet.ts';
import type { NftCursor } from './cursor.ts';
import type { Selector, ValueKind } from './model.ts';

const only = (...numbers: readonly bigint[]): Box => ({
  protocol: numbers.map((number): Range => ({ first: number, last: number })),
});

/** Transports that have ports where nft says `th`. */
const withPorts = only(6n, 17n, 33n, 132n, 136n);
const transports: Readonly<Record<string, Box>> = {
  tcp: only(6n),
  udp: only(17n),
  dccp: only(33n),
  sctp: only(132n),
  udplite: only(136n),
  th: withPorts,
};
const others: Readonly<Record<string, Box>> = {
  ah: only(51n),
  esp: only(50n),
  comp: only(108n),
  gre: only(47n),
  igmp: only(2n),
};

const read = (
  what: string,
  kind: ValueKind,
  field: Field,
  own: readonly Family[],
  needs: Box = {},
): Selector => ({ what, kind, field, families: own, needs });

const beyond = (what: string, own: readonly Family[] = families, needs: Box = {}): Selector => ({
  what,
  kind: 'other',
  field: null,
  families: own,
  needs,
});

/** Protocols whose packets have no ports. */
export const withoutPorts: readonly Range[] = subtractRanges(
  [{ first: 0n, last: 255n }],
  withPorts.protocol!,
);

/** A field of a packet, as a condition or a part of one; null where the next word begins none. */
export function readSelector(cursor: NftCursor): Selector | null {
  const { text } = cursor.token;
  if (cursor.token.kind !== 'word') return null;
  if (Object.hasOwn(transports, text)) return ofTransport(cursor, cursor.next().text);
  if (Object.hasOwn(others, text)) {
    cursor.next();
    return beyond(`${text} ${cursor.word('a field')}`, families, others[text]!);
  }
  if (cursor.takeWord('ip')) return ofInternet(cursor, 4);
  if (cursor.takeWord('ip6')) return ofInternet(cursor, 6);
  if (cursor.takeWord('icmp', 'icmpv6')) return ofIcmp(cursor, text as 'icmp' | 'icmpv6');
  if (cursor.takeWord('meta')) return ofMeta(cursor.word('a field of meta'));
  if (cursor.takeWord('ct')) return ofConntrack(cursor);
  if (plainFields.has(text)) return beyond(cursor.next().text);
  if (cursor.takeWord('ether', 'vlan', 'arp', 'rt', 'socket', 'frag', 'hbh', 'dst', 'mh', 'exthdr', 'osf'))
    return beyond(`${text} ${cursor.word('a field')}`);
  return cursor.takeWord('fib') ? ofRoutes(cursor) : null;
}

/** The kind of what `typeof` names; null where it is no field. */
export function kindOfSelector(cursor: NftCursor): ValueKind | null {
  return readSelector(cursor)?.kind ?? null;
}

function ofInternet(cursor: NftCursor, family: Family): Selector {
  const field = cursor.word('saddr, daddr or protocol');
  const what = `${family === 4 ? 'ip' : 'ip6'} ${field}`;
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  if (field === 'saddr') return read(what, kind, 'source', [family]);
  if (field === 'daddr') return read(what, kind, 'destination', [family]);
  if (field === (family === 4 ? 'protocol' : 'nexthdr')) return read(what, 'protocol', 'protocol', [family]);
  if (field === 'option') return beyond(`${what} ${cursor.word('an option')}`, [family]);
  return beyond(what, [family]);
}

function ofTransport(cursor: NftCursor, name: string): Selector {
  const field = cursor.word('dport or sport');
  const needs = transports[name]!;
  if (field === 'dport') return read(`${name} dport`, 'port', 'destinationPort', families, needs);
  if (field === 'sport') return read(`${name} sport`, 'port', 'sourcePort', families, needs);
  if (field !== 'option' && field !== 'chunk') return beyond(`${name} ${field}`, families, needs);
  const option = cursor.word('an option');
  const part = cursor.token.text;
  const hasField = cursor.token.kind === 'word' && !['exists', 'missing'].includes(part) && !/^\d/.test(part);
  return beyond(`${name} option ${option}${hasField ? ` ${cursor.next().text}` : ''}`, families, needs);
}

function ofIcmp(cursor: NftCursor, name: 'icmp' | 'icmpv6'): Selector {
  const family: Family = name === 'icmp' ? 4 : 6;
  const needs = only(protocols[name]!);
  const field = cursor.word('type or code');
  const what = `${name} ${field}`;
  if (field === 'type') return read(what, name, 'sourcePort', [family], needs);
  if (field === 'code') return read(what, `${name}-code`, 'destinationPort', [family], needs);
  return beyond(what, [family], needs);
}

function ofMeta(field: string): Selector {
  return field === 'l4proto'
    ? read('meta l4proto', 'protocol', 'protocol', families)
    : beyond(`meta ${field}`);
}

/** `ct mark`, `ct original ip saddr`, `ct reply proto-dst` */
function ofConntrack(cursor: NftCursor): Selector {
  const field = cursor.word('a field of ct');
  if (field !== 'original' && field !== 'reply') return beyond(`ct ${field}`);
  const next = cursor.word('a field of ct');
  const isLong = next === 'ip' || next === 'ip6';
  return beyond(`ct ${field} ${next}${isLong ? ` ${cursor.word('saddr or daddr')}` : ''}`);
}

/** `fib saddr . iif oif` */
function ofRoutes(cursor: NftCursor): Selector {
  const parts = ['fib', cursor.word('what is looked up')];
  while (cursor.takeWord('.')) parts.push('.', cursor.word('what is looked up'));
  parts.push(cursor.word('type, oif or oifname'));
  return beyond(parts.join(' '));
}

/** Fields beyond the model that are one word. */
const plainFields: ReadonlySet<string> = new Set([
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
  'time',
  'hour',
  'day',
]);
