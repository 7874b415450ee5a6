import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { run } from './process.ts';

/** Program → Debian package that brings it. */
const PROGRAMS: Record<string, string> = {
  ip: 'iproute2',
  ss: 'iproute2',
  ethtool: 'ethtool',
  'ovs-vswitchd': 'openvswitch-switch',
  'ovsdb-server': 'openvswitch-switch',
  'ovs-vsctl': 'openvswitch-switch',
  tcpdump: 'tcpdump',
  unshare: 'util-linux',
  Orthanc: 'orthanc',
  storescu: 'dcmtk',
  dnsmasq: 'dnsmasq-base',
  busybox: 'busybox',
  dhclient: 'isc-dhcp-client',
  mosquitto: 'mosquitto',
  mosquitto_pub: 'mosquitto-clients',
  snmpd: 'snmpd',
  snmpwalk: 'snmp',
  lldpd: 'lldpd',
  'avahi-daemon': 'avahi-daemon',
  'dbus-daemon': 'dbus-daemon',
  minidlnad: 'minidlna',
  nginx: 'nginx-light',
  lighttpd: 'lighttpd',
  curl: 'curl',
  openssl: 'openssl',
  sshd: 'openssh-server',
  ssh: 'openssh-client',
  vsftpd: 'vsftpd',
  telnetd: 'inetutils-telnetd',
  'inetutils-inetd': 'inetutils-inetd',
  'inetutils-telnet': 'inetutils-telnet',
  login: 'login',
  smbd: 'samba',
  smbclient: 'smbclient',
  ippeveprinter: 'cups-ipp-utils',
  chronyd: 'chrony',
  slapd: 'slapd',
  ldapsearch: 'ldap-utils',
  krb5kdc: 'krb5-kdc',
  kinit: 'krb5-user',
  'kadmin.local': 'krb5-admin-server',
  freeradius: 'freeradius',
  eapol_test: 'eapoltest',
  rsyslogd: 'rsyslog',
  logger: 'bsdutils',
  xrdp: 'xrdp',
  nmap: 'nmap',
  nping: 'nmap',
  storescp: 'dcmtk',
  findscu: 'dcmtk',
  echoscu: 'dcmtk',
  dump2dcm: 'dcmtk',
};

/** Files that are no programs → Debian package. */
const FILES: Record<string, string> = {
  '/usr/share/orthanc/plugins/libOrthancDicomWeb.so': 'orthanc-dicomweb',
};

const FOLDERS = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];

export interface Missing {
  program: string;
  package: string;
}

export function missingPrograms(): Missing[] {
  const programs = Object.entries(PROGRAMS).filter(
    ([name]) => !FOLDERS.some((folder) => existsSync(`${folder}/${name}`)),
  );
  const files = Object.entries(FILES).filter(([path]) => !existsSync(path));
  return [...programs, ...files].map(([program, name]) => ({ program, package: name }));
}

/** Asked by Debian's packages before they start a service; 101 forbids it. */
const SERVICE_POLICY = '/usr/sbin/policy-rc.d';

/** Installs the packages without starting what they bring; returns what went wrong, or null. */
export async function install(missing: readonly Missing[]): Promise<string | null> {
  const ours = !existsSync(SERVICE_POLICY);
  if (ours) writeFileSync(SERVICE_POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await aptInstall([...new Set(missing.map((m) => m.package))]);
  } finally {
    if (ours) rmSync(SERVICE_POLICY, { force: true });
  }
}

async function aptInstall(packages: readonly string[]): Promise<string | null> {
  const options = { timeoutMillis: 600_000, env: { DEBIAN_FRONTEND: 'noninteractive' } };
  await run(['apt-get', 'update', '-qq'], options);
  const argv = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages];
  const { code, stderr } = await run(argv, options);
  return code === 0 ? null : stderr.trim();
}

/** The installed packages with their versions, for the fixture's README. */
export async function versions(): Promise<[string, string][]> {
  const packages = [...new Set([...Object.values(PROGRAMS), ...Object.values(FILES)])].sort();
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders
  const { stdout } = await run(['dpkg-query', '-W', '-f', '${Package}\t${Version}\n', ...packages]);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t') as [string, string]);
}
