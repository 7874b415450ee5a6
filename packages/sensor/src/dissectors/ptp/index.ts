import type { Facts } from '@wardline/model';
import type { DatagramDissector, FrameDissector } from '../../dissector.ts';

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

type Clock = Facts['ptp.clock'];

/** Precision time over UDP (IEEE 1588-2019 annexes C and D): who gives the time, and who takes it. */
export const ptp: DatagramDissector = {
  name: 'ptp',
  cost: 3,
  firstBytes: Object.keys(shortest).flatMap((type) => [Number(type), 0x10 | Number(type)]),
  recognise: (payload) => isMessage(payload) && lengthOf(payload) === payload.length,
  onDatagram(payload, from, report) {
    report.protection('clear');
    const clock = isMessage(payload) ? clockOf(payload) : null;
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

/** Eight bytes of clock identity, mostly made of a hardware address (§7.5.2.2). */
function identity(bytes: Uint8Array, at: number): string {
  return Array.from(bytes.subarray(at, at + 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
