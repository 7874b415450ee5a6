import type { Lab, Place } from '../lab/lab.ts';

export interface Host extends Place {
  ip: string;
  mac: string;
}

function host(id: string, ip: string, mac: string): Host {
  return { id, hostname: id, ip, mac };
}

/** One flat network, as there are many, and somebody outside it. Hardware addresses are of nobody. */
export const hosts = {
  names: host('names', '10.66.0.1', '02:66:00:00:00:01'),
  pacs: host('pacs', '10.66.0.10', '02:66:00:00:00:10'),
  panel: host('panel', '10.66.0.20', '02:66:00:00:00:20'),
  ct: host('ct', '10.66.0.21', '02:66:00:00:00:21'),
  lis: host('lis', '10.66.0.30', '02:66:00:00:00:30'),
  analyser: host('analyser', '10.66.0.31', '02:66:00:00:00:31'),
  files: host('files', '10.66.0.40', '02:66:00:00:00:40'),
  remote: host('remote', '10.66.0.50', '02:66:00:00:00:50'),
  station: host('station', '10.66.0.60', '02:66:00:00:00:60'),
  building: host('building', '10.66.0.61', '02:66:00:00:00:61'),
  intruder: host('intruder', '10.66.0.66', '02:66:00:00:00:66'),
  outsider: host('outsider', '203.0.113.9', '02:66:00:00:00:99'),
} as const;

const SWITCH = { id: 'switch', hostname: 'switch' };
const OFFLOADS = ['tx', 'rx', 'tso', 'gso', 'gro'];

/** A bridge that shows all it forwards; every host on a cable of its own. */
export async function wire(lab: Lab): Promise<void> {
  await lab.addNamespace(SWITCH.id);
  const inSwitch = ['ip', '-n', lab.namespaceOf(SWITCH.id), 'link'];
  await lab.must([...inSwitch, 'add', 'br0', 'type', 'bridge']);
  await lab.must([...inSwitch, 'set', 'br0', 'up']);
  for (const place of Object.values(hosts)) await plug(lab, place);
}

async function plug(lab: Lab, place: Host): Promise<void> {
  await lab.addNamespace(place.id);
  const port = `p-${place.id}`;
  const peer = ['peer', 'name', 'eth0', 'netns', lab.namespaceOf(place.id)];
  const inSwitch = ['ip', '-n', lab.namespaceOf(SWITCH.id), 'link'];
  await lab.must([...inSwitch, 'add', port, 'type', 'veth', ...peer]);
  await lab.must([...inSwitch, 'set', port, 'master', 'br0', 'up']);
  const commands = [
    `sysctl -qw net.ipv6.conf.all.disable_ipv6=1`,
    `ip link set eth0 address ${place.mac}`,
    `ethtool -K eth0 ${OFFLOADS.map((name) => `${name} off`).join(' ')}`,
    `ip addr add ${place.ip}/${place === hosts.outsider ? 32 : 24} dev eth0`,
    'ip link set lo up; ip link set eth0 up',
    // Outside is a network of its own on the same cables: its frames need no router, its addresses are foreign.
    place === hosts.outsider
      ? 'ip route add 10.66.0.0/24 dev eth0'
      : `ip route add 203.0.113.0/24 dev eth0${place === hosts.names ? '' : `; ip route add 10.66.1.0/24 via ${hosts.names.ip}`}`,
  ];
  await lab.mustOn(place, ['sh', '-c', `${commands.join('\n')}\ntrue`]);
}

/** The bytes of each frame that a dissector needs, and no more: a fixture stays small. */
const SNAP_LENGTH = '600';

export function recordInto(lab: Lab, file: string): ReturnType<Lab['startOn']> {
  return lab.startOn(SWITCH, [
    'tcpdump',
    '-Z',
    'root',
    '-i',
    'br0',
    '-s',
    SNAP_LENGTH,
    '-U',
    '-n',
    '-w',
    file,
  ]);
}
