import type { Facts } from '@wardline/model';
import type { DatagramDissector, FrameDissector } from '../../dissector.ts';
import { latin1 } from '../../text/wire-text.ts';

/** IEEE 1588-2019 table 36, each with the shortest length of its message (§13.5 to §13.13). */
const DELAY_REQUEST = 1;
const ANNOUNCE = 11;
const shortest: Readonly<Record<number, number>> = {
  0: 44,
  [DELAY_REQUEST]: 44,
  2: 54,
  3: 54,
  8: 44,
  9: 54,
  10: 54,
  [ANNOUNCE]: 64,
  12: 44,
  13: 48,
};
const VERSION = 2;

/** IEEE 1588-2002 annex D: synchronisations and requests for the delay, alike in length. */
const FIRST_LENGTH = 124;
const EVENT = 1;
const SYNC_1 = 0;
const DELAY_REQUEST_1 = 1;

type Clock = Facts['ptp.clock'];

/** Precision time over UDP (IEEE 1588-2019 annexes C and D): who gives the time, and who takes it. */
export const ptp: DatagramDissector = {
  name: 'ptp',
  cost: 3,
  firstBytes: Object.keys(shortest).flatMap((type) => [Number(type), 0x10 | Number(type)]),
  recognise: (payload) => (isMessage(payload) && lengthOf(payload) === payload.length) || isFirst(payload),
  onDatagram(payload, from, report) {
    report.protection('clear');
    const clock = isMessage(payload) ? clockOf(payload) : isFirst(payload) ? clockOfFirst(payload) : null;
    if (clock !== null) report.sight('ptp.clock', from, clock);
  },
};

/** The same straight over Ethernet (annex E), where padding may follow. */
export const ptpFrame: FrameDissector = {
  name: 'ptp',
  types: [0x88f7],
  onFrame(payload, source, report) {
    if (!isMessage(payload)) {
      report.malformed('ptp-message');
      return;
    }
    const clock = clockOf(payload);
    if (clock !== null) report.sight('ptp.clock', source, clock);
  },
};

function isMessage(bytes: Uint8Array): boolean {
  const least = shortest[(bytes[0] ?? 0) & 15];
  if (least === undefined || (bytes[1] ?? 0) % 16 !== VERSION) return false;
  const length = lengthOf(bytes);
  return length >= least && length <= bytes.length;
}

/** IEEE 1588-2002 table 11: versions, type, a technology that is assigned and the control field agree. */
function isFirst(bytes: Uint8Array): boolean {
  if (bytes.length !== FIRST_LENGTH || bytes[0] !== 0 || bytes[1] !== 1) return false;
  const isVersioned = bytes[2] === 0 && bytes[3] === 1;
  const isEvent = bytes[20] === EVENT && (bytes[32] === SYNC_1 || bytes[32] === DELAY_REQUEST_1);
  return isVersioned && isEvent && DOMAIN.test(subdomain(bytes));
}

/** Annex C: `_DFLT`, `_ALT1` to `_ALT3`, or a name of the user's. */
const DOMAIN = /^[\x21-\x7e]{1,16}$/;

function subdomain(bytes: Uint8Array): string {
  const field = bytes.subarray(4, 20);
  const end = field.indexOf(0);
  return latin1(field, 0, end < 0 ? field.length : end);
}

/** A synchronisation tells of its master and the grandmaster above it. */
function clockOfFirst(bytes: Uint8Array): Clock {
  const clock = { clockId: identity(bytes, 22, 6), domain: subdomain(bytes) };
  if (bytes[32] === DELAY_REQUEST_1) return { role: 'slave', ...clock };
  return { role: 'master', ...clock, grandmaster: identity(bytes, 54, 6), stratum: bytes[67]! };
}

function lengthOf(bytes: Uint8Array): number {
  return bytes.length < 4 ? 0 : (bytes[2]! << 8) | bytes[3]!;
}

/** Announcements tell of masters, delay requests of slaves; what else is sent adds nothing. */
function clockOf(bytes: Uint8Array): Clock | null {
  const type = bytes[0]! & 15;
  const clock = { clockId: identity(bytes, 20), domain: bytes[4]! };
  if (type === DELAY_REQUEST) return { role: 'slave', ...clock };
  if (type !== ANNOUNCE) return null;
  const grandmaster = { grandmaster: identity(bytes, 53), clockClass: bytes[48]!, priority: bytes[47]! };
  return { role: 'master', ...clock, ...grandmaster };
}

/** A clock's identity: eight bytes, mostly made of a hardware address (§7.5.2.2), and the address itself in the first version. */
function identity(bytes: Uint8Array, at: number, length = 8): string {
  return Array.from(bytes.subarray(at, at + length), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
