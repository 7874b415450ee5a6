/**
 * The programs from outside npm that tests are held against, by Debian package. Wardline itself needs none of them,
 * but for dumpcap or tcpdump where it captures an interface.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { type Missing, missingPrograms as missingInTestbed } from '@wardline/testbed';

/** Program → package and what is not tried without it, `with` a part of its own; the testbed has a list of its own. */
const programs: Readonly<Record<string, { package: string; usedFor: string; with?: string }>> = {
  tshark: { package: 'tshark', usedFor: 'packet and byte counts, and facts, held against tshark' },
  mergecap: { package: 'wireshark-common', usedFor: 'the same' },
  dumpcap: { package: 'wireshark-common', usedFor: 'live interfaces and rotating files' },
  tcpdump: { package: 'tcpdump', usedFor: 'the same' },
  nft: { package: 'nftables', usedFor: 'compiled rules held against the kernel, packet by packet' },
  z3: { package: 'z3', usedFor: 'proofs held against a solver that shares nothing with the prover' },
  conntrack: { package: 'conntrack', usedFor: 'sessions that end when a policy no longer allows them' },
  freeradius: {
    package: 'freeradius-rest',
    usedFor: 'who gets onto the network, asked by FreeRADIUS',
    with: '/usr/lib/freeradius/rlm_rest.so',
  },
  haproxy: { package: 'haproxy', usedFor: 'mutual TLS for devices that know none' },
  radclient: { package: 'freeradius-utils', usedFor: 'the same' },
  'nats-server': { package: 'nats-server', usedFor: 'batches of sensors by a message broker that is killed' },
  tcpreplay: { package: 'tcpreplay', usedFor: 'the same' },
  softflowd: { package: 'softflowd', usedFor: 'flows of a real exporter held against its packets' },
  nmap: { package: 'nmap', usedFor: 'scans, as the real program writes them' },
  rsyslogd: {
    package: 'rsyslog-gnutls',
    usedFor: 'audit messages over TLS, held against a real collector',
    with: '/usr/lib/*/rsyslog/lmnsd_gtls.so',
  },
  'pkcs11-tool': { package: 'opensc', usedFor: 'the master key in a security module' },
  'softhsm2-util': { package: 'softhsm2', usedFor: 'the same' },
  swtpm: {
    package: 'swtpm',
    usedFor: 'keys, quotes and sealed secrets of a TPM that shares nothing with the verifier',
  },
  swtpm_setup: { package: 'swtpm-tools', usedFor: 'the same' },
  tpm2_quote: { package: 'tpm2-tools', usedFor: 'the same' },
  openssl: {
    package: 'tpm2-openssl',
    usedFor: 'handshakes with a key that lies in a TPM',
    with: '/usr/lib/*/ossl-modules/tpm2.so',
  },
  python3: { package: 'python3', usedFor: 'profiles for Apple devices, read by a parser of property lists' },
  zbarimg: { package: 'zbar-tools', usedFor: 'codes on labels, read by a real reader' },
  chromium: { package: 'chromium', usedFor: 'the console in a real browser' },
};
const testbedUse = 'the testbed: a ward of real programs, recorded anew';

export interface Untried extends Missing {
  usedFor: string;
}

export function missingPrograms(): Untried[] {
  const own = Object.entries(programs)
    .filter(([program, { with: part }]) => !isInstalled(program) || (part && globSync(part).length === 0))
    .map(([program, { package: debian, usedFor }]) => ({ program, package: debian, usedFor }));
  const known = new Set(own.map(({ program }) => program));
  const testbed = missingInTestbed().filter(({ program }) => !known.has(program));
  return [...own, ...testbed.map((missing) => ({ ...missing, usedFor: testbedUse }))];
}

function isInstalled(command: string): boolean {
  const folders = `${process.env.PATH ?? ''}:/usr/sbin:/sbin:/usr/bin`.split(':');
  return folders.some((folder) => folder !== '' && existsSync(`${folder}/${command}`));
}

/** True where packages can be installed without asking anybody: root on Debian. */
export function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && isInstalled('apt-get');
}

/** The name of the distribution, for messages. */
export function distribution(): string {
  if (!existsSync('/etc/os-release')) return process.platform;
  return /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform;
}
