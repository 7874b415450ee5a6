import { instantOf } from './act.ts';

/** Facility 10 (security), severity 5 (notice): what IHE ATNA prescribes (ITI-20 §3.20.4.1.2.1). */
const PRIORITY = 85;
/** RFC 5424 §7.3.1: the largest sequenceId; after it numbers begin at 1 again. */
const LAST_SEQUENCE = 2_147_483_647;
/** RFC 5424 §6.2: longest host name and process name. */
const HOST_CHARS = 255;

export interface SyslogHeader {
  /** Microseconds since the epoch. */
  at: number;
  host: string;
  /** The act's number in the ledger; null for a message that is no act. */
  sequence: number | null;
}

/** One audit message as a frame of syslog over TLS: RFC 5425 §4.3 octet counting around RFC 5424. */
export function syslogFrame(header: SyslogHeader, text: string): Buffer {
  return countedFrame(syslogHead(PRIORITY, 'DICOM+RFC3881', header), `\ufeff${text}`);
}

/** RFC 5424 §6.2 and §6.3, up to the message. */
export function syslogHead(priority: number, name: string, { at, host, sequence }: SyslogHeader): string {
  const numbered = sequence === null ? '-' : `[meta sequenceId="${((sequence - 1) % LAST_SEQUENCE) + 1}"]`;
  return `<${priority}>1 ${instantOf(at)} ${hostName(host)} wardline - ${name} ${numbered}`;
}

/** RFC 5425 §4.3.1: its length in bytes stands before a message. */
export function countedFrame(head: string, text: string): Buffer {
  const body = Buffer.from(`${head} ${text}`, 'utf8');
  return Buffer.concat([Buffer.from(`${body.length} `, 'ascii'), body]);
}

/** Printable ASCII without spaces, or nothing. */
const hostName = (host: string): string => host.replaceAll(/[^\x21-\x7e]/g, '').slice(0, HOST_CHARS) || '-';
