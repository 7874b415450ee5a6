import { sleep } from '../lab/process.ts';
import { DOMAIN, obtainAddress } from '../programs/dhcp-dns.ts';
import { gatewayOf, networkOf } from '../ward/device.ts';
import { vlansB } from './places.ts';
import type { Stage } from './stage.ts';

/** Duplicate address detection takes a second (RFC 4862 §5.4), and the router's announcement comes behind it. */
const DETECTION_MILLIS = 3000;

const OFFICE_V6 = '2001:db8:140';
const OFFICE_NIC = `vlan${vlansB.office}`;
/** The office's router announces itself and hands out addresses (RFC 4861 §4.2, RFC 8415). */
const IPV6 = ['enable-ra', `dhcp-range=${OFFICE_V6}::100,${OFFICE_V6}::1ff,64,1h`];

/** dnsmasq as DHCP and DNS server of house B, relayed by its router into the VLANs that it is not in. */
export async function giveAddresses({ lab, house }: Stage): Promise<void> {
  const server = house.device('dns-b1');
  lab.file('resolv.conf', `search ${DOMAIN}\nnameserver ${server.ip}\noptions timeout:2 attempts:2\n`);
  const config = lab.file('dnsmasq/server.conf', serverConfig({ lab, house }));
  lab.startOn(server, ['dnsmasq', '--keep-in-foreground', `--conf-file=${config}`]);
  const others = Object.values(vlansB).filter((vlan) => vlan !== server.vlan);
  const relays = others.map((vlan) => `dhcp-relay=${gatewayOf(vlan)},${server.ip}`);
  const relay = lab.file(
    'dnsmasq/relay.conf',
    ['port=0', 'user=root', 'pid-file', ...relays, ...IPV6, ''].join('\n'),
  );
  await lab.must(['ip', '-n', 'wl-router-b', '-6', 'addr', 'add', `${OFFICE_V6}::1/64`, 'dev', OFFICE_NIC]);
  lab.startOn(house.device('router-b'), ['dnsmasq', '--keep-in-foreground', `--conf-file=${relay}`]);
  await lab.listening(server, 53);
  for (const client of house.roster.filter((device) => device.dhcp !== undefined))
    await obtainAddress(lab, client);
  for (const id of ['pc-b1', 'pc-b2']) await obtainIpv6({ lab, house }, id);
}

/** DHCPv6 with the machine's name (RFC 8415, RFC 4704). What it is given is not laid: nothing uses it. */
async function obtainIpv6({ lab, house }: Stage, id: string): Promise<void> {
  const place = house.device(id);
  // The IPv4 client flushed the card's addresses; turned off and on, it makes its link-local one again.
  for (const off of [1, 0])
    await lab.mustOn(place, ['sysctl', '-qw', `net.ipv6.conf.eth0.disable_ipv6=${off}`]);
  await sleep(DETECTION_MILLIS);
  const config = lab.file(
    `dhcp/${id}-6.conf`,
    `send fqdn.fqdn "${place.hostname}";\nrequest dhcp6.name-servers;\n`,
  );
  const state = ['-lf', `${lab.dir}/dhcp/${id}-6.leases`, '-pf', `${lab.dir}/dhcp/${id}-6.pid`];
  const argv = ['dhclient', '-6', '-1', '-sf', '/bin/true', '-cf', config, ...state, 'eth0'];
  await lab.mustOn(place, argv, { timeoutMillis: 30_000 });
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
