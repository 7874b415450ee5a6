import { fileURLToPath } from 'node:url';
import type { Lab } from '../lab/lab.ts';
import { type Host, hosts } from './hospital.ts';
import { askMonitor, result } from './jobs.ts';

/** One step of an attacker who has a place inside; it succeeds where its command ends with 0. */
export interface Step {
  name: string;
  from: Host;
  command: (lab: Lab) => string[];
  /** What of the policy stops it, and the packet, as the gateway tells it. */
  diesOf: string;
  packet: RegExp;
}

const opens = (host: Host, port: number) => () => ['bash', '-c', `exec 3<>/dev/tcp/${host.ip}/${port}`];
const send = fileURLToPath(new URL('../speakers/mllp-send.ts', import.meta.url));

export const steps: readonly Step[] = [
  {
    name: 'the infected PC logs in to the pump',
    from: hosts.pc,
    command: opens(hosts.pump, 23),
    diesOf: 'must-deny Nobody logs in to a pump',
    packet: /^tcp 10\.92\.50\.51:\d+ → 10\.92\.10\.12:23$/,
  },
  {
    name: 'the central station, taken over, moves on to the pump',
    from: hosts.station,
    command: opens(hosts.pump, 23),
    diesOf: 'must-deny Nobody logs in to a pump',
    packet: /^tcp 10\.92\.30\.34:\d+ → 10\.92\.10\.12:23$/,
  },
  {
    name: 'the infected PC asks the PACS who is ill',
    from: hosts.pc,
    command: () => [
      'findscu',
      '-to',
      '5',
      '-aec',
      'PACS1',
      hosts.pacs.ip,
      '104',
      '-S',
      '-k',
      'QueryRetrieveLevel=STUDY',
    ],
    diesOf: 'undeclared',
    packet: /^tcp 10\.92\.50\.51:\d+ → 10\.92\.30\.31:104$/,
  },
  {
    name: 'the rogue device reads the monitor',
    from: hosts.rogue,
    command: () => askMonitor,
    diesOf: 'undeclared',
    packet: /^udp 10\.92\.10\.66:\d+ → 10\.92\.10\.11:24105$/,
  },
  {
    name: 'the rogue device forges a result',
    from: hosts.rogue,
    command: (lab) => [process.execPath, send, hosts.lis.ip, '2575', lab.file('forged.hl7', result)],
    diesOf: 'undeclared',
    packet: /^tcp 10\.92\.10\.66:\d+ → 10\.92\.30\.32:2575$/,
  },
  {
    name: 'the CT calls its new master',
    from: hosts.ct,
    command: opens(hosts.outsider, 443),
    diesOf: 'must-deny Nothing inside speaks to the outside',
    packet: /^tcp 10\.92\.20\.21:\d+ → 203\.0\.113\.9:443$/,
  },
  {
    name: 'the outsider opens the PACS',
    from: hosts.outsider,
    command: opens(hosts.pacs, 8042),
    diesOf: 'undeclared',
    packet: /^tcp 203\.0\.113\.9:\d+ → 10\.92\.30\.31:8042$/,
  },
  {
    name: 'the CT, taken over, opens the interface of the PACS',
    from: hosts.ct,
    command: opens(hosts.pacs, 8042),
    // Of the one conduit that lets the CT store its images, however its zones are called.
    diesOf: 'conduit ',
    packet: /^tcp 10\.92\.20\.21:\d+ → 10\.92\.30\.31:8042$/,
  },
];

/** What a person adds to what was learnt. */
export const musts = `
zone reviewed-pumps
  addresses ${hosts.pump.ip}
zone reviewed-inside
  addresses 10.92.0.0/16
zone reviewed-outside
  outside 10.0.0.0/8
zone reviewed-ct
  addresses ${hosts.ct.ip}
zone reviewed-pacs
  addresses ${hosts.pacs.ip}
must deny "Nobody logs in to a pump"
  from anywhere  to reviewed-pumps  service tcp 23
must deny "Nothing inside speaks to the outside"
  from reviewed-inside  to reviewed-outside  service any
must allow "A CT stores its images"
  from reviewed-ct  to reviewed-pacs  service tcp 104
`;

/** The names of the steps that succeed within the time. */
export async function attack(lab: Lab, seconds: number): Promise<string[]> {
  const outcomes = await Promise.all(
    steps.map((step) => lab.on(step.from, ['timeout', String(seconds), ...step.command(lab)])),
  );
  return steps.filter((_, index) => outcomes[index]!.code === 0).map(({ name }) => name);
}
