import type { Endpoint } from '@wardline/model';
import type { DatagramDissector, Reporter, Side, Surroundings } from '../../dissector.ts';
import { ipv4At } from '../../network/address.ts';
import {
  type DnsMessage,
  type Header,
  type ResourceRecord,
  readHeader,
  readMessage,
  types,
} from '../dns/message.ts';
import { MAX_NAMES, MAX_OWNERS } from './limits.ts';
import { decodeName, isReportable, type NetbiosName, nameOf } from './netbios-name.ts';

export { nbdgm } from './datagram.ts';

/** RFC 1002 §4.2.1.1: query, registration, release, WACK, refresh (and the value that some systems send for it). */
const operations = { query: 0, registration: 5, release: 6, wack: 7, refresh: 8, refreshAlternative: 9 };
const known = new Set<number>(Object.values(operations));
const GROUP = 0x80;

/** NetBIOS name service (RFC 1001, 1002): who has registered, refreshed or been found under which name. */
export const nbns: DatagramDissector = {
  name: 'nbns',
  cost: 10,
  recognise: (payload) => sound(payload) !== null,
  serverSide(payload) {
    const header = readHeader(payload);
    return header === null ? null : header.response ? 'sender' : 'receiver';
  },
  onDatagram(payload, from, report, around) {
    const message = sound(payload);
    if (message === null) return;
    report.protection('clear');
    if (!message.whole) report.malformed('nbns-message');
    stateAnswer(message, from, report);
    for (const record of message.records.slice(0, MAX_OWNERS)) {
      if (record.type === types.nb) stateOwner(message, record, from, report, around);
      else if (record.type === types.nbstat) stateNames(message.bytes, record, from, report);
    }
  },
};

/** The first name must be a NetBIOS name: 32 letters from A to P, which no DNS name is by chance. */
function sound(payload: Uint8Array): DnsMessage | null {
  const header = readHeader(payload);
  if (header === null || !known.has(header.opcode) || !soundCounts(header)) return null;
  const message = readMessage(payload);
  const first = message?.questions[0] ?? message?.records[0];
  if (message === null || first === undefined || decodeName(first.name[0] ?? '') === null) return null;
  return first.type === types.nb || first.type === types.nbstat || first.type === 10 ? message : null;
}

function soundCounts({ counts }: Header): boolean {
  return counts.every((count) => count <= MAX_OWNERS) && counts.some((count) => count > 0);
}

/** Names are stated of who registers or refreshes them, and of whom a positive answer gives as their owner. */
function stateOwner(
  message: DnsMessage,
  record: ResourceRecord,
  from: Side,
  report: Reporter,
  around: Surroundings,
): void {
  const { opcode, response, flags } = message.header;
  if (opcode === operations.release || opcode === operations.wack || (flags & 15) !== 0) return;
  if (response !== (opcode === operations.query)) return;
  const name = decodeName(record.name[0] ?? '');
  for (let at = record.start; at + 6 <= record.end; at += 6) {
    const group = (message.bytes[at]! & GROUP) !== 0;
    state(name, group, ownerOf(ipv4At(message.bytes, at + 2), from, around), report);
  }
}

/** A positive answer to a question of the link; group names are answered by whoever is in the group. */
function stateAnswer({ header, records, bytes }: DnsMessage, from: Side, report: Reporter): void {
  const { response, opcode, flags } = header;
  const record = records.find(({ type, start, end }) => type === types.nb && end > start);
  if (!response || opcode !== operations.query || (flags & 15) !== 0 || record === undefined) return;
  if ((bytes[record.start]! & GROUP) !== 0) return;
  report.sight('name.answer', from, { protocol: 'nbns' }, { marks: [record.name.join('.')] });
}

function ownerOf(ip: string, from: Side, around: Surroundings): Side | Endpoint {
  const sender = around[from];
  return ip === sender.ip || ip === '0.0.0.0' ? from : { mac: null, ip, vlan: null };
}

/** RFC 1002 §4.2.18: all names of the node that answers. */
function stateNames(bytes: Uint8Array, record: ResourceRecord, from: Side, report: Reporter): void {
  const count = record.end > record.start ? Math.min(bytes[record.start]!, MAX_NAMES) : 0;
  for (let i = 0, at = record.start + 1; i < count && at + 18 <= record.end; i++, at += 18) {
    state(nameOf(bytes.subarray(at, at + 16)), (bytes[at + 16]! & GROUP) !== 0, from, report);
  }
}

function state(name: NetbiosName | null, group: boolean, about: Side | Endpoint, report: Reporter): void {
  if (name !== null && isReportable(name)) report.sight('nbns.name', about, { ...name, group });
}
