import { DOMAIN, obtainAddress } from '../programs/dhcp-dns.ts';
import { gatewayOf, networkOf } from '../ward/device.ts';
import { vlansB } from './places.ts';
import type { Stage } from './stage.ts';

/** dnsmasq as DHCP and DNS server of house B, relayed by its router into the VLANs that it is not in. */
export async function giveAddresses({ lab, house }: Stage): Promise<void> {
  const server = house.device('dns-b1');
  lab.file('resolv.conf', `search ${DOMAIN}\nnameserver ${server.ip}\noptions timeout:2 attempts:2\n`);
  const config = lab.file('dnsmasq/server.conf', serverConfig({ lab, house }));
  lab.startOn(server, ['dnsmasq', '--keep-in-foreground', `--conf-file=${config}`]);
  const others = Object.values(vlansB).filter((vlan) => vlan !== server.vlan);
  const relays = others.map((vlan) => `dhcp-relay=${gatewayOf(vlan)},${server.ip}`);
  const relay = lab.file('dnsmasq/relay.conf', ['port=0', 'user=root', 'pid-file', ...relays, ''].join('\n'));
  lab.startOn(house.device('router-b'), ['dnsmasq', '--keep-in-foreground', `--conf-file=${relay}`]);
  await lab.listening(server, 53);
  for (const client of house.roster.filter((device) => device.dhcp !== undefined))
    await obtainAddress(lab, client);
}

function serverConfig({ lab, house }: Stage): string {
  const clients = house.roster.filter((device) => device.dhcp !== undefined);
  const used = [...new Set(clients.map((device) => device.vlan!))];
  const pools = used.map((vlan) => {
    const net = networkOf(vlan);
    return `dhcp-range=set:v${vlan},${net}.200,${net}.220,255.255.255.0,2h`;
  });
  const named = house.roster.filter((device) => device.dhcp === undefined);
  return [
    'user=root',
    'pid-file',
    'no-resolv',
    'no-hosts',
    'no-ping',
    'dhcp-authoritative',
    `domain=${DOMAIN}`,
    `local=/${DOMAIN}/`,
    `dhcp-leasefile=${lab.dir}/dnsmasq.leases`,
    `dhcp-option=option:dns-server,${house.device('dns-b1').ip}`,
    ...pools,
    ...used.map((vlan) => `dhcp-option=tag:v${vlan},option:router,${gatewayOf(vlan)}`),
    ...clients.map((d) => `dhcp-host=${d.mac},${d.ip},${d.hostname}`),
    ...named.map((d) =>
      d.hostname.includes('.')
        ? `host-record=${d.hostname},${d.ip}`
        : `host-record=${d.hostname}.${DOMAIN},${d.hostname},${d.ip}`,
    ),
    '',
  ].join('\n');
}
