import type { LogLine } from '@wardline/model';
import { SYSLOG_ELEMENTS } from '../limits.ts';

/** What stands in a message, as its form says. Nothing is masked yet. */
export type SyslogMessage = Pick<
  LogLine,
  'stated' | 'form' | 'facility' | 'severity' | 'host' | 'application' | 'process' | 'messageId' | 'text'
> & { data: [name: string, value: string][] };

/** 23 facilities of eight severities each (RFC 5424 §6.2.1). */
const MAX_PRIORITY = 191;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Version, time, host name, application, process, message (RFC 5424 §6.2). */
const modern = /^1 (\S{1,64}) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) /;
/** Time (RFC 3164 §4.1.2), or as rsyslog and others write it (RFC 3339). */
const oldTime =
  /^(?:([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)(?: (\d{4}))?|(\d{4}-\d\d-\d\dT[\d:.]{5,20}(?:Z|[+-]\d\d:\d\d)))[: ] ?/;
/** Host, then a tag that ends at what is no letter of a program's name (§4.1.3). */
const oldHead = /^(?:([A-Za-z0-9][\w.:-]{0,254}) )?([A-Za-z%/][\w./%-]{0,47})(?:\[(\d{1,10})\])?: ?/;
const utf8 = new TextDecoder();

/**
 * Reads one message of RFC 5424 or 3164; what is neither is a text (RFC 3164 §4.3.3). A year that the old form does not say is the one
 * that makes the time lie nearest before `at` (µs).
 */
export function readSyslogMessage(bytes: Uint8Array, at: number): SyslogMessage {
  const whole = utf8.decode(bytes).replace(/[\r\n\0]+$/, '');
  const head = /^<(\d{1,3})>/.exec(whole);
  if (head === null || Number(head[1]) > MAX_PRIORITY) return { ...nothing, text: whole };
  const priority = { facility: Number(head[1]) >> 3, severity: Number(head[1]) & 7 };
  const rest = whole.slice(head[0].length);
  const now = modern.exec(rest);
  return { ...(now === null ? old(rest, at) : current(rest.slice(now[0].length), now)), ...priority };
}

const nothing: SyslogMessage = {
  stated: null,
  form: 'other',
  facility: null,
  severity: null,
  host: null,
  application: null,
  process: null,
  messageId: null,
  text: '',
  data: [],
};

/** A hyphen says that a field has no value (RFC 5424 §6). */
const named = (text: string | undefined): string | null => (text === undefined || text === '-' ? null : text);

function current(
  rest: string,
  [, time, host, application, process, messageId]: RegExpExecArray,
): SyslogMessage {
  const { data, behind } = structuredData(rest);
  return {
    ...nothing,
    form: 'rfc5424',
    stated: microsOf(named(time)),
    host: named(host),
    application: named(application),
    process: named(process),
    messageId: named(messageId),
    data,
    text: rest
      .slice(behind)
      .replace(/^ /, '')
      .replace(/^\uFEFF/, ''),
  };
}

function microsOf(time: string | null): number | null {
  const at = time === null ? Number.NaN : Date.parse(time);
  return Number.isFinite(at) && at >= 0 ? at * 1000 : null;
}

const element = /\[([^\s="\]]{1,32})/y;
const parameter = / +([^\s="\]]{1,32})="((?:[^"\\\]]|\\[\s\S])*)"/y;

/** Elements with their parameters (§6.3); what is not well formed is part of the text. */
function structuredData(text: string): { data: [string, string][]; behind: number } {
  if (text.startsWith('-')) return { data: [], behind: 1 };
  const data: [string, string][] = [];
  let behind = 0;
  for (let count = 0; count < SYSLOG_ELEMENTS; count += 1) {
    const [found, after] = elementAt(text, behind);
    if (after === behind) break;
    data.push(...found);
    behind = after;
  }
  return { data, behind };
}

function elementAt(text: string, from: number): [[string, string][], number] {
  element.lastIndex = from;
  const id = element.exec(text)?.[1];
  if (id === undefined) return [[], from];
  const data: [string, string][] = [];
  let at = element.lastIndex;
  for (;;) {
    parameter.lastIndex = at;
    const found = parameter.exec(text);
    if (found === null) break;
    data.push([`${id}.${found[1]}`, found[2]!.replaceAll(/\\(["\\\]])/g, '$1')]);
    at = parameter.lastIndex;
  }
  return text[at] === ']' ? [data, at + 1] : [[], from];
}

function old(rest: string, at: number): SyslogMessage {
  const time = oldTime.exec(rest);
  const behind = rest.slice(time?.[0].length ?? 0);
  const head = oldHead.exec(behind);
  // Without a time there is no host: a relay writes both (§4.3.2).
  const host = time === null ? null : (head?.[1] ?? null);
  return {
    ...nothing,
    form: 'rfc3164',
    stated: time === null ? null : oldStated(time, at),
    host,
    application: head?.[2]?.replace(/^%.*$/, '') || null,
    process: head?.[3] ?? null,
    messageId: head?.[2]?.startsWith('%') === true ? head[2] : null,
    text: head === null ? behind : behind.slice(head[0].length),
  };
}

function oldStated(
  [, month, day, hour, minute, second, year, full]: RegExpExecArray,
  at: number,
): number | null {
  if (full !== undefined) return microsOf(full);
  const index = months.indexOf(month ?? '');
  if (index < 0) return null;
  const stated = (of: number) =>
    Date.UTC(of, index, Number(day), Number(hour), Number(minute), Number(second)) * 1000;
  if (year !== undefined) return stated(Number(year));
  const now = new Date(at / 1000).getUTCFullYear();
  // The zone is not said either: up to a day ahead may be now.
  return stated(now) > at + 86_400_000_000 ? stated(now - 1) : stated(now);
}
