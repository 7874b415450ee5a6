import { LOG_TEXT_CHARS } from '../limits.ts';
import { normalIp } from '../sensor-logs/addresses.ts';

export type Attributes = Readonly<Record<string, string>>;

/** A text as a fact may hold it: without control characters, bounded; undefined where nothing is left. */
export function wordOf(text: string | undefined): string | undefined {
  const clean = (text ?? '')
    .slice(0, LOG_TEXT_CHARS * 4)
    .replaceAll(/[\p{Cc}�\s]+/gu, ' ')
    .trim()
    .slice(0, LOG_TEXT_CHARS);
  return clean === '' ? undefined : clean;
}

export const ipOf = (text: string | undefined): string | null => normalIp(text ?? '');

export function macOf(text: string | undefined): string | null {
  const mac = (text ?? '').trim().toLowerCase();
  return /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac) && mac !== '00:00:00:00:00:00' ? mac : null;
}

/** A port of TCP or UDP; null where it is neither, or stands for the host as a whole. */
export function portOf(
  transport: string | undefined,
  text: string | undefined,
): { transport: 'tcp' | 'udp'; port: number } | null {
  const port = /^\d{1,5}$/.test(text ?? '') ? Number(text) : 0;
  if ((transport !== 'tcp' && transport !== 'udp') || port < 1 || port > 65_535) return null;
  return { transport, port };
}

/** Seconds since 1970 as µs; null where it is none. */
export function secondsOf(text: string | undefined): number | null {
  return /^\d{9,10}$/.test(text ?? '') ? Number(text) * 1_000_000 : null;
}

/** What scanners call protocols that are called otherwise here (nmap-services, Nessus's `svc_name`). */
const NAMES: Readonly<Record<string, string>> = {
  'acr-nema': 'dicom',
  cifs: 'smb',
  domain: 'dns',
  'http-alt': 'http',
  'http-proxy': 'http',
  https: 'http',
  'https-alt': 'http',
  imaps: 'imap',
  'kerberos-sec': 'kerberos',
  ldapssl: 'ldap',
  'microsoft-ds': 'smb',
  'ms-sql-s': 'mssql',
  'ms-wbt-server': 'rdp',
  msrdp: 'rdp',
  'netbios-ns': 'nbns',
  'netbios-ssn': 'smb',
  'oracle-tns': 'oracle',
  pop3s: 'pop3',
  printer: 'lpd',
  rpcbind: 'portmap',
  'rpc-portmapper': 'portmap',
  smtps: 'smtp',
  submission: 'smtp',
  upnp: 'ssdp',
  www: 'http',
};
const PROTECTED: ReadonlySet<string> = new Set(['https', 'https-alt', 'imaps', 'ldapssl', 'pop3s', 'smtps']);

/** A service by the name that it has here, and whether its name says that it is protected. */
export function serviceOf(name: string | undefined): { name?: string; encrypted?: true } {
  const word = wordOf(name)?.toLowerCase();
  if (word === undefined || word === 'unknown' || word === 'tcpwrapped') return {};
  const known = Object.hasOwn(NAMES, word) ? NAMES[word]! : word;
  return { name: known, ...(PROTECTED.has(word) ? { encrypted: true as const } : {}) };
}
