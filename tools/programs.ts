/**
 * The programs from outside npm that tests and the testbed are tried against, by Debian package. Wardline itself
 * needs none of them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

interface Program {
  /** Found on the path, or as an absolute file. */
  command: string;
  debian: string;
  /** What is not tried without it. */
  usedFor: string;
}

export const testPrograms: readonly Program[] = [
  { command: 'tshark', debian: 'tshark', usedFor: 'packet and byte counts, and facts, held against tshark' },
  { command: 'tcpdump', debian: 'tcpdump', usedFor: 'live captures and the sensor benchmark' },
  { command: 'chromium', debian: 'chromium', usedFor: 'the console in a real browser' },
];

export function missingPrograms(programs: readonly Program[]): Program[] {
  return programs.filter((program) => !isInstalled(program.command));
}

function isInstalled(command: string): boolean {
  const folders = `${process.env.PATH ?? ''}:/usr/sbin:/sbin:/usr/bin`.split(':');
  return folders.some((folder) => folder !== '' && existsSync(`${folder}/${command}`));
}

/** True where packages can be installed without asking anybody: root on Debian. */
export function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && isInstalled('apt-get');
}

/** Installs Debian packages; returns false, with apt's own words on standard error, where that fails. */
export function install(programs: readonly Program[]): boolean {
  const packages = programs.map((program) => program.debian);
  console.error(`installing ${packages.join(', ')} …`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (args: string[]) =>
    spawnSync('apt-get', args, { env: environment, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  run(['update', '-qq']);
  return run(['install', '-y', '-qq', '--no-install-recommends', ...packages]);
}

/** The name of the distribution, for messages. */
export function distribution(): string {
  if (!existsSync('/etc/os-release')) return process.platform;
  return /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform;
}
