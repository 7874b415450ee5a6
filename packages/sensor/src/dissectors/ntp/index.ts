import type { Facts } from '@wardline/model';
import type { DatagramDissector, Reporter, Side, Surroundings } from '../../dissector.ts';
import { EARLIEST_TIME, HEADER, MAX_MESSAGE } from './limits.ts';

const PORT = 123;
/** RFC 5905 §7.3, figure 10. */
const modes = {
  symmetricActive: 1,
  symmetricPassive: 2,
  client: 3,
  server: 4,
  broadcast: 5,
  control: 6,
  private: 7,
};

/** Seconds from NTP's epoch, 1900, to Unix's; and of one of its eras. */
const UNIX_EPOCH = 2_208_988_800;
const ERA = 2 ** 32;

interface NtpHeader {
  version: number;
  mode: number;
  stratum: number;
}

/** Leap indicator, version 1 to 4, and a mode. */
const beginnings = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => {
  const version = (byte >>> 3) & 7;
  return version >= 1 && version <= 4 && (byte & 7) !== 0;
});

/** Network time (RFC 5905; versions 1 to 4): who asks for the time and who tells it, at which distance from a clock. */
export const ntp: DatagramDissector = {
  name: 'ntp',
  cost: 50,
  firstBytes: beginnings,
  recognise: (payload, _from, around) => isNtp(payload, around),
  serverSide(payload) {
    const mode = payload.length === 0 ? 0 : payload[0]! & 7;
    if (mode === modes.client || mode === modes.symmetricActive) return 'receiver';
    return mode === modes.server || mode === modes.symmetricPassive ? 'sender' : null;
  },
  onDatagram(payload, from, report, around) {
    if (!isNtp(payload, around)) return;
    report.protection('clear');
    stateRoles(readNtp(payload), from, report);
    stateClock(payload, from, report);
  },
};

/**
 * Control and private messages (RFC 9327, ntpd) are NTP but say nothing of a role in keeping time. Symmetric active is
 * how a host asks that could also be asked (Windows does so), passive how such a host is answered.
 */
function stateRoles({ mode, version, stratum }: NtpHeader, from: Side, report: Reporter): void {
  if (mode === modes.client || mode === modes.symmetricActive) {
    report.sight('ntp.role', from, { role: 'client', version });
  } else if (mode < modes.control) {
    report.sight('ntp.role', from, serving(version, stratum));
  }
}

/** The time at which an answer left its sender (RFC 5905 §7.3). Clients put in anything: some send a random number. */
function stateClock(payload: Uint8Array, from: Side, report: Reporter): void {
  const { mode, stratum } = readNtp(payload);
  if (payload.length < HEADER || mode !== modes.server || stratum === 0 || stratum > 15) return;
  const seconds = secondsAt(payload, 40);
  // RFC 5905 §6: the era that began in 2036 is that of small numbers.
  const era = seconds < EARLIEST_TIME ? ERA : 0;
  report.clock('ntp', from, (seconds + era - UNIX_EPOCH) * 1_000_000);
}

/** Stratum 0 is "unspecified" or a refusal (a kiss), not a distance. */
function serving(version: number, stratum: number): Facts['ntp.role'] {
  return stratum === 0 ? { role: 'server', version } : { role: 'server', version, stratum };
}

function readNtp(payload: Uint8Array): NtpHeader {
  return { version: (payload[0]! >>> 3) & 7, mode: payload[0]! & 7, stratum: payload[1]! };
}

/** The header has few fixed values, so that away from port 123 only a whole, plausible server's answer counts. */
function isNtp(payload: Uint8Array, around: Surroundings): boolean {
  if (payload.length < 12) return false;
  const header = readNtp(payload);
  if (header.version < 1 || header.version > 4 || header.mode === 0) return false;
  const atHome = around.serverPort === PORT || around.clientPort === PORT;
  if (header.mode >= modes.control) return atHome;
  if (payload.length < HEADER || payload.length > MAX_MESSAGE || payload.length % 4 !== 0) return false;
  if (header.stratum > 16) return false;
  return atHome || isPlausibleAnswer(payload, header);
}

function isPlausibleAnswer(payload: Uint8Array, { version, mode, stratum }: NtpHeader): boolean {
  if (mode !== modes.server || version < 3 || stratum === 0 || stratum > 15) return false;
  const soundPoll = payload[2]! <= 17;
  const soundPrecision = payload[3]! >= 0xe0;
  return (
    soundPoll &&
    soundPrecision &&
    secondsAt(payload, 32) > EARLIEST_TIME &&
    secondsAt(payload, 40) > EARLIEST_TIME
  );
}

function secondsAt(payload: Uint8Array, at: number): number {
  return payload.subarray(at, at + 4).reduce((seconds, byte) => seconds * 256 + byte, 0);
}
