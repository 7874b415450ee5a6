import type { DatagramDissector, Surroundings } from '../../dissector.ts';
import { type DnsMessage, readHeader, readMessage } from '../dns/message.ts';
import { stateAnnouncements } from './facts.ts';

const MDNS_PORT = 5353;
const LLMNR_PORT = 5355;
const mdnsGroups = new Set(['224.0.0.251', 'ff02::fb']);
const llmnrGroups = new Set(['224.0.0.252', 'ff02::1:3']);

/**
 * Multicast DNS (RFC 6762) with service discovery (RFC 6763). Its messages are DNS messages; the group's address or
 * port tells them from other DNS.
 */
export const mdns: DatagramDissector = {
  name: 'mdns',
  cost: 20,
  recognise: (payload, _from, around) => isAt(around, MDNS_PORT, mdnsGroups) && looksLikeDns(payload),
  // Query and announcement go to a group, so that neither side serves the other.
  serverSide: () => null,
  onDatagram(payload, from, report, around) {
    const message = sound(payload);
    if (message === null) return;
    report.protection('clear');
    if (!message.whole) report.malformed('mdns-message');
    stateAnnouncements(message, from, report, around);
  },
};

/** Link-local multicast name resolution (RFC 4795): as mDNS without services. */
export const llmnr: DatagramDissector = {
  name: 'llmnr',
  cost: 20,
  recognise: (payload, _from, around) => isAt(around, LLMNR_PORT, llmnrGroups) && looksLikeDns(payload),
  serverSide: (payload) => (readHeader(payload)?.response === true ? 'sender' : 'receiver'),
  onDatagram(payload, from, report, around) {
    const message = sound(payload);
    if (message === null) return;
    report.protection('clear');
    if (!message.whole) report.malformed('llmnr-message');
    stateAnnouncements(message, from, report, around);
    const [question] = message.questions;
    if (!message.header.response || message.records.length === 0 || question === undefined) return;
    const marks = [question.name.join('.').toLowerCase()];
    report.sight('name.answer', from, { protocol: 'llmnr' }, { marks });
  },
};

function isAt(around: Surroundings, port: number, groups: ReadonlySet<string>): boolean {
  if (around.serverPort === port || around.clientPort === port) return true;
  return groups.has(around.server.ip ?? '') || groups.has(around.client.ip ?? '');
}

function looksLikeDns(payload: Uint8Array): boolean {
  return sound(payload) !== null;
}

/** RFC 6762 §18: operation and response code are zero; a message without a single readable entry is none. */
function sound(payload: Uint8Array): DnsMessage | null {
  const message = readMessage(payload);
  if (message === null || message.header.opcode !== 0) return null;
  return message.questions.length + message.records.length > 0 ? message : null;
}
