import { readFileSync } from 'node:fs';
import { addressKind } from '../outgoing/address.ts';
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

/** `udp` to a program of this machine only; everything else in TLS. */
export interface DutySyslog {
  over: 'tls' | 'udp';
  host: string;
  port: number;
  /** PEM; without it the system's own authorities are trusted. */
  ca: string | undefined;
}

/** Where somebody on duty is told of what cannot wait; null where a way is not configured. */
export interface DutyConfig {
  webhook: string | null;
  mail: Mail | null;
  syslog: DutySyslog | null;
}

export interface DutyEnvironment {
  /** `https://gateway.hospital/alarm` */
  webhook: string | undefined;
  /** `smtp://relay.hospital:25/duty@hospital.example?from=wardline@hospital.example`, or `smtps://…` */
  mail: string | undefined;
  /** File of the authority that made the relay's certificate. */
  mailCa?: string | undefined;
  /** `tls://collector.hospital:6514`, or `udp://127.0.0.1:514` to a program of this machine that hands it on */
  syslog: string | undefined;
  /** File of the authority that made the collector's certificate. */
  syslogCa?: string | undefined;
}

/** @throws ConfigError that says which setting is wrong and what was expected */
export function parseDuty({ webhook, mail, mailCa, syslog, syslogCa }: DutyEnvironment): DutyConfig {
  return {
    webhook: webhook ? webhookOf(webhook) : null,
    mail: mail ? mailOf(mail, authorityOf('WARDLINE_DUTY_MAIL_CA', mailCa)) : null,
    syslog: syslog ? syslogOf(syslog, authorityOf('WARDLINE_DUTY_SYSLOG_CA', syslogCa)) : null,
  };
}

const isThisMachine = (host: string): boolean => host === 'localhost' || addressKind(host) === 'loopback';

function webhookOf(text: string): string {
  const url = addressOf('WARDLINE_DUTY_WEBHOOK', text, ['http:', 'https:']);
  if (url.protocol === 'http:' && !isThisMachine(bare(url.hostname)))
    throw new ConfigError('WARDLINE_DUTY_WEBHOOK must begin with https://, beyond this machine');
  return url.href;
}

function addressOf(setting: string, text: string, protocols: readonly string[]): URL {
  if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return new URL(text);
  throw new ConfigError(`${setting} must be an address that begins with ${protocols.join('// or ')}//`);
}

/** What RFC 5321 takes between angle brackets, without what would end a line or the brackets. */
const MAILBOX = /^[^\s<>@]{1,64}@[^\s<>@]{1,253}$/;

function authorityOf(setting: string, file: string | undefined): string | undefined {
  if (file === undefined || file === '') return undefined;
  try {
    const text = readFileSync(file, 'utf8');
    if (text.includes('-----BEGIN ')) return text;
  } catch {
    // Falls through to what is wrong with it.
  }
  throw new ConfigError(`${setting} must be a readable file in PEM, which ${file} is not`);
}

function mailOf(text: string, ca: string | undefined): Mail {
  const url = addressOf('WARDLINE_DUTY_MAIL', text, ['smtp:', 'smtps:']);
  const to = decodeURIComponent(url.pathname.slice(1));
  const from = url.searchParams.get('from') ?? to;
  if (url.hostname === '' || !MAILBOX.test(to) || !MAILBOX.test(from))
    throw new ConfigError('WARDLINE_DUTY_MAIL must be smtp://RELAY:PORT/TO@HOSPITAL?from=FROM@HOSPITAL');
  const wish = url.searchParams.get('tls') ?? (isThisMachine(bare(url.hostname)) ? 'offered' : 'required');
  if (wish !== 'offered' && wish !== 'required')
    throw new ConfigError('WARDLINE_DUTY_MAIL: tls must be required, or left out');
  if (wish === 'offered' && !isThisMachine(bare(url.hostname)))
    throw new ConfigError('WARDLINE_DUTY_MAIL: tls must be required, beyond this machine');
  const tls = url.protocol === 'smtps:' ? 'always' : wish;
  const port = Number(url.port || (tls === 'always' ? 465 : 25));
  return { host: bare(url.hostname), port, tls, ca, from, to };
}

function syslogOf(text: string, ca: string | undefined): DutySyslog {
  const url = addressOf('WARDLINE_DUTY_SYSLOG', text, ['tls:', 'udp:']);
  const host = bare(url.hostname);
  if (host === '') throw new ConfigError('WARDLINE_DUTY_SYSLOG must be tls://HOST:PORT');
  const over = url.protocol === 'tls:' ? 'tls' : 'udp';
  if (over === 'udp' && !isThisMachine(host))
    throw new ConfigError('WARDLINE_DUTY_SYSLOG must begin with tls://, beyond this machine');
  // RFC 5425 §4.1, RFC 5426 §3.3.
  return { over, host, port: Number(url.port || (over === 'tls' ? 6514 : 514)), ca };
}

/** An IPv6 address stands in brackets in an address only. */
const bare = (host: string): string => host.replaceAll(/[[\]]/g, '');
