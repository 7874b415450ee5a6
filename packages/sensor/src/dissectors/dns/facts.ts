import type { Facts } from '@wardline/model';
import type { Reporter, Side, Surroundings } from '../../dissector.ts';
import { ipv4At, ipv6At } from '../../network/address.ts';
import { factText } from '../../text/wire-text.ts';
import { MAX_NAME, MAX_NAMES_STATED } from './limits.ts';
import { mayBeLocal } from './local-address.ts';
import { type DnsMessage, type ResourceRecord, types } from './message.ts';
import { readName } from './name.ts';

interface NamedAddress {
  ip: string;
  facts: Facts['dns.name'];
}

/** States what a response says: who has which name, and that its sender is a name server. Queries say nothing. */
export function stateAnswers(message: DnsMessage, from: Side, report: Reporter, around: Surroundings): void {
  if (!message.header.response) return;
  report.sight('dns.server', from, { recursive: message.header.recursionAvailable });
  let stated = 0;
  for (const record of message.records) {
    const named = stated < MAX_NAMES_STATED ? namedAddress(message.bytes, record) : null;
    if (named === null || !mayBeLocal(named.ip, around)) continue;
    report.sight('dns.name', { mac: null, ip: named.ip, vlan: null }, named.facts);
    stated++;
  }
}

/** The address of an A or AAAA record, or null where the record is another or not of its length. */
export function addressOf(bytes: Uint8Array, record: ResourceRecord): string | null {
  const length = record.end - record.start;
  if (record.type === types.a && length === 4) return ipv4At(bytes, record.start);
  return record.type === types.aaaa && length === 16 ? ipv6At(bytes, record.start) : null;
}

export function nameText(labels: readonly string[]): string | undefined {
  return factText(labels.join('.'), MAX_NAME);
}

function namedAddress(bytes: Uint8Array, record: ResourceRecord): NamedAddress | null {
  if (record.section !== 'answer' || record.class !== 1) return null;
  if (record.type === types.ptr) return pointedName(bytes, record);
  const ip = addressOf(bytes, record);
  const name = nameText(record.name);
  if (ip === null || name === undefined) return null;
  return { ip, facts: { name, type: record.type === types.a ? 'A' : 'AAAA' } };
}

function pointedName(bytes: Uint8Array, record: ResourceRecord): NamedAddress | null {
  const ip = reverseAddress(record.name);
  const target = ip === null ? null : readName(bytes, record.start);
  const name = target === null || target.next !== record.end ? undefined : nameText(target.labels);
  return ip === null || name === undefined ? null : { ip, facts: { name, type: 'PTR' } };
}

/** The address that a name below in-addr.arpa or ip6.arpa stands for (RFC 1035 §3.5, RFC 3596 §2.5). */
export function reverseAddress(labels: readonly string[]): string | null {
  const zone = labels.slice(-2).join('.').toLowerCase();
  const digits = labels.slice(0, -2).toReversed();
  if (zone === 'in-addr.arpa' && digits.length === 4) return reverseIpv4(digits);
  return zone === 'ip6.arpa' && digits.length === 32 ? reverseIpv6(digits) : null;
}

function reverseIpv4(digits: readonly string[]): string | null {
  const numbers = digits.map((digit) => (/^\d{1,3}$/.test(digit) ? Number(digit) : 256));
  return numbers.every((number) => number < 256) ? numbers.join('.') : null;
}

function reverseIpv6(digits: readonly string[]): string | null {
  if (!digits.every((digit) => /^[0-9a-f]$/i.test(digit))) return null;
  const hex = digits.join('');
  return ipv6At(
    Uint8Array.from(hex.match(/../g)!, (pair) => Number.parseInt(pair, 16)),
    0,
  );
}
