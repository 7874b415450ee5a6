import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../lab/lab.ts';
import type { Device } from '../ward/device.ts';
import { gatewayOf, vlans } from '../ward/device.ts';
import { device, roster } from '../ward/roster.ts';
import { firmwareImage } from './firmware.ts';

export const DOMAIN = 'hospital.example';
const SERVER = '10.20.30.10';
const RELEASE_ATTEMPTS = 3;
const RELEASE_LOOKS = 50;
const RELEASE_LOOK_MILLIS = 100;

/** Names that ISC dhclient gives to the options of RFC 2132 and later; null: defined by number in its configuration. */
const OPTION_NAMES: Record<number, string> = {
  1: 'subnet-mask',
  3: 'routers',
  6: 'domain-name-servers',
  12: 'host-name',
  15: 'domain-name',
  26: 'interface-mtu',
  28: 'broadcast-address',
  31: 'router-discovery',
  33: 'static-routes',
  42: 'ntp-servers',
  43: 'vendor-encapsulated-options',
  44: 'netbios-name-servers',
  46: 'netbios-node-type',
  47: 'netbios-scope',
  51: 'dhcp-lease-time',
  54: 'dhcp-server-identifier',
  58: 'dhcp-renewal-time',
  59: 'dhcp-rebinding-time',
  119: 'domain-search',
};

/** Called by udhcpc ($1) and by dhclient ($reason) when the address changes. */
const CLIENT_SCRIPT = `#!/bin/sh
case "\${reason:-$1}" in
bound | renew | BOUND | RENEW | REBIND | REBOOT)
  command ip addr flush dev eth0
  command ip addr add "\${ip:-$new_ip_address}/24" dev eth0
  command ip route replace default via "\${router:-$new_routers}" ;;
deconfig | RELEASE | EXPIRE) command ip addr flush dev eth0 ;;
PREINIT) command ip link set eth0 up ;;
esac
exit 0
`;

/** dnsmasq as the hospital's DHCP and DNS server, and as relay on the router for the VLANs that it is not in. */
export async function startDhcpAndDns(lab: Lab): Promise<void> {
  lab.file('resolv.conf', `search ${DOMAIN}\nnameserver ${SERVER}\noptions timeout:2 attempts:2\n`);
  const config = lab.file('dnsmasq/server.conf', serverConfig(lab));
  lab.startOn(device('dns-1'), ['dnsmasq', '--keep-in-foreground', `--conf-file=${config}`]);
  const relays = [vlans.imaging, vlans.monitoring, vlans.office].map(
    (vlan) => `dhcp-relay=${gatewayOf(vlan)},${SERVER}`,
  );
  const relay = lab.file('dnsmasq/relay.conf', ['port=0', 'user=root', 'pid-file', ...relays, ''].join('\n'));
  lab.startOn(device('router-1'), ['dnsmasq', '--keep-in-foreground', `--conf-file=${relay}`]);
  await lab.listening(device('dns-1'), 53);
}

function serverConfig(lab: Lab): string {
  const pools = [vlans.imaging, vlans.monitoring].map(
    (vlan) => `dhcp-range=set:v${vlan},10.20.${vlan}.200,10.20.${vlan}.220,255.255.255.0,2h`,
  );
  // One free address only, so that what one laptop gives back the other one gets.
  const office = `dhcp-range=set:v40,10.20.40.150,10.20.40.150,255.255.255.0,2h`;
  const routers = [10, 20, 40].map((vlan) => `dhcp-option=tag:v${vlan},option:router,${gatewayOf(vlan)}`);
  const reserved = roster.filter((d) => d.dhcp !== undefined && !d.id.startsWith('laptop'));
  return [
    'user=root',
    'pid-file',
    'no-resolv',
    'no-hosts',
    'no-ping',
    'dhcp-authoritative',
    'expand-hosts',
    `domain=${DOMAIN}`,
    `local=/${DOMAIN}/`,
    `dhcp-leasefile=${lab.dir}/dnsmasq.leases`,
    `dhcp-option=option:dns-server,${SERVER}`,
    'dhcp-option=option:ntp-server,10.20.30.11',
    ...pools,
    office,
    ...routers,
    'enable-tftp',
    `tftp-root=${lab.folder('tftp')}`,
    ...reserved.map((d) => `dhcp-host=${d.mac},${d.ip},${d.hostname}`),
    ...roster.filter((d) => d.dhcp === undefined).map(hostRecord),
    '',
  ].join('\n');
}

function hostRecord(d: Device): string {
  return d.hostname.includes('.')
    ? `host-record=${d.hostname},${d.ip}`
    : `host-record=${d.hostname}.${DOMAIN},${d.hostname},${d.ip}`;
}

/** Lets the device get its address; returns when it has it. */
export async function obtainAddress(lab: Lab, d: Device): Promise<void> {
  const script = lab.file('dhcp/client-script', CLIENT_SCRIPT, 0o755);
  await lab.must(['ip', '-n', `wl-${d.id}`, 'link', 'set', 'eth0', 'up']);
  const argv = d.dhcp?.program === 'udhcpc' ? udhcpc(d, script) : dhclient(lab, d, script);
  await lab.mustOn(d, argv);
}

/**
 * The device gives its address back (DHCPRELEASE); returns when the server has taken it. The client drops its address
 * in the moment after it has handed the message to the kernel, which loses a message that still waits for the router's
 * hardware address: so that one is asked for before, and a message that was lost is sent again.
 */
export async function releaseAddress(lab: Lab, d: Device): Promise<void> {
  const script = lab.file('dhcp/client-script', CLIENT_SCRIPT, 0o755);
  for (let attempt = 1; attempt <= RELEASE_ATTEMPTS; attempt++) {
    if (attempt > 1) await obtainAddress(lab, d);
    await lab.mustOn(d, ['busybox', 'ping', '-c', '1', '-W', '20', gatewayOf(vlans.office)]);
    await lab.mustOn(d, [...dhclient(lab, d, script).slice(0, -1), '-r', 'eth0']);
    if (await leaseGone(lab, d)) return;
  }
  throw new Error(`testbed: the DHCP server did not take back the address of ${d.id}`);
}

async function leaseGone(lab: Lab, d: Device): Promise<boolean> {
  for (let look = 0; look < RELEASE_LOOKS; look++) {
    if (!readFileSync(`${lab.dir}/dnsmasq.leases`, 'utf8').includes(d.mac)) return true;
    await sleep(RELEASE_LOOK_MILLIS);
  }
  return false;
}

function udhcpc(d: Device, script: string): string[] {
  const { vendorClass, parameters } = d.dhcp!;
  const wanted = parameters.flatMap((code) => ['-O', String(code)]);
  const identity = ['-x', `hostname:${d.hostname}`, '-V', vendorClass];
  return [
    'busybox',
    'udhcpc',
    '-f',
    '-q',
    '-n',
    '-t',
    '8',
    '-T',
    '2',
    '-i',
    'eth0',
    '-s',
    script,
    ...identity,
    '-o',
    ...wanted,
  ];
}

function dhclient(lab: Lab, d: Device, script: string): string[] {
  const { vendorClass, parameters } = d.dhcp!;
  const names = parameters.map((code) => OPTION_NAMES[code] ?? `wl-${code}`);
  const unnamed = parameters.filter((code) => !(code in OPTION_NAMES));
  const config = lab.file(
    `dhcp/${d.id}.conf`,
    [
      ...unnamed.map((code) => `option wl-${code} code ${code} = string;`),
      `send host-name "${d.hostname}";`,
      `send vendor-class-identifier "${vendorClass}";`,
      `request ${names.join(', ')};`,
      '',
    ].join('\n'),
  );
  const state = ['-lf', `${lab.dir}/dhcp/${d.id}.leases`, '-pf', `${lab.dir}/dhcp/${d.id}.pid`];
  return ['dhclient', '-1', '-4', '-sf', script, '-cf', config, ...state, 'eth0'];
}

/** The telephone takes its image from the TFTP service of the same dnsmasq, as telephones do when they start. */
export async function loadPhone(lab: Lab): Promise<void> {
  lab.file('tftp/vvx400-firmware.bin', firmwareImage('VVX 400 5.9.5'));
  const url = `tftp://${SERVER}/vvx400-firmware.bin`;
  await lab.mustOn(device('phone-1'), ['curl', '-fsS', '-m', '15', '-o', '/dev/null', url]);
}
