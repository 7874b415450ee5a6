import { ConfigError } from './config-error.ts';

/** Where somebody on duty is told that emergency access was taken; null where a way is not configured. */
export interface DutyConfig {
  webhook: string | null;
  mail: { host: string; port: number; secure: boolean; from: string; to: string } | null;
  syslog: { host: string; port: number } | null;
}

export interface DutyEnvironment {
  /** `https://gateway.hospital/alarm` */
  webhook: string | undefined;
  /** `smtp://relay.hospital:25/duty@hospital.example?from=wardline@hospital.example`, or `smtps://…` */
  mail: string | undefined;
  /** `udp://collector.hospital:514` */
  syslog: string | undefined;
}

/** @throws ConfigError that says which setting is wrong and what was expected */
export function parseDuty({ webhook, mail, syslog }: DutyEnvironment): DutyConfig {
  return {
    webhook: webhook ? addressOf('WARDLINE_DUTY_WEBHOOK', webhook, ['http:', 'https:']).href : null,
    mail: mail ? mailOf(mail) : null,
    syslog: syslog ? syslogOf(syslog) : null,
  };
}

function addressOf(setting: string, text: string, protocols: readonly string[]): URL {
  if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return new URL(text);
  throw new ConfigError(`${setting} must be an address that begins with ${protocols.join('// or ')}//`);
}

/** What RFC 5321 takes between angle brackets, without what would end a line or the brackets. */
const MAILBOX = /^[^\s<>@]{1,64}@[^\s<>@]{1,253}$/;

function mailOf(text: string): NonNullable<DutyConfig['mail']> {
  const url = addressOf('WARDLINE_DUTY_MAIL', text, ['smtp:', 'smtps:']);
  const to = decodeURIComponent(url.pathname.slice(1));
  const from = url.searchParams.get('from') ?? to;
  if (url.hostname === '' || !MAILBOX.test(to) || !MAILBOX.test(from))
    throw new ConfigError('WARDLINE_DUTY_MAIL must be smtp://RELAY:PORT/TO@HOSPITAL?from=FROM@HOSPITAL');
  const secure = url.protocol === 'smtps:';
  return { host: bare(url.hostname), port: Number(url.port || (secure ? 465 : 25)), secure, from, to };
}

function syslogOf(text: string): NonNullable<DutyConfig['syslog']> {
  const url = addressOf('WARDLINE_DUTY_SYSLOG', text, ['udp:']);
  if (url.hostname === '') throw new ConfigError('WARDLINE_DUTY_SYSLOG must be udp://HOST:PORT');
  return { host: bare(url.hostname), port: Number(url.port || 514) };
}

/** An IPv6 address stands in brackets in an address only. */
const bare = (host: string): string => host.replaceAll(/[[\]]/g, '');
