import type { Facts } from '@wardline/model';
import { BerReader } from '../../bytes/ber.ts';
import type { DatagramDissector, Reporter, Side } from '../../dissector.ts';
import { factText, present } from '../../text/wire-text.ts';
import { MAX_TEXT } from './limits.ts';
import { beginsWith, messageLength, operations, readMessage } from './message.ts';
import { assertionsOf, readNetlogon } from './netlogon.ts';
import { readEntry, rootFacts } from './root.ts';

/** LDAP over UDP ([MS-ADTS] §3.1.1.3.1.3.1), by which Windows finds its domain controllers. */
export const cldap: DatagramDissector = {
  name: 'cldap',
  cost: 12,
  firstBytes: [0x30],
  recognise: (payload) => kindOf(payload) !== null,
  serverSide: (payload) => (kindOf(payload) === 'response' ? 'sender' : 'receiver'),
  onDatagram,
};

/** Searches and their answers only: nothing else makes sense without a connection. */
function kindOf(payload: Uint8Array): 'request' | 'response' | null {
  const total = messageLength(payload);
  if (total === null || total === 0 || total > payload.length) return null;
  if (beginsWith(payload, 'request') === 'yes') return 'request';
  return beginsWith(payload, 'response') === 'yes' ? 'response' : null;
}

function onDatagram(payload: Uint8Array, from: Side, report: Reporter): void {
  const message = readMessage(payload.subarray(0, messageLength(payload) ?? 0));
  report.protection('clear');
  if (message === null) report.malformed('cldap-message');
  else if (message.operation === operations.searchRequest) ping(message.content, from, report);
  else if (message.operation === operations.searchEntry) answer(message.content, from, report);
}

/** Base, scope, aliases, size, time, types, then the filter (RFC 4511 §4.5.1). */
function ping(content: Uint8Array, from: Side, report: Reporter): void {
  const reader = new BerReader(content);
  for (let field = 0; field < 6; field++) reader.next();
  const filter = reader.next();
  if (filter === null || filter.tag !== 0xa0) return;
  const asked = filterNames(filter.content);
  if (Object.keys(asked).length === 0) return;
  report.sight('ldap.client', from, { version: 3, authentication: 'anonymous', ...asked });
}

function filterNames(content: Uint8Array): Pick<Facts['ldap.client'], 'hostname' | 'domain'> {
  const found = assertionsOf(content);
  return present<Pick<Facts['ldap.client'], 'hostname' | 'domain'>>({
    hostname: factText(found.get('host') ?? '', MAX_TEXT),
    domain: factText(found.get('dnsdomain') ?? '', MAX_TEXT)?.replace(/\.$/, ''),
  });
}

function answer(content: Uint8Array, from: Side, report: Reporter): void {
  const entry = readEntry(content);
  if (entry === null) {
    report.malformed('cldap-entry');
    return;
  }
  const blob = entry.attributes.get('netlogon')?.[0];
  const facts = blob === undefined ? rootFacts(entry) : readNetlogon(blob);
  if (facts !== null && Object.keys(facts).length > 0) report.sight('ldap.server', from, facts);
}
