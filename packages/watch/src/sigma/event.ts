import type { LogLine, Sighting } from '@wardline/model';

/** What a rule is asked of: fields by name, and a whole text for keywords. */
export interface LogEvent {
  /** `log`: a line that a device sent; `fact`: what a sensor saw of a protocol. */
  source: 'log' | 'fact';
  /** The program that logs, or the kind of fact; in small letters. */
  service: string;
  facility: number | null;
  text: string;
  /** Values of a field, whatever the case of its name; none where there is no such field. */
  valuesOf: (field: string) => readonly string[];
}

const severities = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];
/** RFC 5424 §6.2.1, as syslog daemons call them. */
const facilities = [
  'kern',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'cron',
  'authpriv',
  'ftp',
  'ntp',
  'audit',
  'alert',
  'clock',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
];

/** A line under the names that rules for syslog use; structured data goes by its whole name and by its last part. */
export function eventOfLine(line: LogLine): LogEvent {
  const { text, host, application, process, messageId, facility, severity, source } = line;
  const fields = new Map<string, string[]>();
  const add = (name: string, value: string | null) => {
    if (value === null) return;
    const key = name.toLowerCase();
    fields.set(key, [...(fields.get(key) ?? []), value]);
  };
  for (const name of ['message', 'msg', 'log']) add(name, text);
  for (const name of ['hostname', 'host', 'computer']) add(name, host);
  for (const name of ['appname', 'program', 'programname', 'application']) add(name, application);
  for (const name of ['procid', 'pid']) add(name, process);
  add('msgid', messageId);
  for (const name of ['facility', 'syslogfacility-text'])
    add(name, facility === null ? null : facilities[facility]!);
  for (const name of ['severity', 'syslogseverity-text', 'level'])
    add(name, severity === null ? null : severities[severity]!);
  for (const name of ['fromhost-ip', 'source_ip', 'device_ip']) add(name, source.ip);
  for (const [name, value] of Object.entries(line.fields)) {
    add(name, value);
    if (name.includes('.')) add(name.slice(name.lastIndexOf('.') + 1), value);
  }
  const head = [host, application, messageId].filter((one) => one !== null);
  const data = Object.entries(line.fields).map(([name, value]) => `${name}=${value}`);
  return {
    source: 'log',
    service: application?.toLowerCase() ?? '',
    facility,
    text: [...head, text, ...data].join(' '),
    valuesOf: (field) => fields.get(field.toLowerCase()) ?? [],
  };
}

/** A fact under its own fields, and who told it: `subject.ip`, `peer.ip`, `port`. */
export function eventOfSighting({ kind, subject, peer, service, facts }: Sighting): LogEvent {
  const fields = new Map<string, string[]>();
  for (const [name, value] of Object.entries(facts as Record<string, unknown>))
    fields.set(name.toLowerCase(), wordsOf(value));
  const add = (name: string, value: string | number | null | undefined) => {
    if (value !== null && value !== undefined) fields.set(name, [String(value)]);
  };
  add('kind', kind);
  add('subject.ip', subject.ip);
  add('subject.mac', subject.mac);
  add('vlan', subject.vlan);
  add('peer.ip', peer?.ip);
  add('peer.mac', peer?.mac);
  add('transport', service?.transport);
  add('port', service?.port);
  return {
    source: 'fact',
    service: kind.toLowerCase(),
    facility: null,
    text: [...fields].map(([name, values]) => `${name}=${values.join(',')}`).join(' '),
    valuesOf: (field) => fields.get(field.toLowerCase()) ?? [],
  };
}

function wordsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(wordsOf);
  if (value === null || value === undefined) return [];
  return [typeof value === 'string' ? value : JSON.stringify(value)];
}

/** Facilities of what is written about people who sign in: security and authorisation messages. */
const AUTH = new Set([4, 10]);

/** True for events of a rule's source of logs. */
export function isOfSource(
  { product, service }: { product: string | null; service: string | null },
  event: LogEvent,
): boolean {
  if ((product === 'wardline') !== (event.source === 'fact')) return false;
  if (service === null || service === 'syslog') return true;
  if (event.service === service) return true;
  if (service === 'auth') return AUTH.has(event.facility ?? -1);
  if (service === 'auditd') return ['audit', 'audispd', 'audisp-syslog'].includes(event.service);
  return (
    service === 'cron' && (event.facility === 9 || ['crond', 'cron.d', 'anacron'].includes(event.service))
  );
}
