import type { AlertForm, Severity } from '@wardline/model';
import { countedFrame, syslogHead } from '../audit/syslog.ts';
import { cefLineOf } from './cef.ts';
import type { NumberedAlert } from './numbered.ts';
import { ocsfFindingOf } from './ocsf.ts';

/** RFC 5424 §6.2.1: facility 4, security; with the severity that fits. */
const FACILITY = 4;
const syslogSeverities: Readonly<Record<Severity, number>> = {
  critical: 2,
  high: 3,
  medium: 4,
  low: 5,
  info: 6,
};
/** RFC 5425 §4.3.1: a receiver should take 8,192 bytes; what is longer may be cut in the middle. */
export const FRAME_BYTES = 8192;
/** Targets that a message still names that would be too long. */
const TARGETS_OF_LONG = 3;

export interface Teller {
  /** This server's own name. */
  host: string;
  version: string;
}

/** A state of an alert as one line in the form asked for. */
export function alertText(numbered: NumberedAlert, form: AlertForm, version: string): string {
  if (form === 'cef') return cefLineOf(numbered, version);
  if (form === 'ocsf') return JSON.stringify(ocsfFindingOf(numbered, version));
  const { number, site, at, alert } = numbered;
  return JSON.stringify({ number, site, at: new Date(at / 1000).toISOString(), alert });
}

/** The same as a message of syslog over TLS, no longer than receivers take: packets and further targets are left out of a long one. */
export function alertFrame(numbered: NumberedAlert, form: AlertForm, { host, version }: Teller): Buffer {
  const { at, number, alert } = numbered;
  const priority = FACILITY * 8 + syslogSeverities[alert.severity];
  const head = syslogHead(priority, 'ALERT', { at, host, sequence: number });
  const frameOf = (one: NumberedAlert) => countedFrame(head, alertText(one, form, version));
  const whole = frameOf(numbered);
  return whole.length <= FRAME_BYTES ? whole : frameOf({ ...numbered, alert: shortened(alert) });
}

function shortened(alert: NumberedAlert['alert']): NumberedAlert['alert'] {
  return { ...alert, evidence: [], facts: {}, targets: alert.targets.slice(0, TARGETS_OF_LONG) };
}

/** Numbers that are gone for good, told in their place. */
export interface Gap {
  from: number;
  upTo: number;
}

export const gapOf = ({ from, upTo }: Gap) => ({
  wardline: 'numbers-gone',
  from,
  upTo,
  text: `Alerts ${from} to ${upTo} were told while this receiver was away, and are no longer kept.`,
});

/** A message of syslog over TLS that says which numbers never come. */
export function gapFrame(gap: Gap, at: number, { host }: Teller): Buffer {
  const head = syslogHead(FACILITY * 8 + syslogSeverities.high, 'NUMBERS-GONE', { at, host, sequence: null });
  return countedFrame(head, JSON.stringify(gapOf(gap)));
}
