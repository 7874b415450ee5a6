import type {
  DatagramDissector,
  Recognition,
  Reporter,
  StreamDissector,
  StreamSession,
} from '../../dissector.ts';
import { readHead } from './head.ts';
import { HEAD_BYTES } from './limits.ts';

const LESS = 0x3c;
const SPACE = 0x20;
const NEWLINE = 0x0a;
const digits = Array.from({ length: 9 }, (_, i) => 0x31 + i);

/** Syslog over UDP (RFC 5426, RFC 3164): who logs where, never what. */
export const syslog: DatagramDissector = {
  name: 'syslog',
  cost: 5,
  firstBytes: [LESS],
  recognise: (payload) => readHead(payload) !== null,
  serverSide: () => 'receiver',
  onDatagram(payload, from, report) {
    report.protection('clear');
    const facts = readHead(payload);
    if (facts !== null) report.sight('syslog.sender', from, facts);
  },
};

/** Syslog over TCP (RFC 6587), by octet counting or with a line feed behind each message. */
export const syslogStream: StreamDissector = {
  name: 'syslog',
  cost: 5,
  firstBytes: { client: [LESS, ...digits], server: [] },
  recognise: (fromClient) => recognise(fromClient),
  open: (report) => session(report),
};

/** A header with all of its fields at their longest (RFC 5424 §6) is below it. */
const LONGEST_HEAD = 512;

function recognise(bytes: Uint8Array): Recognition {
  const start = messageStart(bytes);
  if (start === null) return bytes.length < 8 ? 'more' : 'no';
  if (readHead(bytes.subarray(start.at)) !== null) return 'yes';
  return bytes.length - start.at < LONGEST_HEAD ? 'more' : 'no';
}

interface Start {
  at: number;
  /** Null where a line feed ends the message. */
  length: number | null;
}

/** At most five digits and a space count the bytes (RFC 6587 §3.4.1). */
function messageStart(bytes: Uint8Array): Start | null {
  if (bytes[0] === LESS) return { at: 0, length: null };
  let length = 0;
  for (let at = 0; at < 6 && at < bytes.length; at++) {
    if (bytes[at] === SPACE) return at > 0 && bytes[at + 1] === LESS ? { at: at + 1, length } : null;
    if (bytes[at]! < 0x30 || bytes[at]! > 0x39) return null;
    length = length * 10 + bytes[at]! - 0x30;
  }
  return null;
}

function session(report: Reporter): StreamSession {
  report.protection('clear');
  return {
    onData(from, bytes) {
      if (from === 'server') return bytes.length;
      const start = messageStart(bytes);
      if (start === null) return skipLine(bytes, 0);
      const end = start.length === null ? skipLine(bytes, start.at) : start.at + start.length;
      // The head must be there whole; what is longer than any head is skipped without waiting for its end.
      if (bytes.length < Math.min(end === 0 ? Number.POSITIVE_INFINITY : end, start.at + HEAD_BYTES))
        return 0;
      const facts = readHead(bytes.subarray(start.at));
      if (facts !== null) report.sight('syslog.sender', from, facts);
      return end === 0 ? bytes.length : end;
    },
  };
}

/** Behind the next line feed, or 0 where there is none yet. */
function skipLine(bytes: Uint8Array, from: number): number {
  return bytes.indexOf(NEWLINE, from) + 1;
}
