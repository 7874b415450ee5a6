import type { Endpoint } from '@wardline/model';
import type { FrameReporter, PacketDissector } from '../../dissector.ts';
import { ipv6At } from '../../network/address.ts';
import { HOP_LIMIT, MAX_RECORDS } from './limits.ts';

/** RFC 2710 §3 and RFC 3810 §5. */
const QUERY = 130;
const REPORT = 131;
const DONE = 132;
const REPORT_2 = 143;
/** Of the first version's messages; a query of the second is longer. */
const FIRST_LENGTH = 24;
const QUERY_2_LENGTH = 28;
const REPORT_2_LENGTH = 8;
const RECORD_LENGTH = 20;

/** RFC 3810 §5.2.12: what is said of sources; a host listens unless it names none to be included, or only blocks some. */
const EXCLUDING = new Set([2, 4]);
const INCLUDING = new Set([1, 3, 5]);

/** Every address has such a group of its own (RFC 4291 §2.7.1); they say nothing that the address does not. */
const SOLICITED_NODE = 'ff02::1:ff';
const UNSPECIFIED = '::';

/** Which groups of IPv6 a host listens to, and which router asks for them. */
export const mld: PacketDissector = {
  name: 'mld',
  protocols: [58],
  onPacket(payload, { source, hopLimit }, report) {
    const type = payload[0];
    if (type !== QUERY && type !== REPORT && type !== REPORT_2 && type !== DONE) return;
    const least = type === REPORT_2 ? REPORT_2_LENGTH : FIRST_LENGTH;
    if (hopLimit !== HOP_LIMIT || payload.length < least || payload[1] !== 0) {
      report.malformed('mld-message');
      return;
    }
    const sender = source.ip === UNSPECIFIED ? { ...source, ip: null } : source;
    if (type === QUERY) stateQuery(payload, sender, report);
    else if (type === REPORT) stateListener(ipv6At(payload, 8), 1, sender, report);
    else if (type === REPORT_2) stateRecords(payload, sender, report);
  },
};

/** RFC 3810 §8.1. A query without a sender's address is a snooping switch's, which is no router. */
function stateQuery(payload: Uint8Array, sender: Endpoint, report: FrameReporter): void {
  if (sender.ip === null) return;
  if (payload.length !== FIRST_LENGTH && payload.length < QUERY_2_LENGTH) report.malformed('mld-message');
  else report.sight('mld.querier', sender, { version: payload.length === FIRST_LENGTH ? 1 : 2 });
}

function stateRecords(payload: Uint8Array, sender: Endpoint, report: FrameReporter): void {
  const count = Math.min((payload[6]! << 8) | payload[7]!, MAX_RECORDS);
  let at = REPORT_2_LENGTH;
  for (let record = 0; record < count; record++) {
    const sources = at + RECORD_LENGTH <= payload.length ? (payload[at + 2]! << 8) | payload[at + 3]! : -1;
    const next = at + RECORD_LENGTH + 16 * sources + 4 * (payload[at + 1] ?? 0);
    if (sources < 0 || next > payload.length) {
      report.malformed('mld-record');
      return;
    }
    const type = payload[at]!;
    if (EXCLUDING.has(type) || (INCLUDING.has(type) && sources > 0))
      stateListener(ipv6At(payload, at + 4), 2, sender, report);
    at = next;
  }
}

function stateListener(group: string, version: number, sender: Endpoint, report: FrameReporter): void {
  if (group.startsWith(SOLICITED_NODE)) return;
  if (!group.startsWith('ff')) report.malformed('mld-group');
  else report.sight('mld.listener', sender, { group, version });
}
