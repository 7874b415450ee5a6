import type { Lab } from '../lab/lab.ts';

/** A device behind the gateway; each has a cable of its own to it, so that nothing is said past it. */
export interface Host {
  id: string;
  hostname: string;
  ip: string;
  mac: string;
}

const host = (id: string, hostname: string, ip: string, mac: string): Host => ({ id, hostname, ip, mac });

/** Wards 10.92.10, imaging .20, services .30, laboratory .40, office .50; the outside is 203.0.113. */
export const hosts = {
  pump: host('pump', 'pump-12', '10.92.10.12', '00:13:20:92:10:12'),
  monitor: host('monitor', 'mx-450-7', '10.92.10.11', '00:09:fb:92:10:11'),
  rogue: host('rogue', 'raspberrypi', '10.92.10.66', 'b8:27:eb:92:10:66'),
  ct: host('ct', 'ct-emerg', '10.92.20.21', '00:0d:93:92:20:21'),
  pacs: host('pacs', 'pacs1', '10.92.30.31', '00:25:90:92:30:31'),
  lis: host('lis', 'lis1', '10.92.30.32', '00:25:90:92:30:32'),
  dhcp: host('dhcp', 'dns1', '10.92.30.33', '00:25:90:92:30:33'),
  station: host('station', 'central1', '10.92.30.34', '00:25:90:92:30:34'),
  analyser: host('analyser', 'cobas-3', '10.92.40.41', '00:30:64:92:40:41'),
  pc: host('pc', 'reception-2', '10.92.50.51', '00:24:e8:92:50:51'),
  outsider: host('outsider', 'c2', '203.0.113.9', '00:16:3e:00:00:09'),
} as const;

/** The Linux router on which the policy is enforced. */
export const gateway = { id: 'gateway', hostname: 'gateway' };

const gatewayOf = (ip: string): string => ip.replace(/\d+$/, '1');

const firstOf = (gatewayAddress: string): string | undefined =>
  Object.values(hosts).find(({ ip }) => gatewayOf(ip) === gatewayAddress)?.id;

/** Makes the name spaces and cables; the pump gets its address from the DHCP server, all others have theirs. */
export async function wireHospital(lab: Lab): Promise<void> {
  await lab.addNamespace(gateway.id);
  for (const { id } of Object.values(hosts)) await lab.addNamespace(id);
  const router = lab.namespaceOf(gateway.id);
  const script = [
    `ip netns exec ${router} sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0`,
    `ip -n ${router} link set lo up`,
    ...Object.values(hosts).flatMap((one) => cable(router, lab.namespaceOf(one.id), one)),
  ];
  await lab.must(['sh', '-e'], { input: script.join('\n') });
}

/** Offloading would leave checksums unfinished on the wire. */
function cable(router: string, space: string, { id, ip, mac }: Host): string[] {
  const gatewayAddress = gatewayOf(ip);
  const own = [
    `ip -n ${space} address add ${ip}/32 dev eth0`,
    `ip -n ${space} route add ${gatewayAddress} dev eth0`,
    `ip -n ${space} route add default via ${gatewayAddress}`,
  ];
  return [
    `ip -n ${router} link add ${id} type veth peer name eth0 netns ${space}`,
    `ip -n ${space} link set eth0 address ${mac}`,
    `ip -n ${space} link set lo up`,
    `ip -n ${space} link set eth0 up`,
    `ip -n ${router} link set ${id} up`,
    `ip netns exec ${space} ethtool -K eth0 tx off >/dev/null`,
    `ip netns exec ${router} ethtool -K ${id} tx off >/dev/null`,
    // One address for a network, on the cable of its first device: the relay of DHCP listens on that one.
    ...(firstOf(gatewayAddress) === id ? [`ip -n ${router} address add ${gatewayAddress}/32 dev ${id}`] : []),
    `ip -n ${router} route add ${ip}/32 dev ${id}`,
    ...(id === hosts.pump.id ? [] : own),
  ];
}
