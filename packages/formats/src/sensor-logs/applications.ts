import type { Protection } from '@wardline/model';

/** What Zeek (`service`) and Suricata (`app_proto`) call protocols that are called otherwise here. */
const NAMES: Readonly<Record<string, string>> = {
  ssl: 'tls',
  krb: 'kerberos',
  krb5: 'kerberos',
  krb_tcp: 'kerberos',
  ldap_tcp: 'ldap',
  ldap_udp: 'ldap',
  rfb: 'vnc',
  enip_tcp: 'enip',
  enip_udp: 'enip',
  pgsql: 'postgresql',
  'bacnet-ip': 'bacnet',
};
/** Layers that say less than what stands beside them. */
const WEAK: readonly string[] = ['gssapi', 'ntlm', 'spicy', 'failed', 'unknown'];
const PROTECTED: readonly string[] = [
  'tls',
  'quic',
  'ssh',
  'dtls',
  'kerberos',
  'rdp',
  'ikev2',
  'ike',
  'openvpn',
];

/** The application of a list like `gssapi,smb,ntlm`; null where it names none. */
export function applicationOf(service: string | undefined): string | null {
  const names = (service ?? '')
    .toLowerCase()
    .split(',', 8)
    .filter((name) => /^[a-z][a-z0-9_-]{1,31}$/.test(name));
  const name = names.find((word) => !WEAK.includes(word));
  return name === undefined ? null : (NAMES[name] ?? name);
}

/** Protocols that were recognised and do not protect went in clear; how well others protect, their own records say. */
export function protectionOf(application: string | null): Protection {
  return application === null || PROTECTED.includes(application) ? 'unknown' : 'clear';
}

/** `TLSv12`, `TLS 1.2`, `SSLv3`, `DTLSv12`. */
export function tlsProtection(version: string | undefined): Protection {
  const [, family = '', digits = ''] = /^(d?tls|ssl)\s?v?(\d(?:\.?\d)?)/i.exec(version ?? '') ?? [];
  const name = family.toLowerCase();
  if (name === 'dtls') return 'dtls';
  const number = digits.replace('.', '');
  if (name === 'ssl') return number === '2' || number === '20' ? 'ssl2' : 'ssl3';
  const known: Readonly<Record<string, Protection>> = {
    1: 'tls1.0',
    10: 'tls1.0',
    11: 'tls1.1',
    12: 'tls1.2',
    13: 'tls1.3',
  };
  return name === 'tls' ? (known[number] ?? 'encrypted') : 'unknown';
}
