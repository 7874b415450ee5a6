import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.ts';

export interface Mail {
  host: string;
  port: number;
  /** `always`: from the start; `required`: by STARTTLS or not at all; `offered`: by STARTTLS where the relay has it. */
  tls: 'always' | 'required' | 'offered';
  /** PEM; without it the system's own authorities are trusted. */
  ca: string | undefined;
  from: string;
  to: string;
}

/** Where somebody on duty is told that emergency access was taken; null where a way is not configured. */
export interface DutyConfig {
  webhook: string | null;
  mail: Mail | null;
  syslog: { host: string; port: number } | null;
}

export interface DutyEnvironment {
  /** `https://gateway.hospital/alarm` */
  webhook: string | undefined;
  /** `smtp://relay.hospital:25/duty@hospital.example?from=wardline@hospital.example&tls=required`, or `smtps://…` */
  mail: string | undefined;
  /** File of the authority that made the relay's certificate. */
  mailCa?: string | undefined;
  /** `udp://collector.hospital:514` */
  syslog: string | undefined;
}

/** @throws ConfigError that says which setting is wrong and what was expected */
export function parseDuty({ webhook, mail, mailCa, syslog }: DutyEnvironment): DutyConfig {
  return {
    webhook: webhook ? addressOf('WARDLINE_DUTY_WEBHOOK', webhook, ['http:', 'https:']).href : null,
    mail: mail ? mailOf(mail, authorityOf(mailCa)) : null,
    syslog: syslog ? syslogOf(syslog) : null,
  };
}

function addressOf(setting: string, text: string, protocols: readonly string[]): URL {
  if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return new URL(text);
  throw new ConfigError(`${setting} must be an address that begins with ${protocols.join('// or ')}//`);
}

/** What RFC 5321 takes between angle brackets, without what would end a line or the brackets. */
const MAILBOX = /^[^\s<>@]{1,64}@[^\s<>@]{1,253}$/;

function authorityOf(file: string | undefined): string | undefined {
  if (file === undefined || file === '') return undefined;
  try {
    const text = readFileSync(file, 'utf8');
    if (text.includes('-----BEGIN ')) return text;
  } catch {
    // Falls through to what is wrong with it.
  }
  throw new ConfigError(`WARDLINE_DUTY_MAIL_CA must be a readable file in PEM, which ${file} is not`);
}

function mailOf(text: string, ca: string | undefined): Mail {
  const url = addressOf('WARDLINE_DUTY_MAIL', text, ['smtp:', 'smtps:']);
  const to = decodeURIComponent(url.pathname.slice(1));
  const from = url.searchParams.get('from') ?? to;
  if (url.hostname === '' || !MAILBOX.test(to) || !MAILBOX.test(from))
    throw new ConfigError('WARDLINE_DUTY_MAIL must be smtp://RELAY:PORT/TO@HOSPITAL?from=FROM@HOSPITAL');
  const wish = url.searchParams.get('tls') ?? 'offered';
  if (wish !== 'offered' && wish !== 'required')
    throw new ConfigError('WARDLINE_DUTY_MAIL: tls must be required, or left out');
  const tls = url.protocol === 'smtps:' ? 'always' : wish;
  const port = Number(url.port || (tls === 'always' ? 465 : 25));
  return { host: bare(url.hostname), port, tls, ca, from, to };
}

function syslogOf(text: string): NonNullable<DutyConfig['syslog']> {
  const url = addressOf('WARDLINE_DUTY_SYSLOG', text, ['udp:']);
  if (url.hostname === '') throw new ConfigError('WARDLINE_DUTY_SYSLOG must be udp://HOST:PORT');
  return { host: bare(url.hostname), port: Number(url.port || 514) };
}

/** An IPv6 address stands in brackets in an address only. */
const bare = (host: string): string => host.replaceAll(/[[\]]/g, '');
