import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program that captures an interface and writes pcap or pcapng to its standard output. */
export interface CaptureProgram {
  name: 'dumpcap' | 'tcpdump';
  path: string;
}

/** Root's programs are on no other user's path, and may be allowed to capture all the same. */
const MORE_FOLDERS = ['/usr/sbin', '/sbin', '/usr/local/sbin'];
/** Kernel buffer, MiB: at 10 Gbit/s what a busy moment of the sensor (some ten milliseconds) takes. */
const BUFFER_MIB = 32;

/** Finds the program asked for, else dumpcap, else tcpdump; null where there is none. */
export function findCaptureProgram(wanted: string | undefined, path: string): CaptureProgram | null {
  const names = (['dumpcap', 'tcpdump'] as const).filter((name) => wanted === undefined || wanted === name);
  for (const name of names) {
    for (const folder of [...path.split(delimiter), ...MORE_FOLDERS]) {
      if (folder !== '' && isExecutable(join(folder, name))) return { name, path: join(folder, name) };
    }
  }
  return null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function captureArguments(
  name: CaptureProgram['name'],
  nic: string,
  filter: string | undefined,
): string[] {
  if (name === 'dumpcap') {
    return ['-q', '-i', nic, '-B', String(BUFFER_MIB), ...(filter ? ['-f', filter] : []), '-w', '-'];
  }
  const buffer = String(BUFFER_MIB * 1024);
  return ['-n', '-U', '-i', nic, '-s', '0', '-B', buffer, '-w', '-', ...(filter ? ['--', filter] : [])];
}

/** Interfaces as Linux, Windows and the BSDs name them; nothing that a program could take for an option. */
export function isInterfaceName(text: string): boolean {
  return /^[\w.][\w.:@+-]{0,63}$/.test(text);
}

/** Packets that tcpdump's statistics say were lost by kernel and interface, or null where it told none yet. */
export function lostByTcpdump(said: string): number | null {
  const kernel = [...said.matchAll(/(\d+) packets? dropped by kernel/g)].at(-1);
  const nic = [...said.matchAll(/(\d+) packets? dropped by interface/g)].at(-1);
  return kernel ? Number(kernel[1]) + Number(nic?.[1] ?? 0) : null;
}

/** Why a capture ended by itself, as a sentence for a person, from what the program said. */
export function explainEnd({ name, path }: CaptureProgram, said: string): string {
  if (/no such device|no device named|doesn't exist/i.test(said)) return 'there is no such interface';
  if (/permission|not permitted/i.test(said)) {
    return `this user may not capture; run as root, or allow it: setcap cap_net_raw,cap_net_admin+eip ${path}`;
  }
  if (/filter/i.test(said))
    return `${name} does not understand the filter (tcpdump's filter language is expected)`;
  if (/not up|went down|network is down/i.test(said)) return 'the interface is down';
  const last = said
    .split('\n')
    .map((line) => line.trim())
    .findLast((line) => line !== '');
  return `${name} ended${last === undefined ? '' : `: ${last}`}`;
}
