import type { Facts } from '@wardline/model';
import { latin1 } from '../../text/wire-text.ts';
import { HEAD_BYTES, MAX_APPLICATION, MAX_HOSTNAME } from './limits.ts';

type Sender = Facts['syslog.sender'];

/** 23 facilities of eight severities each (RFC 5424 §6.2.1). */
const MAX_PRIORITY = 191;

/** Priority, version, time, host name, application (RFC 5424 §6). */
const modern = /^<(\d{1,3})>1 (?:-|\d{4}-\d\d-\d\dT[\d:.Z+-]{5,32}) (\S{1,255}) (\S{1,48}) /;
/** Priority and time (RFC 3164 §4.1). */
const old = /^<(\d{1,3})>(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d /;
/** Behind them a host and a program with its process: anything looser could be the beginning of the text. */
const program = /^([A-Za-z0-9][\w.:-]{0,254}) ([A-Za-z][\w./-]{0,47})\[\d{1,10}\]: /;

/** What a message's head says of its sender; null where it is none. The text behind the head is not read. */
export function readHead(bytes: Uint8Array): Sender | null {
  const text = latin1(bytes, 0, HEAD_BYTES);
  const now = modern.exec(text);
  if (now !== null) return sender('rfc5424', now[1]!, now[2], now[3]);
  const before = old.exec(text);
  if (before === null) return null;
  const named = program.exec(text.slice(before[0].length));
  return sender('rfc3164', before[1]!, named?.[1], named?.[2]);
}

/** A hyphen says that a field has no value (RFC 5424 §6). */
function sender(
  format: Sender['format'],
  priority: string,
  host?: string,
  application?: string,
): Sender | null {
  const number = Number(priority);
  if (number > MAX_PRIORITY) return null;
  const facts: Sender = { format, facility: number >> 3 };
  if (host !== undefined && host !== '-') facts.hostname = host.slice(0, MAX_HOSTNAME);
  if (application !== undefined && application !== '-')
    facts.application = application.slice(0, MAX_APPLICATION);
  return facts;
}
